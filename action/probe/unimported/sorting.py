"""The search itself: of the files that may declare tables, those that nobody imported and that do."""

from __future__ import annotations

import os
from typing import Any, Iterable, List, Optional

from ..protocol.event_fields import UnimportedFields, UnimportedFileFields
from .declared_tables import TableReader
from .loaded_modules import LoadedModules
from .resolution import Resolver
from .scope import Scope, is_module


def find_unimported(files: Iterable[str], root: str, env_py: str, metadatas: List[Any]) -> UnimportedFields:
    """Sort files, which are relative to the root, into those that were imported and those that declare more tables.

    A file of which neither is known is left out.
    """
    sorter = _Sorter(LoadedModules(root, env_py), metadatas)
    found: UnimportedFields = {"loaded": [], "files": [], "error": None}
    for file in files:
        path = sorter.modules.real.of(os.path.join(root, file))
        if sorter.modules.is_loaded(path):
            found["loaded"].append(file)
            continue
        declared = sorter.declared(path, file)
        if declared is not None:
            found["files"].append(declared)
    return found


class _Sorter:
    def __init__(self, modules: LoadedModules, metadatas: List[Any]) -> None:
        self.modules = modules
        self._scope = Scope(modules)
        self._resolver = Resolver(modules)
        self._reader = TableReader(self._resolver, metadatas)

    def declared(self, path: str, file: str) -> Optional[UnimportedFileFields]:
        """Return what a file declares; None where that is nothing, or it is none of the project's modules."""
        try:
            return self._declared(path, file)
        except Exception:  # a file that cannot be read is left out
            return None

    def _declared(self, path: str, file: str) -> Optional[UnimportedFileFields]:
        module = self.modules.name_of(path) if self._scope.has(path) else None
        source = self._resolver.source(path) if module is not None else None
        if module is None or source is None or not is_module(source):
            return None
        tables = self._reader.tables(source)
        if not tables or not self._scope.can_import(source):
            return None
        return {"path": file, "line": tables[0].line, "module": module, "tables": [str(table) for table in tables]}
