"""Files of a Git repository that Git would wait for without end: pipes and devices in their place."""

from __future__ import annotations

import stat
from functools import lru_cache
from pathlib import Path

_OF_THE_REPOSITORY = (
    "HEAD",
    "config",
    "config.worktree",
    "index",
    "packed-refs",
    "shallow",
    "info/exclude",
    "commondir",
)
_OF_THE_WORK_TREE = (".git", ".gitignore", ".gitattributes", ".gitmodules")


@lru_cache(maxsize=64)
def blocking_file(folder: Path) -> Path | None:
    """Return the first file of a folder's repository that is neither a regular file nor a folder; None without one.

    Looked at once: Git is asked about the same folder some ten times.
    """
    for top in (folder, *folder.parents):
        if _is(top / ".git", present=True):
            names = (*_OF_THE_WORK_TREE, *(f".git/{name}" for name in _OF_THE_REPOSITORY))
            return next((top / name for name in names if _is(top / name, present=False)), None)
    return None


def _is(path: Path, *, present: bool) -> bool:
    """Return whether a path exists, or with ``present`` false whether it is a special file."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    return present or not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))
