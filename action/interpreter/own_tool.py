"""How the project itself starts Alembic, as far as its files say, so that a command runs where its reader stands."""

from __future__ import annotations

import re
from pathlib import Path

from action.interpreter.declared import Shape, declared_for, text_of
from action.project.alembic_tree import Tree
from action.project.folders import relative

_LAUNCHERS = {
    Shape.UV: ("uv", "run"),
    Shape.POETRY: ("poetry", "run"),
    Shape.PDM: ("pdm", "run"),
    Shape.PIPENV: ("pipenv", "run"),
}
# What the env.py of Flask-Migrate takes its engine and its metadata from.
_FLASK_MIGRATE = re.compile(r"current_app\b[^\n]*\bextensions\s*\[\s*['\"]migrate['\"]\s*\]")


def launcher_of(tree: Tree, root: Path) -> tuple[str, ...]:
    """Return what starts a program in the environment of a tree's project; empty where its lock does not say."""
    declared = declared_for(tree, root)
    return _LAUNCHERS.get(declared.shape, ()) if declared is not None else ()


def flask_folder(tree: Tree, root: Path) -> str | None:
    """Return the folder that ``flask db`` runs in, empty for the root; None where Flask-Migrate is not used."""
    if not tree.workdir.is_relative_to(root) or not _FLASK_MIGRATE.search(text_of(tree.env_py, root)):
        return None
    folder = relative(tree.workdir, root)
    return "" if folder == "." else folder
