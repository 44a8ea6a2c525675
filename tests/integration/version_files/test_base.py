"""Which base a branch is compared with, and what is said where there is none."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from action.errors import SettingsError
from tests.integration.version_files.comparing import changes, ids, move_main, read
from tests.repositories import Repository


def test_a_base_that_only_the_remote_has(project: Repository, tmp_path: Path) -> None:
    project.git("checkout", "--quiet", "main")
    project.git("clone", "--quiet", "--branch=work", str(project.root), str(tmp_path / "clone"))
    assert changes(Repository(tmp_path / "clone")).base == "origin/main"


@pytest.mark.parametrize("base", ["HEAD", "refs/heads/main", "main~0"])
def test_a_base_is_any_ref(project: Repository, base: str) -> None:
    assert changes(project, base).base == base


def test_a_commit_is_a_base(project: Repository) -> None:
    sha = project.git("rev-parse", "main")
    assert changes(project, sha[:10]).base_sha == sha


def test_no_base(project: Repository) -> None:
    assert read(project, None) == (None, "No base was named, so there is nothing to compare with.")


@pytest.mark.parametrize("base", ["absent", "--help", "main:migrations", ""])
def test_a_base_that_is_not_there(project: Repository, base: str) -> None:
    with pytest.raises(SettingsError) as raised:
        read(project, base)
    assert raised.value.what == f"The base {base} is not in the repository."
    assert raised.value.why == f"Git finds neither {base} nor origin/{base}."


def test_histories_without_a_common_commit(project: Repository) -> None:
    project.git("checkout", "--quiet", "--orphan", "alone")
    project.revisions("c<-b")
    project.commit()
    assert read(project) == (
        None,
        "HEAD and main have no commit in common. Set --base to the branch that this one started from.",
    )


def test_a_shallow_clone_is_not_guessed_at(project: Repository, tmp_path: Path) -> None:
    project.revisions("c<-b")
    project.commit()
    move_main(project, "m<-b")
    source = f"file://{project.root}"
    project.git("clone", "--quiet", "--depth=1", "--no-single-branch", "--branch=work", source, str(tmp_path / "clone"))
    clone = Repository(tmp_path / "clone")
    assert read(clone) == (
        None,
        "This shallow clone does not have the history that it shares with origin/main. "
        "Run `git fetch --unshallow`, or set `fetch-depth: 0` of actions/checkout.",
    )
    with pytest.raises(SettingsError) as raised:
        read(clone, "absent")
    assert raised.value.why.endswith("The clone is shallow: it has only a part of the history.")


def test_no_repository(tmp_path: Path) -> None:
    project = Repository(tmp_path / "project")
    project.tree()
    with pytest.raises(SettingsError) as raised:
        read(project)
    assert raised.value.what == "The base main cannot be read."
    assert raised.value.why.startswith("Git says: fatal: not a git repository")
    assert read(project, None)[0] is None


def test_no_commit_yet(tmp_path: Path) -> None:
    project = Repository(tmp_path / "project")
    project.init()
    project.tree()
    with pytest.raises(SettingsError):
        read(project)


def test_no_git(project: Repository, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SettingsError) as raised:
        read(project)
    assert raised.value.why == "Git says: the program git is not installed."


def test_the_environment_cannot_point_elsewhere(
    project: Repository, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "absent"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "absent"))
    assert ids(changes(project).base_graph) == ["a", "b"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_a_checkout_that_another_user_owns(project: Repository) -> None:
    for path in (project.root, *project.root.rglob("*")):
        os.chown(path, 12345, 12345)
    assert ids(changes(project).base_graph) == ["a", "b"]


def test_the_repository_is_not_touched(project: Repository) -> None:
    project.revisions("c<-b")
    before = {path: path.stat().st_mtime_ns for path in project.root.rglob("*")}
    changes(project)
    assert {path: path.stat().st_mtime_ns for path in project.root.rglob("*")} == before
