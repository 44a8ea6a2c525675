"""Which lines of the project's own Python led to what happened."""

from __future__ import annotations

import os
import sys
import traceback
from types import FrameType, TracebackType
from typing import Callable, Dict, Iterator, List, Optional, Tuple

from ..files.paths import RealPaths, is_foreign
from ..protocol.event_fields import FrameFields


class Places:
    """The project's files: below its root, but not what is installed there."""

    def __init__(self, root: str, version_folders: List[str]) -> None:
        self.root = os.path.realpath(root)
        self.real = RealPaths()
        self.counterparts: List[Callable[[str], Optional[str]]] = []
        """Each returns the checkout's path for a module of the project that is installed as well, or None."""
        self.use_version_folders(version_folders)
        self._environment = os.path.realpath(sys.prefix) + os.sep if sys.prefix != sys.base_prefix else None

    def use_version_folders(self, folders: List[str]) -> None:
        """Take frames of the files in these folders for those of migrations."""
        self._folders = tuple(os.path.realpath(folder) + os.sep for folder in folders)
        self._known: Dict[str, Tuple[Optional[str], bool]] = {}

    def below_root(self, path: str) -> Optional[str]:
        """Return a real path relative to the repository's root; None for one outside of it."""
        inside = path.startswith(self.root + os.sep)
        return path[len(self.root) + 1 :].replace(os.sep, "/") if inside else None

    def relative(self, filename: str) -> Optional[str]:
        """Return the path relative to the repository's root; None for a file that is not the project's."""
        return self._place(filename)[0]

    def _place(self, filename: str) -> Tuple[Optional[str], bool]:
        """Return the relative path, and whether it lies in one of the tree's version locations."""
        if filename not in self._known:
            self._known[filename] = self._looked_up(filename)
        return self._known[filename]

    def _looked_up(self, filename: str) -> Tuple[Optional[str], bool]:
        # An extension that was compiled names its source, such as asyncpg/protocol/protocol.pyx, which is not here.
        if filename.startswith("<") or (not os.path.isabs(filename) and not os.path.exists(filename)):
            return None, False
        path = self.real.of(filename)
        if is_foreign(path):
            path = next(filter(None, (counterpart(path) for counterpart in self.counterparts)), path)
        below = None if is_foreign(path) else self.below_root(path)
        if below is None or (self._environment is not None and path.startswith(self._environment)):
            return None, False
        return below, path.startswith(self._folders)

    def of_stack(self, frame: Optional[FrameType]) -> List[FrameFields]:
        """Return the project's frames of a running stack, outermost first, from the version file inwards."""
        calls: List[Tuple[str, int, str]] = []
        while frame is not None:
            calls.append((frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_name))
            frame = frame.f_back
        return self._frames(reversed(calls))

    def of_traceback(self, trace: Optional[TracebackType]) -> List[FrameFields]:
        """Return the project's frames of an exception, outermost first, from the version file inwards."""
        return self._frames((f.f_code.co_filename, line, f.f_code.co_name) for f, line in traceback.walk_tb(trace))

    def _frames(self, calls: Iterator[Tuple[str, int, str]]) -> List[FrameFields]:
        found: List[FrameFields] = []
        from_version_file = False
        for filename, line, function in calls:
            path, is_version_file = self._place(filename)
            if path is None:
                continue
            if is_version_file and not from_version_file:
                from_version_file = True
                found.clear()  # what env.py did to get here says nothing about the migration
            found.append({"path": path, "line": line or 1, "function": function})
        return found[:20]
