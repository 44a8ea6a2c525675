"""Packages that are installed for a run although the project does not declare them, and what the report says."""

from __future__ import annotations

from pathlib import Path

import pytest

from action.interpreter.declared import declared_in
from action.interpreter.supplements import Supplement, supplement_for, unfitting
from tests.repositories import Repository

NONE_NAME = "cannot import name '_NoneName' from 'sqlalchemy.sql.naming' (/x/site-packages/sqlalchemy/sql/naming.py)"
SUPPLEMENTS = {
    "No module named 'psycopg2'": Supplement(
        "psycopg2-binary",
        "It is the driver of URLs that begin with postgresql:// up to SQLAlchemy 2.0, and requirements.txt does not "
        "declare it.",
        "Add the line `psycopg2-binary` to requirements.txt.",
    ),
    "No module named 'alembic'": Supplement(
        "alembic",
        "Migrations need it, and requirements.txt does not declare it.",
        "Add the line `alembic` to requirements.txt.",
    ),
    "No module named 'pkg_resources'": Supplement(
        "setuptools<81",
        "The module pkg_resources comes with setuptools up to 80, and requirements.txt does not declare it.",
        "Add the line `setuptools<81` to requirements.txt.",
    ),
    "No module named 'psycopg'": Supplement(
        "sqlalchemy<2.1",
        "SQLAlchemy 2.1.9 uses psycopg for URLs that begin with postgresql://, and requirements.txt declares psycopg2.",
        "Add the line `sqlalchemy<2.1` to requirements.txt, or write postgresql+psycopg2://.",
    ),
    NONE_NAME: Supplement(
        "sqlalchemy<2.1",
        "Alembic 1.8.1 or the project's code asks for a part of SQLAlchemy that SQLAlchemy 2.1.9 does not have, and "
        "requirements.txt does not limit its version.",
        "Add the line `sqlalchemy<2.1` to requirements.txt.",
    ),
    "No module named 'wsgi'": None,
    "cannot import name 'Base' from 'shop.models'": None,
}


@pytest.fixture
def environment(tmp_path: Path) -> Path:
    """Return an environment with SQLAlchemy 2.1, Alembic and psycopg2."""
    packages = tmp_path / "env" / "lib" / "python3.13" / "site-packages"
    for name in ("psycopg2", "sqlalchemy-2.1.9.dist-info", "alembic-1.8.1.dist-info"):
        (packages / name).mkdir(parents=True)
    return tmp_path / "env"


@pytest.mark.parametrize("text", SUPPLEMENTS)
def test_what_is_certain_is_installed_with_the_line_to_add(text: str, environment: Path, tmp_path: Path) -> None:
    project = Repository(tmp_path / "project")
    project.files({"requirements.txt": "alembic\n"})
    declared = declared_in(project.root, project.root)
    assert declared is not None
    assert supplement_for(text, declared, environment) == SUPPLEMENTS[text]


def test_packages_that_do_not_fit_each_other_are_named(environment: Path, tmp_path: Path) -> None:
    (environment / "lib" / "python3.13" / "site-packages" / "flask-3.1.2.dist-info").mkdir()
    project = Repository(tmp_path / "project")
    project.files({"requirements.txt": "alembic\nflask\n"})
    declared = declared_in(project.root, project.root)
    assert declared is not None
    text = "cannot import name '_request_ctx_stack' from 'flask' (/e/lib/python3.13/site-packages/flask/__init__.py)"
    assert unfitting(text, declared, environment) == (
        "flask 3.1.2 has no _request_ctx_stack: another package, or the project's code, was written for another "
        "version.",
        "Limit the version of flask in requirements.txt, such as `flask<3.1.2`, or update the code that imports "
        "_request_ctx_stack.",
    )
    assert unfitting("cannot import name 'Base' from 'shop' (/repo/shop.py)", declared, environment) is None


def test_a_pinned_sqlalchemy_gets_an_older_alembic(environment: Path, tmp_path: Path) -> None:
    project = Repository(tmp_path / "project")
    project.files({"requirements.txt": "alembic\nSQLAlchemy==2.0.0b3\n"})
    declared = declared_in(project.root, project.root)
    assert declared is not None
    found = supplement_for(NONE_NAME, declared, environment)
    assert found is not None
    assert (found.requirement, found.remedy) == ("alembic<1.9", "Add the line `alembic<1.9` to requirements.txt.")


def test_the_versions_of_a_lock_are_kept(environment: Path, tmp_path: Path) -> None:
    project = Repository(tmp_path / "project")
    project.files({"uv.lock": "", "pyproject.toml": '[project]\nname = "shop"\ndependencies = ["alembic"]\n'})
    declared = declared_in(project.root, project.root)
    assert declared is not None
    assert supplement_for(NONE_NAME, declared, environment) is None
