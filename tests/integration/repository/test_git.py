"""Git as a program that may hang."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from action.repository.git import GitError, git, parents, path_of, setting
from tests.repositories import Repository


def test_what_git_started_is_ended_with_it(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}/x"
        with pytest.raises(GitError) as raised:
            git(tmp_path, "ls-remote", url, timeout=1)
        connection, _ = server.accept()
        with connection:
            connection.settimeout(30)
            while connection.recv(4096):  # its request; the end comes when nobody holds the connection any more
                pass
    assert str(raised.value) == "git ls-remote did not finish within 1 seconds"


def test_parents_are_read_from_the_commit_alone(tmp_path: Path) -> None:
    project = Repository(tmp_path / "project")
    project.init()
    first = project.commit()
    message = f"parent {'f' * 40}"
    project.git("commit", "--quiet", "--allow-empty", f"--message=x\n\n{message}")
    assert (parents(project.root, first), parents(project.root, "HEAD")) == ((), (first,))


def test_where_a_worktrees_objects_are(tmp_path: Path) -> None:
    project = Repository(tmp_path / "project")
    project.init()
    project.commit()
    project.git("worktree", "add", "--quiet", str(tmp_path / "tree"))
    assert path_of(tmp_path / "tree", "objects").resolve() == project.root / ".git" / "objects"


def test_settings(tmp_path: Path) -> None:
    project = Repository(tmp_path / "project")
    project.init()
    project.git("config", "remote.origin.url", "https://github.example/a b")
    assert setting(project.root, "remote.origin.url") == "https://github.example/a b"
    assert setting(project.root, "remote.other.url") is None
