"""Which files of a repository may declare tables."""

from __future__ import annotations

from pathlib import Path

import pytest

from action.project.model_files import looked_for, model_files
from tests.repositories import Repository

FILES = {
    "app/declarative.py": "class A(Base):\n    __tablename__ = 'a'\n",
    "app/core.py": "a = Table('a', metadata)\n",
    "app/mapped.py": "class A(Base):\n    id: Mapped[int] = mapped_column(primary_key=True)\n",
    "app/hero.py": "class Hero(SQLModel, table=True):\n    pass\n",
    "app/other.py": "columns = ['id']\n",
    "app/notes.txt": "Column(Integer)\n",
    "uncommitted.py": "Column(Integer)\n",
    "ignored.py": "Column(Integer)\n",
}
WANTED = ("app/core.py", "app/declarative.py", "app/hero.py", "app/mapped.py", "uncommitted.py")


@pytest.fixture
def project(tmp_path: Path) -> Repository:
    project = Repository(tmp_path / "project")
    project.files(FILES)
    return project


def test_the_files_of_a_repository(project: Repository) -> None:
    project.files({".gitignore": "ignored.py\n"})
    (project.root / "uncommitted.py").rename(project.root / "later")
    project.init()
    project.commit()
    (project.root / "later").rename(project.root / "uncommitted.py")
    assert model_files(project.root) == WANTED
    with looked_for(project.root) as wait:
        assert wait() == WANTED


def test_a_repository_without_models(tmp_path: Path) -> None:
    project = Repository(tmp_path / "project")
    project.init()
    assert model_files(project.root) == ()


def test_the_files_of_a_folder(project: Repository, tmp_path: Path) -> None:
    project.remove("ignored.py")
    project.files(
        {"venv/pyvenv.cfg": "", "venv/x.py": "Table(", ".hidden/x.py": "Table(", "node_modules/x.py": "Table("}
    )
    (tmp_path / "outside.py").write_text("Table(")
    (project.root / "link.py").symlink_to(tmp_path / "outside.py")
    assert model_files(project.root) == WANTED
