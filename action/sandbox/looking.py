"""Whether a path leads to a file or a folder; one that this user may not look at, or that cannot exist, does not.

``Path.is_file`` and its like raise for a closed folder, and ``Path.resolve`` for links that lead in a circle.
"""

from __future__ import annotations

import os
from pathlib import Path


def is_file(path: Path) -> bool:
    """Return whether a path is seen to be a regular file, links followed."""
    try:
        return path.is_file()
    except OSError:
        return False


def is_folder(path: Path) -> bool:
    """Return whether a path is seen to be a folder, links followed."""
    try:
        return path.is_dir()
    except OSError:
        return False


def exists(path: Path) -> bool:
    """Return whether a path is seen to exist, links followed."""
    try:
        return path.exists()
    except OSError:
        return False


def entries(folder: Path) -> tuple[Path, ...]:
    """Return what lies in a folder, by name; nothing where it cannot be listed."""
    try:
        return tuple(sorted(folder.iterdir()))
    except OSError:
        return ()


def resolved(path: Path) -> Path:
    """Return a path with all links followed that lead somewhere."""
    return Path(os.path.realpath(path))
