"""Where a path leads, and whether that is a folder of installed packages."""

from __future__ import annotations

import os
from typing import Dict

_FOREIGN = ("site-packages", "dist-packages")


def is_foreign(path: str) -> bool:
    """Return whether a path is, or lies in, a folder of installed packages."""
    return any(part in _FOREIGN for part in path.split(os.sep))


class RealPaths:
    """Follows links as ``os.path.realpath`` does, those of each folder once."""

    def __init__(self) -> None:
        self._folders: Dict[str, str] = {}

    def of(self, path: str) -> str:
        """Return the absolute path with all links followed."""
        folder, name = os.path.split(os.path.abspath(path))
        if folder not in self._folders:
            self._folders[folder] = os.path.realpath(folder)
        path = os.path.join(self._folders[folder], name)
        return os.path.realpath(path) if os.path.islink(path) else path
