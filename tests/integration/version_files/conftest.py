"""A repository with a branch that changes its revisions."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.repositories import Repository


@pytest.fixture
def project(tmp_path: Path) -> Repository:
    """Make a repository whose main branch has a <- b, with a branch ``work`` checked out."""
    project = Repository(tmp_path / "project")
    project.init()
    project.tree()
    project.revisions("a", "b<-a")
    project.commit()
    project.git("checkout", "--quiet", "-b", "work")
    return project
