"""Which file declares the dependencies of a project: a case for each layout."""

from __future__ import annotations

from pathlib import Path

import pytest

from action.interpreter.declared import declared_below, declared_for, requirement_files
from action.project.discovery import find_trees
from tests.repositories import Repository

PROJECT = '[project]\nname = "shop"\ndependencies = ["alembic"]\n'
EMPTY = '[project]\nname = "shop"\n'
POETRY = '[tool.poetry]\nname = "shop"\n[tool.poetry.dependencies]\nalembic = "*"\n'
TOOLS = "[tool.ruff]\nline-length = 99\n"
WORKSPACE = '[tool.uv.workspace]\nmembers = ["services/*"]\nexclude = ["services/old"]\n'
LAYOUTS = {
    "uv": ({"uv.lock": "", "pyproject.toml": PROJECT, "requirements.txt": "alembic"}, "uv.lock", "."),
    "uv, a lock that is not the project's": ({"uv.lock": "", "requirements.txt": "alembic"}, "requirements.txt", "."),
    "poetry": ({"poetry.lock": "", "pyproject.toml": POETRY, "requirements.txt": "alembic"}, "poetry.lock", "."),
    "poetry 2": ({"poetry.lock": "", "pyproject.toml": PROJECT}, "poetry.lock", "."),
    "uv after poetry": ({"poetry.lock": "", "uv.lock": "", "pyproject.toml": PROJECT}, "uv.lock", "."),
    "pdm": ({"pdm.lock": "", "pyproject.toml": PROJECT}, "pdm.lock", "."),
    "pipenv": ({"Pipfile": "", "Pipfile.lock": "{}"}, "Pipfile.lock", "."),
    "pipenv without a lock": ({"Pipfile": "[packages]\nalembic='*'\n"}, "Pipfile", "."),
    "pylock": ({"pylock.toml": "", "pyproject.toml": PROJECT}, "pylock.toml", "."),
    "named pylocks": ({"pylock.dev.toml": "", "pylock.app.toml": ""}, "pylock.app.toml", "."),
    "requirements": ({"requirements.txt": "alembic"}, "requirements.txt", "."),
    "requirements of development": ({"requirements-dev.txt": "", "requirements.txt": "-r x"}, "requirements.txt", "."),
    "only of development": ({"dev-requirements.txt": "alembic"}, "dev-requirements.txt", "."),
    "a folder of requirements": (
        {f"requirements/{name}.txt": "alembic" for name in ("base", "dev", "prod", "zoo")},
        "requirements/prod.txt",
        ".",
    ),
    "requirements.in": ({"requirements.in": "alembic"}, "requirements.in", "."),
    "requirements of something else": (
        {"requirements.txt": "mkdocs", "pyproject.toml": PROJECT},
        "pyproject.toml",
        ".",
    ),
    "pyproject": ({"pyproject.toml": PROJECT}, "pyproject.toml", "."),
    "poetry without a lock": ({"pyproject.toml": POETRY}, "pyproject.toml", "."),
    "only groups": ({"pyproject.toml": "[dependency-groups]\ndev = ['alembic']\n"}, "pyproject.toml", "."),
    "setup.py": ({"setup.py": "setup(install_requires=['alembic'])"}, "setup.py", "."),
    "setup.cfg": ({"setup.cfg": "[options]\ninstall_requires = alembic\n", "setup.py": "setup()"}, "setup.cfg", "."),
    "conda": ({"environment.yml": "dependencies: [alembic]"}, "environment.yml", "."),
    "tools only": ({"pyproject.toml": TOOLS}, None, None),
    "metadata without dependencies": ({"pyproject.toml": EMPTY}, None, None),
    "broken": ({"pyproject.toml": "[project"}, None, None),
    "nothing": ({}, None, None),
    "above": ({"requirements.txt": "alembic", "app/x.py": ""}, "requirements.txt", "app"),
    "nearest": ({"requirements.txt": "alembic", "app/requirements.txt": "alembic"}, "app/requirements.txt", "app"),
    "above, past tools": ({"uv.lock": "", "pyproject.toml": PROJECT, "app/pyproject.toml": TOOLS}, "uv.lock", "app"),
    "a member of a workspace": (
        {"uv.lock": "", "pyproject.toml": WORKSPACE, "services/api/pyproject.toml": EMPTY},
        "uv.lock",
        "services/api",
    ),
    "not a member": (
        {"uv.lock": "", "pyproject.toml": WORKSPACE, "services/old/pyproject.toml": PROJECT},
        "services/old/pyproject.toml",
        "services/old",
    ),
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_the_file_of_a_layout(name: str, tmp_path: Path) -> None:
    files, expected, folder = LAYOUTS[name]
    project = Repository(tmp_path)
    project.files(files)
    project.tree(folder or ".")
    (tree,) = find_trees(project.root)
    found = declared_for(tree, project.root)
    assert (found.name if found else None) == expected


def test_the_script_directory_counts_where_the_config_lies_elsewhere(tmp_path: Path) -> None:
    project = Repository(tmp_path)
    project.tree(location="backend/migrations")
    project.files({"backend/requirements.txt": "alembic", "docs/requirements.txt": "", "web/pyproject.toml": PROJECT})
    (tree,) = find_trees(project.root)
    found = declared_for(tree, project.root)
    assert found is not None
    assert found.name == "backend/requirements.txt"
    assert declared_below(project.root) == ["backend/requirements.txt", "web/pyproject.toml"]


def test_a_link_out_of_the_repository_declares_nothing(tmp_path: Path) -> None:
    (tmp_path / "outside.toml").write_text(PROJECT)
    project = Repository(tmp_path / "project")
    project.tree()
    (project.root / "pyproject.toml").symlink_to(tmp_path / "outside.toml")
    (tree,) = find_trees(project.root)
    assert declared_for(tree, project.root) is None


def test_requirements_files_go_from_production_to_development(tmp_path: Path) -> None:
    project = Repository(tmp_path)
    names = [
        "dev-requirements.txt",
        "requirements-prod.txt",
        "requirements.in",
        "requirements.txt",
        "requirements/base.txt",
    ]
    project.files(dict.fromkeys(names, ""))
    found = [path.relative_to(project.root).as_posix() for path in requirement_files(project.root)]
    assert found == ["requirements.txt", "requirements-prod.txt", "requirements/base.txt", "dev-requirements.txt"]
