"""Finds the Alembic configurations of a commit, from as few of its files as show them."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path, PurePosixPath

from action.base.interface import BaseError, Files, Snapshot
from action.project.alembic_tree import Tree, is_version_file, moved
from action.project.discovery import every_tree, may_configure
from action.supervisor.run_folder import new_folder


def trees_at(snapshot: Snapshot, root: Path, config: str) -> tuple[Tree, ...]:
    """Return the trees of a commit, with paths as if it were checked out at ``root``. Raises BaseError.

    ``config`` is a file that may configure Alembic, whatever its name.
    """
    names = snapshot.names()
    configs = snapshot.read((".",), lambda path: path == config or may_configure(PurePosixPath(path).name))
    with new_folder("skeleton-") as folder:
        try:
            _write(names, configs, folder)
        except OSError as error:
            raise BaseError(f"its configuration cannot be written to {folder}: {error.strerror}") from error
        return tuple(moved(tree, folder, root) for tree in every_tree(folder, config))


def _write(names: Collection[str], configs: Files, folder: Path) -> None:
    """Write the configurations, and empty files that show which folders exist and have revisions."""
    shown = {str(PurePosixPath(name).parent): name for name in names if is_version_file(PurePosixPath(name).name)}
    env_py = (name for name in names if PurePosixPath(name).name == "env.py")
    for name in (*configs, *env_py, *shown.values()):
        if not set(PurePosixPath(name).parts) & {"/", "..", ".git"}:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(configs.get(name, b""))
