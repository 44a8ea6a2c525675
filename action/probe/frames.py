"""Which lines of the project's own Python led to what happened."""

from __future__ import annotations

import os
import sys
import traceback
from types import FrameType, TracebackType
from typing import Any, Dict, Iterator, List, Optional, Tuple

FOREIGN = (os.sep + "site-packages" + os.sep, os.sep + "dist-packages" + os.sep)


class Places:
    """The project's files: below its root, but not what is installed there."""

    def __init__(self, root: str, version_folders: List[str]) -> None:
        self.root = os.path.realpath(root)
        self._folders = tuple(os.path.realpath(folder) + os.sep for folder in version_folders)
        self._known: Dict[str, Optional[str]] = {}
        self._versions: Dict[str, bool] = {}

    def relative(self, filename: str) -> Optional[str]:
        """Return the path relative to the repository's root; None for a file that is not the project's."""
        if filename not in self._known:
            self._known[filename] = self._relative(filename)
        return self._known[filename]

    def _relative(self, filename: str) -> Optional[str]:
        if filename.startswith("<"):
            return None
        path = os.path.realpath(filename)
        if not path.startswith(self.root + os.sep) or any(part in path for part in FOREIGN):
            return None
        if path.startswith(os.path.realpath(sys.prefix) + os.sep) and sys.prefix != sys.base_prefix:
            return None
        return os.path.relpath(path, self.root).replace(os.sep, "/")

    def is_version_file(self, filename: str) -> bool:
        """Tell whether it lies in one of the tree's version locations."""
        if filename not in self._versions:
            self._versions[filename] = os.path.realpath(filename).startswith(self._folders)
        return self._versions[filename]

    def of_stack(self, frame: Optional[FrameType]) -> List[Dict[str, Any]]:
        """Return the project's frames of a running stack, outermost first, from the version file inwards."""
        calls: List[Tuple[str, int, str]] = []
        while frame is not None:
            calls.append((frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_name))
            frame = frame.f_back
        return self._frames(reversed(calls))

    def of_traceback(self, trace: Optional[TracebackType]) -> List[Dict[str, Any]]:
        """Return the project's frames of an exception, outermost first, from the version file inwards."""
        return self._frames((f.f_code.co_filename, line, f.f_code.co_name) for f, line in traceback.walk_tb(trace))

    def _frames(self, calls: Iterator[Tuple[str, int, str]]) -> List[Dict[str, Any]]:
        found: List[Dict[str, Any]] = []
        from_version_file = False
        for filename, line, function in calls:
            path = self.relative(filename)
            if path is None:
                continue
            if not from_version_file and self.is_version_file(filename):
                from_version_file = True
                found.clear()  # what env.py did to get here says nothing about the migration
            found.append({"path": path, "line": line, "function": function})
        return found[:20]
