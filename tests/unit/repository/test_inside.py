"""Only regular files of the repository are read, whatever a path leads to."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from action.repository.inside import OutsideError, is_inside, read_inside


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "secret").write_text("hush")
    made = tmp_path / "repository"
    (made / ".git" / "x").mkdir(parents=True)
    (made / ".git" / "config").write_text("hush")
    (made / "sub").mkdir()
    (made / "sub" / "file").write_text("said")
    (tmp_path / "repository-2").mkdir()
    (tmp_path / "repository-2" / "file").write_text("hush")
    os.mkfifo(made / "pipe")
    return made


@pytest.mark.parametrize("target", ["sub/file", "../repository/sub/file", "./sub/../sub/file"])
def test_a_link_within_the_repository_is_followed(target: str, root: Path) -> None:
    (root / "link").symlink_to(target)
    assert (is_inside(root / "link", root), read_inside(root / "link", root)) == (True, b"said")


@pytest.mark.parametrize(
    "target",
    [
        "../secret", "/proc/self/environ", "/dev/zero", ".git/config", "sub/../.git/config", "../repository-2/file",
        "link", "missing", "pipe", "sub", "/proc/self/cwd/secret",
    ],
)  # fmt: skip
def test_nothing_else_is_read(target: str, root: Path) -> None:
    (root / "link").symlink_to(target)
    with pytest.raises(OSError, match=r"regular file|No such file|Too many levels"):
        read_inside(root / "link", root)


@pytest.mark.parametrize("target", ["..", "/", ".git"])
def test_folders_may_be_links_too(target: str, root: Path) -> None:
    (root / "folder").symlink_to(target)
    name = {"..": "secret", "/": "etc/passwd", ".git": "config"}[target]
    assert not is_inside(root / "folder" / name, root)
    with pytest.raises(OutsideError) as raised:
        read_inside(root / "folder" / name, root)
    assert (
        str(raised.value)
        == "it is not a regular file of the repository, and links out of the repository are not followed"
    )


def test_the_repository_may_be_reached_by_a_link(root: Path) -> None:
    (root.parent / "other").symlink_to(root)
    assert read_inside(root.parent / "other" / "sub" / "file", root) == b"said"
    assert read_inside(root / "sub" / "file", root.parent / "other") == b"said"
