"""What this process has imported, by file, and under which name it would import a file that it has not."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import os
import sys
from types import ModuleType
from typing import Any, Dict, Iterable, Iterator, List, Optional, Tuple

from ..files.paths import RealPaths, is_foreign
from ..files.reading_files import read_regular
from .source_file import module_file

_LIBRARY = os.path.dirname(os.__file__) + os.sep


def is_installed(path: str) -> bool:
    """Return whether a path is in a folder for installed packages or the standard library."""
    return is_foreign(path) or path.startswith(_LIBRARY)


class LoadedModules:
    """The modules of ``sys.modules`` and where they came from."""

    def __init__(self, root: str, env_py: str) -> None:
        self.root, self.env_py = os.path.realpath(root), os.path.realpath(env_py)
        self.real = RealPaths()
        self._by_file: Dict[str, ModuleType] = {}
        self._packages: Dict[str, str] = {}
        for name, module in list(sys.modules.items()):
            if isinstance(module, ModuleType):
                self._add(name, module)
        self._entries = {os.path.realpath(entry or ".") for entry in sys.path if isinstance(entry, str)}

    def _add(self, name: str, module: ModuleType) -> None:
        file = vars(module).get("__file__")
        if isinstance(file, str) and not is_installed(file):
            self._by_file.setdefault(self.real.of(file), module)
        for folder in folders_of(module):
            if not is_installed(folder):
                self._packages.setdefault(self.real.of(folder), name)

    def files(self) -> Iterator[str]:
        """Yield the files of the repository that were run."""
        yield self.env_py
        yield from (file for file in self._by_file if file.startswith(self.root + os.sep))

    def is_package(self, folder: str) -> bool:
        """Return whether a package was imported from a folder."""
        return folder in self._packages

    def is_loaded(self, path: str) -> bool:
        """Return whether a file of the repository was run, or an installed copy of it."""
        if path in self._by_file or path == self.env_py:
            return True
        return any(True for _ in self._copies(path))

    def _copies(self, path: str) -> Iterator[ModuleType]:
        """Yield the installed modules that have the end of a path as their name."""
        parts = self.parts(path)
        for start in range(len(parts)):
            module = sys.modules.get(".".join(parts[start:]))
            file = getattr(module, "__dict__", {}).get("__file__")
            if isinstance(module, ModuleType) and isinstance(file, str) and is_installed(file):
                yield module

    def parts(self, path: str) -> List[str]:
        """Return the names of the folders below the root and of the module; a package has the name of its folder."""
        parts = os.path.relpath(path, self.root).split(os.sep)
        parts[-1] = os.path.splitext(parts[-1])[0]
        return parts[:-1] if parts[-1] == "__init__" else parts

    def name_of(self, path: str) -> Optional[str]:
        """Return the name by which env.py can import a file; None where it cannot."""
        parts = self.parts(path)
        installed = self._installed_name(parts)
        if installed is not None:
            return installed
        for start in reversed(range(len(parts))):
            rest = parts[start:]
            if not all(part.isidentifier() for part in rest):
                return None
            folder = os.path.join(self.root, *parts[:start]) if start else self.root
            if folder in self._packages:
                return ".".join([self._packages[folder], *rest])
            if folder in self._entries and _is_found(rest[0], folder):
                return ".".join(rest)
        return None

    def _installed_name(self, parts: List[str]) -> Optional[str]:
        """Return the name of a file whose package is imported from an installed copy, which has the file too."""
        for start in range(len(parts) - 1):
            package = sys.modules.get(parts[start])
            for folder in folders_of(package):
                if is_installed(folder) and module_file(os.path.join(folder, *parts[start + 1 :])):
                    return ".".join(parts[start:])
        return None

    def at(self, path: Optional[str]) -> Optional[ModuleType]:
        """Return the module that came from a file or a folder of the repository, or from an equal installed copy."""
        if path is None:
            return None
        if path in self._by_file:
            return self._by_file[path]
        if os.path.isdir(path):
            return sys.modules.get(self._packages.get(path, ""))
        return next((module for module in self._copies(path) if _same(path, str(module.__file__))), None)

    def located(self, importer: str, name: str, level: int) -> Tuple[Optional[str], Optional[ModuleType]]:
        """Return the file or folder that an import in a file means, and the module that came from there."""
        parts = [part for part in name.split(".") if part]
        if level:
            folder = importer
            for _ in range(level):
                folder = os.path.dirname(folder)
            path = module_file(os.path.join(folder, *parts))
            return path, self.at(path)
        path = self._beside(importer, parts)
        module = sys.modules.get(name)
        if path is not None and (module is None or os.path.isfile(path)):
            return path, self.at(path)
        if module is not None:
            return None, module
        path = next((found for found in self._on_path(parts) if found), None)
        return path, self.at(path)

    def _beside(self, importer: str, parts: List[str]) -> Optional[str]:
        """Return what an import means in the project that the file is part of, one of several in the repository."""
        folder = os.path.dirname(importer)
        while folder == self.root or folder.startswith(self.root + os.sep):
            found = module_file(os.path.join(folder, *parts))
            if found is not None and not os.path.isfile(os.path.join(folder, "__init__.py")):
                return found
            folder = os.path.dirname(folder)
        return None

    def _on_path(self, parts: List[str]) -> Iterator[Optional[str]]:
        for folder in folders_of(sys.modules.get(parts[0])):
            yield module_file(os.path.join(folder, *parts[1:])) if parts[1:] else None
        for folder in self._entries:
            if folder.startswith(self.root):
                yield module_file(os.path.join(folder, *parts))


def folders_of(module: Any) -> Iterable[str]:
    """Return where the modules of a package are looked for; nothing for a module that is no package."""
    try:
        return [str(folder) for folder in getattr(module, "__dict__", {}).get("__path__") or ()]
    except Exception:  # a namespace package looks its parent up for that, which may be gone
        return []


def can_be_found(name: str) -> bool:
    """Return whether a top-level module can be imported, without importing it."""
    if name in sys.modules or name in sys.builtin_module_names:
        return True
    try:
        return importlib.util.find_spec(name) is not None
    except Exception:  # finders of others
        return False


def _is_found(top: str, folder: str) -> bool:
    """Return whether a top-level module comes from this folder of ``sys.path``, not from another one before it."""
    module = sys.modules.get(top)
    places = list(folders_of(module))
    if module is not None:
        places = places or [str(getattr(module, "__dict__", {}).get("__file__"))]
    else:
        spec = importlib.machinery.PathFinder.find_spec(top)
        places = list((spec and spec.submodule_search_locations) or [str(spec and spec.origin)])
    return folder in {os.path.dirname(os.path.realpath(place)) for place in places}


def _same(one: str, other: str) -> bool:
    try:
        return read_regular(one) == read_regular(other)
    except OSError:
        return False
