"""Code that is known to be unreadable before it runs: to load it would fail, wait without end, or pass over it."""

from __future__ import annotations

import stat
from pathlib import Path

from action.project.alembic_tree import Tree
from action.project.folders import relative
from checks.graph.unread import unread_remedy
from checks.recording.obstacles import Obstacle, ObstacleKind
from checks.recording.revisions import Graph, Unreadable, UnreadKind

_FATAL = (UnreadKind.FOLDER, UnreadKind.SPECIAL, UnreadKind.DENIED)

_PASSED_OVER = "Alembic would pass over the revisions in it, and the migration runs would lack them."
_NEEDED = "Alembic loads every version file before it runs a migration."


def unreadable_code(tree: Tree, root: Path, graph: Graph) -> Obstacle | None:
    """Return what keeps Alembic from loading every version file, or env.py; None where nothing is known to.

    Alembic passes over a folder that it may not list, and waits for a pipe without end.
    """
    found = next((file for file in graph.unreadable if file.unread in _FATAL), None)
    if found is not None:
        return _of_version_file(found)
    try:
        mode = tree.env_py.stat().st_mode
    except OSError:
        return None  # its loading has the better message
    if stat.S_ISREG(mode) or stat.S_ISDIR(mode):
        return None
    return Obstacle(
        kind=ObstacleKind.LOAD_FAILED,
        message=f"{relative(tree.env_py, root)} cannot be read: it is not a regular file.",
        why="Alembic would wait for its content without end.",
        remedy="Remove it, or replace it by a regular file.",
    )


def _of_version_file(file: Unreadable) -> Obstacle:
    is_folder = file.unread is UnreadKind.FOLDER
    return Obstacle(
        kind=ObstacleKind.LOAD_FAILED,
        message=f"The {'folder' if is_folder else 'version file'} {file.path} cannot be read: {file.reason}.",
        why=_PASSED_OVER if is_folder else _NEEDED,
        remedy=unread_remedy(file),
        path=file.path,
    )
