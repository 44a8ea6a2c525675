"""Which Python is the project's own: the one that its dependencies are installed in."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from action.errors import SettingsError
from action.project.tree import Tree


def find_interpreter(tree: Tree, root: Path, chosen: str | None, environ: Mapping[str, str] = os.environ) -> str:
    """Return the interpreter: as chosen, else the project's ``.venv`` or ``venv``, an active one, our own.

    Raises SettingsError for a chosen one that is not there.
    """
    if chosen is not None:
        return _chosen(chosen)
    for folder in _environments(tree, root, environ):
        python = folder / "bin" / "python"
        if (folder / "pyvenv.cfg").is_file() and os.access(python, os.X_OK):
            return str(python)
    return sys.executable


def _chosen(chosen: str) -> str:
    found = shutil.which(chosen)
    if found is None:
        raise SettingsError(
            f"--python {chosen}: there is no such interpreter.",
            why="The project's migrations run in it, so nothing can be rehearsed.",
            remedy="Give the path of a Python that has the project's dependencies, such as .venv/bin/python.",
        )
    return str(Path(found).absolute())  # not resolved: a virtual environment's python is a link to another one


def _environments(tree: Tree, root: Path, environ: Mapping[str, str]) -> Iterator[Path]:
    """Yield where an environment may be: nearest to the tree first, up to the repository's root."""
    folders = [tree.workdir, tree.config_file.parent, *tree.workdir.parents]
    for folder in dict.fromkeys(folders):
        if folder.is_relative_to(root):
            yield folder / ".venv"
            yield folder / "venv"
    active = environ.get("VIRTUAL_ENV")
    if active:
        yield Path(active)
