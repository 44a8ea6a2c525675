"""Which files of the project use which others: by importing them, by reading them, or by sharing a MetaData."""

from __future__ import annotations

import builtins
import importlib
import os
import sys
import time
from importlib.util import source_from_cache
from types import FrameType
from typing import Any, Dict, Iterable, List, Optional, Set, Tuple

from ..protocol.requests import OPERATIONS
from .frames import Places

READS = frozenset({"open", "os.listdir", "os.scandir", "subprocess.Popen"})
"""Audit events of Python (docs.python.org/library/audit_events.html) that name a file that is read."""
MACHINERY = ("<frozen importlib", "<frozen zipimport", "linecache.py", "tokenize.py")
METADATA = "metadata:"
"""Begins the name of a MetaData, which stands between the files that share it."""
_WRITES = ("w", "a", "x")
_MOST_WRITTEN = 1000


class Uses:
    """Takes note of every import and every reading of the project's own code; ``watch`` once, before any of it runs."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._imports: Set[Tuple[str, str, Tuple[str, ...]]] = set()
        """File of the importer, absolute name of the module, and the names that are taken from it."""
        self._reads: Set[Tuple[str, str]] = set()
        """File of the reader, and what it reads."""
        self._written: Dict[str, float] = {}
        """Files that were opened to be written, and when: as ``time.perf_counter`` has it."""

    def watch(self) -> None:
        """Listen to imports and to Python's audit events, for as long as the process lives."""
        builtins.__import__ = self._importing(builtins.__import__)
        importlib.import_module = self._importing_by_name(importlib.import_module)
        sys.addaudithook(self._audit)

    @property
    def count(self) -> int:
        """Return how much was noted so far: it only grows."""
        return len(self._imports) + len(self._reads)

    def written(self, since: float) -> List[str]:
        """Return the files that were opened to be written since then, and that are there."""
        found = [path for path, when in self._written.items() if when >= since and os.path.isfile(path)]
        return [self._places.relative(path) or path for path in found]

    def files(self) -> Dict[str, List[str]]:
        """Return the files that each file of the project uses itself; a MetaData stands between those that share it."""
        found: Dict[str, Set[str]] = {}
        imported: Dict[Tuple[str, Tuple[str, ...]], List[str]] = {}
        for importer, module, names in self._imports:
            if (module, names) not in imported:
                imported[module, names] = self._imported(module, names)
            found.setdefault(importer, set()).update(imported[module, names])
        for reader, path in self._reads:
            found.setdefault(reader, set()).add(path)
        for path, shared in self._sharing():
            found.setdefault(path, set()).add(shared)
            found.setdefault(shared, set()).add(path)
        operations = set(filter(self._is_ours, _files_of_operations()))
        if operations:
            found[OPERATIONS] = operations
        by_path: Dict[str, Set[str]] = {}
        for user, used in found.items():  # one file may be known by several names: links, an installed copy
            by_path.setdefault(self._relative(user), set()).update(filter(None, map(self._relative, used)))
        return {user: sorted(used) for user, used in by_path.items()}

    def _importing(self, original: Any) -> Any:
        def import_(name: str, *given: Any, **named: Any) -> Any:
            module = original(name, *given, **named)
            scope = given[0] if given else named.get("globals")
            importer = scope.get("__file__") if isinstance(scope, dict) else None
            if isinstance(scope, dict) and isinstance(importer, str) and self._is_ours(importer):
                fromlist = given[2] if len(given) > 2 else named.get("fromlist")
                level = given[3] if len(given) > 3 else named.get("level", 0)
                self._note_import(importer, _absolute(name, scope, level), fromlist)
            return module

        import_.__wrapped__ = original  # type: ignore[attr-defined]
        return import_

    def _importing_by_name(self, original: Any) -> Any:
        def import_module(name: str, package: Optional[str] = None) -> Any:
            module = original(name, package)
            importer = sys._getframe(1).f_globals.get("__file__")
            if isinstance(importer, str) and self._is_ours(importer):
                self._imports.add((importer, getattr(module, "__name__", name), ("*",)))
            return module

        return import_module

    def _note_import(self, importer: str, module: str, fromlist: Any) -> None:
        names = tuple(name for name in fromlist or () if isinstance(name, str))
        self._imports.add((importer, module, names))

    def _audit(self, event: str, arguments: Tuple[Any, ...]) -> None:
        if event not in READS:
            return
        try:
            if event == "open" and _is_to_be_written(arguments[1]):
                self._note_written(arguments[0])
            self._note_reads(event, arguments)
        except Exception:  # an exception here would become one of the project's
            return

    def _note_reads(self, event: str, arguments: Tuple[Any, ...]) -> None:
        paths = [path for path in map(_source, _paths_of(event, arguments)) if self._is_ours(path)]
        frame: Optional[FrameType] = sys._getframe(2)
        if not paths or frame is None or _is_listing_of_python(event, frame):
            return
        while frame is not None and not self._is_ours(frame.f_code.co_filename):
            frame = frame.f_back
        if frame is not None:
            self._reads.update((frame.f_code.co_filename, path) for path in paths)

    def _note_written(self, path: Any) -> None:
        if isinstance(path, (str, bytes, os.PathLike)) and len(self._written) < _MOST_WRITTEN:
            self._written[os.path.abspath(os.fsdecode(path))] = time.perf_counter()

    def _is_ours(self, path: str) -> bool:
        return self._places.relative(path) is not None

    def _relative(self, path: str) -> str:
        return path if path.startswith((METADATA, OPERATIONS)) else self._places.relative(path) or ""

    def _imported(self, module: str, names: Tuple[str, ...]) -> List[str]:
        """Return the files of a module, of the packages above it, and of the modules that are taken from it."""
        parts = module.split(".")
        wanted = [".".join(parts[: count + 1]) for count in range(len(parts))]
        wanted += ["%s.%s" % (module, name) for name in names]
        if not names or "*" in names:  # ``import package`` lets every module of it that is loaded be used
            wanted += [name for name in list(sys.modules) if name.startswith(module + ".")]
        files = (getattr(sys.modules.get(name), "__file__", None) for name in wanted)
        return [path for path in files if isinstance(path, str) and self._is_ours(path)]

    def _sharing(self) -> Iterable[Tuple[str, str]]:
        """Yield each file of a module that holds a MetaData, or what is declared on it, with a name for the MetaData.

        ``create_all`` and the mappers see whatever any module has put there, imported by the migration or not.
        """
        sqlalchemy = sys.modules.get("sqlalchemy")
        if sqlalchemy is None:
            return
        for module in list(sys.modules.values()):
            path = getattr(module, "__file__", None)
            if not isinstance(path, str) or not self._is_ours(path):
                continue
            held = {id(found) for value in list(vars(module).values()) for found in _metadata_of(value, sqlalchemy)}
            for number in held:
                yield path, METADATA + str(number)


