"""How a project starts Alembic, by its files: its lock, and the env.py of Flask-Migrate."""

from __future__ import annotations

from pathlib import Path

import pytest

from action.interpreter.own_tool import flask_folder, launcher_of
from action.project.discovery import find_project

INI = "[alembic]\nscript_location = migrations\n"
PROJECT = '[project]\nname = "shop"\nversion = "1"\n'
FLASK = "def get_metadata():\n    return current_app.extensions['migrate'].db.metadata\n"


def written(root: Path, **files: str) -> Path:
    for name, text in files.items():
        file = root / name.replace("__", "/").replace("_dot_", ".")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return root


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"pyproject_dot_toml": PROJECT, "uv_dot_lock": "version = 1\n"}, ("uv", "run")),
        ({"pyproject_dot_toml": "[tool.poetry]\nname = 'shop'\n", "poetry_dot_lock": ""}, ("poetry", "run")),
        ({"Pipfile": "", "Pipfile_dot_lock": "{}"}, ("pipenv", "run")),
        ({"requirements_dot_txt": "alembic\n"}, ()),
        ({}, ()),
    ],
)
def test_the_launcher_is_that_of_the_lock(tmp_path: Path, files: dict[str, str], expected: tuple[str, ...]) -> None:
    root = written(tmp_path, alembic_dot_ini=INI, migrations__env_dot_py="", **files)
    (tree,) = find_project(root, ()).trees
    assert (launcher_of(tree, root), flask_folder(tree, root)) == (expected, None)


def test_flask_migrate_runs_in_the_folder_of_the_application(tmp_path: Path) -> None:
    root = written(tmp_path, api__migrations__alembic_dot_ini="[alembic]\n", api__migrations__env_dot_py=FLASK)
    (tree,) = find_project(root, ()).trees
    assert flask_folder(tree, root) == "api"
