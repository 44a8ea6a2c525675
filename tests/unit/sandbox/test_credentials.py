"""The files in which a checkout leaves the job's token are closed to others, and opened again."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from action.sandbox.credentials import withheld
from action.sandbox.project_user import OURSELVES
from action.sandbox.user import User

ANOTHER = User(name="another", uid=4711, gid=4711)


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    names = [".git/config", ".git/config.worktree", ".git/modules/a/b/config", "temp/git-credentials-1.config"]
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
        (tmp_path / name).chmod(0o664)
    (tmp_path / "elsewhere").touch(mode=0o644)
    (tmp_path / "temp" / "git-credentials-2").symlink_to(tmp_path / "elsewhere")
    os.mkfifo(tmp_path / "temp" / "git-credentials-3")
    return [tmp_path / name for name in (*names, "elsewhere")]


def modes(files: list[Path]) -> list[int]:
    return [path.stat().st_mode & 0o777 for path in files]


def test_they_are_closed_for_as_long_as_the_code_of_another_user_runs(files: list[Path], tmp_path: Path) -> None:
    before = modes(files)
    with withheld(tmp_path, ANOTHER, {"RUNNER_TEMP": str(tmp_path / "temp")}):
        assert modes(files) == [0o600] * 4 + before[4:]
    assert modes(files) == before


def test_nothing_changes_at_a_terminal(files: list[Path], tmp_path: Path) -> None:
    before = modes(files)
    with withheld(tmp_path, OURSELVES, {"RUNNER_TEMP": str(tmp_path / "temp")}):
        assert modes(files) == before


def test_a_folder_without_git_has_nothing_to_close(tmp_path: Path) -> None:
    with withheld(tmp_path, ANOTHER, {}):
        assert list(tmp_path.iterdir()) == []