def _metadata_of(value: Any, sqlalchemy: Any) -> Iterable[Any]:
    if isinstance(value, sqlalchemy.MetaData):
        return [value]
    if isinstance(value, (type, sqlalchemy.Table)):
        found = getattr(value, "metadata", None)
        return [found] if isinstance(found, sqlalchemy.MetaData) else []
    return []


def _files_of_operations() -> Iterable[str]:
    """Return the files that implement operations: the project's own among them, as ``op.create_view``."""
    base = sys.modules.get("alembic.operations.base")
    registry = getattr(getattr(getattr(base, "Operations", None), "_to_impl", None), "_registry", {})
    codes = (getattr(function, "__code__", None) for function in list(registry.values()))
    return [code.co_filename for code in codes if code is not None]


def _absolute(name: str, scope: Dict[str, Any], level: int) -> str:
    if not level:
        return name
    package = str(scope.get("__package__") or scope.get("__name__") or "").split(".")
    above = ".".join(package[: len(package) - level + 1])
    return "%s.%s" % (above, name) if name else above


def _paths_of(event: str, arguments: Tuple[Any, ...]) -> List[str]:
    """Return the paths that an audit event says are read."""
    if event == "subprocess.Popen":
        listed = arguments[1] if isinstance(arguments[1], (list, tuple)) else str(arguments[1]).split()
        words = [os.fsdecode(word) for word in listed if isinstance(word, (str, bytes, os.PathLike))]
        folder = os.fsdecode(arguments[2]) if arguments[2] else os.getcwd()
        return [path for path in (os.path.join(folder, word) for word in words) if os.path.isfile(path)]
    if event == "open" and _is_to_be_written(arguments[1]):
        return []
    path = arguments[0]
    return [os.path.abspath(os.fsdecode(path))] if isinstance(path, (str, bytes, os.PathLike)) else []


def _is_to_be_written(mode: Any) -> bool:
    return isinstance(mode, str) and mode[:1] in _WRITES


def _is_listing_of_python(event: str, frame: FrameType) -> bool:
    """Tell the import system's look into a folder, or a traceback's into a source file, from the project's own."""
    name = frame.f_code.co_filename
    return (event != "open" and name.startswith(MACHINERY[:2])) or name.endswith(MACHINERY[2:])


def _source(path: str) -> str:
    """Return the source of a compiled module, which is what was meant."""
    if os.path.basename(os.path.dirname(path)) != "__pycache__":
        return path
    try:
        return source_from_cache(path)
    except ValueError:
        return path
