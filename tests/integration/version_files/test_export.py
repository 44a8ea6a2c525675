"""The files of a commit, exported beside the working tree."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from action.repository.export import checkout_at
from action.repository.git import GitError
from tests.repositories import Repository


@pytest.fixture
def exported(project: Repository, tmp_path: Path) -> Path:
    """Export main while ``work`` has other files, staged ones and settings."""
    project.files({".gitignore": ".env\n.env.local\n", "app/models.py": "OLD = 1\n", "run.sh": "#!/bin/sh\n"})
    (project.root / "run.sh").chmod(0o755)
    project.git("checkout", "--quiet", "main")
    project.commit()
    project.git("checkout", "--quiet", "work")
    project.files({"app/models.py": "NEW = 1\n", ".env": "A=1\n", "migrations/.env.local": "B=1\n"})
    project.files({".env.example": "C=1\n", ".envrc/x": "", "untracked.py": ""})
    project.git("add", "app/models.py", ".env.example")
    checkout_at(project.root, project.git("rev-parse", "main"), tmp_path / "base", [project.root / "migrations"])
    return tmp_path / "base"


def test_an_export_has_the_commits_files_and_the_untracked_settings(exported: Path) -> None:
    files = {path.relative_to(exported).as_posix() for path in exported.rglob("*") if path.is_file()}
    assert files == {
        ".env",
        ".gitignore",
        "alembic.ini",
        "app/models.py",
        "migrations/.env.local",
        "migrations/env.py",
        "migrations/versions/a.py",
        "migrations/versions/b.py",
        "run.sh",
    }
    assert (exported / "app/models.py").read_text() == "OLD = 1\n"
    assert os.access(exported / "run.sh", os.X_OK)


@pytest.mark.usefixtures("exported")
def test_an_export_leaves_the_index_and_the_worktrees_alone(project: Repository) -> None:
    assert project.git("diff", "--cached", "--name-only").splitlines() == [".env.example", "app/models.py"]
    assert len(project.git("worktree", "list").splitlines()) == 1


def test_an_export_of_what_is_not_there(project: Repository, tmp_path: Path) -> None:
    with pytest.raises(GitError):
        checkout_at(project.root, "0" * 40, tmp_path / "base")
