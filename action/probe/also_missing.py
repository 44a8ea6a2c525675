"""Modules that env.py will miss next: what it and the project's modules import as they begin, and is not there.

Nothing is imported for it; a name that the repository itself has anywhere is not counted.
"""

from __future__ import annotations

import ast
import os
import re
import sys
from importlib.machinery import PathFinder
from typing import Dict, Iterator, List, Set, Tuple

from .files.reading_files import read_regular
from .protocol.event_fields import ObstacleFields
from .protocol.requests import Load

_DRIVER = re.compile(
    r"(?<=postgresql\+)(?:psycopg2|psycopg|asyncpg|pg8000)\b|(?<=[\"'])(?:psycopg2|asyncpg|pg8000)(?=[\"'])"
)
"""In a URL, or as a text of its own that becomes a part of one."""
_MOST_FILES = 500
_BUILT_IN = frozenset(sys.builtin_module_names) | frozenset(getattr(sys, "stdlib_module_names", ()))


def with_others(found: ObstacleFields, request: Load) -> ObstacleFields:
    """Return an obstacle with all further modules, where it is that one is missing."""
    if found["kind"] != "missing-module":
        return found
    return {**found, "also": also_missing(request, found["module"])}


def also_missing(request: Load, known: str) -> List[str]:
    """Return the modules beside a known one that are missing, and the drivers that the code names in URLs."""
    looked = _Look(request)
    looked.follow(request.env_py)
    top = known.partition(".")[0]
    return [name for name in looked.missing if name != top]


class _Look:
    """What was found from env.py on."""

    def __init__(self, request: Load) -> None:
        self._own = request.packages
        self._root = os.path.realpath(request.root)
        # As ``prepend_sys_path`` may add them; installed packages are on the path of this process.
        self._path = [request.workdir, request.root, os.path.join(request.workdir, "src"), *sys.path]
        self._seen: Set[str] = set()
        self._there: Dict[str, bool] = {}
        self.missing: List[str] = []

    def follow(self, env_py: str) -> None:
        """Follow imports from a file; what it reads in all is bounded."""
        waiting = [env_py]
        drivers: List[str] = []
        while waiting and len(self._seen) < _MOST_FILES:
            path = waiting.pop(0)
            if path in self._seen:
                continue
            self._seen.add(path)
            try:
                text = read_regular(path).decode("utf-8", "replace")
                module = ast.parse(text)
            except (OSError, SyntaxError, ValueError, RecursionError):
                continue
            drivers += _DRIVER.findall(text)
            for level, name in _imported(module):
                waiting += self._files(path, level, name)
        # One driver is enough where the code can use several.
        if drivers and not any(self._is_there(name) for name in drivers):
            self._note(drivers[0])

    def _files(self, path: str, level: int, name: str) -> List[str]:
        """Return the project's files that an import runs; note a top-level module that is nowhere."""
        if level:
            folder = path
            for _ in range(level):
                folder = os.path.dirname(folder)
            return _below(folder, name)
        top = name.partition(".")[0]
        if top in _BUILT_IN:
            return []
        if top not in self._own and not self._is_there(top):
            self._note(top)
            return []
        places = {os.path.join(self._root, folder) for folder in self._own.get(top, ())}
        return [file for place in sorted(places) for file in _below(place, name)]

    def _is_there(self, top: str) -> bool:
        if top not in self._there:
            try:
                self._there[top] = top in sys.modules or PathFinder.find_spec(top, self._path) is not None
            except (ImportError, ValueError, OSError):
                self._there[top] = True
        return self._there[top]

    def _note(self, name: str) -> None:
        if name not in self.missing:
            self.missing.append(name)


def _below(folder: str, name: str) -> List[str]:
    """Return the files that importing a dotted name from a folder runs, as far as it leads."""
    found: List[str] = []
    for part in filter(None, name.split(".")):
        folder = os.path.join(folder, part)
        found += [path for path in (folder + ".py", os.path.join(folder, "__init__.py")) if os.path.isfile(path)]
    return found


def _imported(module: ast.Module) -> Iterator[Tuple[int, str]]:
    """Yield what a file surely imports as it begins: not what stands in ``try``, ``if`` or a function."""
    for node in module.body:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield 0, alias.name
        elif isinstance(node, ast.ImportFrom):
            yield node.level, node.module or ""
            for alias in node.names:
                yield node.level, ".".join(filter(None, (node.module, alias.name)))
