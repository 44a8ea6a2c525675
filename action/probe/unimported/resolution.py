"""What an expression in a file means: an object of this process, or something that another unread file declares."""

from __future__ import annotations

import ast
import os
import sys
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Dict, List, Optional, Set, Tuple, Union

from sqlalchemy import MetaData

from .loaded_modules import LoadedModules, folders_of
from .source_file import Binding, ImportedModule, ImportedName, SourceFile, assignments, last_name, module_file, read

_MAKES_A_BASE = ("declarative_base", "registry", "automap_base", "as_declarative")


@dataclass(frozen=True)
class Loaded:
    """An object of this process."""

    value: Any


@dataclass(frozen=True)
class Unread:
    """A module that was not imported: its file, or the folder of a package without ``__init__.py``."""

    path: str


@dataclass(frozen=True)
class DeclaredClass:
    """A class of a module that was not imported."""

    source: SourceFile
    node: ast.ClassDef


@dataclass(frozen=True)
class Made:
    """A base or registry that a module makes which was not imported, with the metadata that it is given."""

    metadata: Any


Value = Union[Loaded, Unread, DeclaredClass, Made, None]
"""None for what is not known."""


class Resolver:
    """Follows names through files, into the modules of this process."""

    def __init__(self, modules: LoadedModules) -> None:
        self._modules = modules
        self._sources: Dict[str, Optional[SourceFile]] = {}
        self._under_way: Set[Tuple[str, str]] = set()

    def source(self, path: str) -> Optional[SourceFile]:
        """Return a file as it can be read; None where it cannot."""
        if path not in self._sources:
            self._sources[path] = read(path)
        return self._sources[path]

    def value(self, source: SourceFile, node: Optional[ast.AST]) -> Value:
        """Return what an expression at the top level of a file means."""
        if isinstance(node, ast.Name):
            return self._name(source, node.id)
        if isinstance(node, ast.Attribute):
            return self._attribute(self.value(source, node.value), node.attr)
        if isinstance(node, ast.Subscript):  # Base[int]
            return self.value(source, node.value)
        if isinstance(node, ast.Constant):
            return Loaded(node.value)
        return self._call(source, node) if isinstance(node, ast.Call) else None

    def metadata(self, value: Value) -> Any:
        """Return the MetaData of a base, a registry, a class or of itself; None where there is none or not known."""
        if isinstance(value, Made):
            return value.metadata
        if isinstance(value, Loaded) and not isinstance(value.value, ModuleType):
            found = value.value if isinstance(value.value, MetaData) else _attribute(value.value, "metadata")
            return found if isinstance(found, MetaData) else None
        return self._metadata_of_class(value) if isinstance(value, DeclaredClass) else None

    def _metadata_of_class(self, declared: DeclaredClass) -> Any:
        own = dict(assignments(declared.node.body)).get("metadata")
        if own is not None:
            return self.metadata(self.value(declared.source, own))
        makers = [self.value(declared.source, decorator) for decorator in declared.node.decorator_list]
        parents = [*(maker for maker in makers if isinstance(maker, Made)), *self.parents(declared)]
        return next((found for found in map(self.metadata, parents) if found is not None), None)

    def parents(self, declared: DeclaredClass) -> List[Value]:
        """Return what a class inherits from, as far as known."""
        return [self.value(declared.source, base) for base in declared.node.bases]

    def _call(self, source: SourceFile, call: ast.Call) -> Value:
        name = last_name(call.func)
        if name == "generate_base" and isinstance(call.func, ast.Attribute):
            return Made(self.metadata(self.value(source, call.func.value)))
        if name in _MAKES_A_BASE:
            given = next((k.value for k in call.keywords if k.arg == "metadata"), None)
            return Made(self.metadata(self.value(source, given)))
        return None

    def _name(self, source: SourceFile, name: str) -> Value:
        key = (source.path, name)
        if key in self._under_way:
            return None
        self._under_way.add(key)
        try:
            if name in source.bindings:
                return self._bound(source, source.bindings[name])
            return self._starred(source, name)
        finally:
            self._under_way.discard(key)

    def _starred(self, source: SourceFile, name: str) -> Value:
        for module, level in reversed(source.stars) if not name.startswith("_") else ():
            found = self._attribute(self._module(source, module, level), name)
            if found is not None:
                return found
        return None

    def _bound(self, source: SourceFile, binding: Binding) -> Value:
        if isinstance(binding, ImportedModule):
            return self._module(source, binding.name, 0)
        if isinstance(binding, ImportedName):
            return self._attribute(self._module(source, binding.module, binding.level), binding.name)
        if isinstance(binding, ast.ClassDef):
            return DeclaredClass(source, binding)
        return self.value(source, binding)

    def _module(self, source: SourceFile, name: str, level: int) -> Value:
        return self._at(*self._modules.located(source.path, name, level))

    def _at(self, path: Optional[str], module: Optional[ModuleType]) -> Value:
        if module is not None:
            return Loaded(module)
        return Unread(path) if path is not None else None

    def _attribute(self, value: Value, name: str) -> Value:
        if isinstance(value, Loaded):
            if isinstance(value.value, ModuleType):
                return self._of_module(value.value, name)
            found = _attribute(value.value, name)
            return Loaded(found) if found is not None else None
        if isinstance(value, Unread):
            return self._of_unread(value.path, name)
        if isinstance(value, DeclaredClass) and name not in ("metadata", "registry"):
            return self.value(value.source, dict(assignments(value.node.body)).get(name))
        return Made(self.metadata(value)) if name in ("metadata", "registry") else None

    def _of_module(self, module: ModuleType, name: str) -> Value:
        # Not getattr(): a module's own __getattr__ may import what nobody imported.
        if name in vars(module):
            return Loaded(vars(module)[name])
        return self._in_folders(folders_of(module), name, sys.modules.get("%s.%s" % (module.__name__, name)))

    def _of_unread(self, path: str, name: str) -> Value:
        if os.path.isdir(path):
            return self._in_folders([path], name)
        source = self.source(path)
        found = self._name(source, name) if source is not None else None
        if found is None and os.path.basename(path) == "__init__.py":
            return self._in_folders([os.path.dirname(path)], name)
        return found

    def _in_folders(self, folders: Any, name: str, module: Optional[ModuleType] = None) -> Value:
        paths = (module_file(os.path.join(folder, name)) for folder in folders)
        path = next((found for found in paths if found), None)
        return self._at(path, module if module is not None else self._modules.at(path))


def _attribute(value: Any, name: str) -> Any:
    try:
        return getattr(value, name, None)
    except Exception:  # a proxy that asks for what is not there now
        return None
