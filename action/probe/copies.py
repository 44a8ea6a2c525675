"""The project's own packages where an installation has copied them: their modules have to come from the checkout."""

from __future__ import annotations

import filecmp
import os
import sys
from importlib.machinery import ModuleSpec, PathFinder
from typing import Any, Iterator, List, Mapping, NamedTuple, Optional, Sequence

from .watching.frames import FOREIGN

LIKENESS = 0.8
"""Least share of an installed package's modules that the repository's folder of that name has, too."""


class Copy(NamedTuple):
    """A package, or a single module, of the repository that is installed as well."""

    name: str
    installed: str
    """Folder of the package, or file of the module."""
    source: str
    """The same in the checkout."""

    def counterpart(self, path: str) -> Optional[str]:
        """Return the checkout's path for an installed file; None for a file of something else."""
        if path == self.installed:
            return self.source
        if path.startswith(self.installed + os.sep):
            return self.source + path[len(self.installed) :]
        return None


def find_copies(root: str, packages: Mapping[str, Sequence[str]]) -> List[Copy]:
    """Return what is installed of the repository's packages; ``packages`` has the folders in which each name lies."""
    found = []
    for folder in dict.fromkeys(entry for entry in sys.path if isinstance(entry, str) and _is_foreign(entry)):
        try:
            listed = os.listdir(folder)
        except OSError:
            continue
        for entry in listed:
            name = entry[:-3] if entry.endswith(".py") else entry
            sources = [os.path.join(root, parent, entry) for parent in packages.get(name, ())]
            found += [Copy(name, os.path.join(folder, entry), source) for source in sources if os.path.exists(source)]
    return [copy for copy in found if _is_copy(copy)]


def _is_foreign(folder: str) -> bool:
    return any(part in folder + os.sep for part in FOREIGN)


def _is_copy(copy: Copy) -> bool:
    modules = list(_modules(copy.installed))
    if os.path.isfile(copy.installed):
        return filecmp.cmp(copy.installed, copy.source, shallow=False)
    shared = [path for path in modules if os.path.isfile(copy.counterpart(path) or "")]
    return len(shared) > 0 and len(shared) >= LIKENESS * len(modules)


def _modules(path: str) -> Iterator[str]:
    if os.path.isfile(path):
        yield path
    for folder, folders, files in os.walk(path):
        folders[:] = [name for name in folders if name != "__pycache__"]
        yield from (os.path.join(folder, name) for name in files if name.endswith(".py"))


def differs(copy: Copy) -> bool:
    """Tell whether the checkout has another version of any installed module."""
    pairs = ((path, copy.counterpart(path) or "") for path in _modules(copy.installed))
    return any(os.path.isfile(there) and not filecmp.cmp(here, there, shallow=False) for here, there in pairs)


class CheckoutFirst:
    """Finds the modules of copied packages in the checkout; only what a build has made comes from the installed copy."""

    def __init__(self, copies: Sequence[Copy]) -> None:
        self._copies = {copy.name: copy for copy in copies}

    def install(self) -> None:
        """Ask this finder before all others."""
        sys.meta_path.insert(0, self)  # type: ignore[arg-type]

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> Optional[ModuleSpec]:
        """Return where a module comes from; None for one that is not ours to find."""
        copy = self._copies.get(fullname.partition(".")[0])
        if copy is None:
            return None
        if path is None:
            return PathFinder.find_spec(fullname, [os.path.dirname(copy.source)])
        spec = PathFinder.find_spec(fullname, path)
        return spec if spec is not None else self._made_by_a_build(fullname, copy)

    def _made_by_a_build(self, fullname: str, copy: Copy) -> Optional[ModuleSpec]:
        above = os.path.join(copy.installed, *fullname.split(".")[1:-1])
        return PathFinder.find_spec(fullname, [above])


def strays(copies: Sequence[Copy], moved_from: Optional[str]) -> List[str]:
    """Return the loaded modules that come from another checkout, or from an installed copy that differs from ours."""
    found = []
    for name, module in list(sys.modules.items()):
        path = getattr(module, "__file__", None)
        if isinstance(path, str) and (_is_of(path, moved_from) or any(_is_old(path, copy) for copy in copies)):
            found.append(name)
    return sorted(found)


def _is_of(path: str, root: Optional[str]) -> bool:
    """Tell whether a file lies below a root and is no part of an environment there."""
    installed = os.path.realpath(sys.prefix) + os.sep
    if root is None or not path.startswith(root + os.sep) or _is_foreign(os.path.dirname(path)):
        return False
    return not os.path.realpath(path).startswith(installed)


def _is_old(path: str, copy: Copy) -> bool:
    there = copy.counterpart(path)
    return there is not None and os.path.isfile(there) and not filecmp.cmp(path, there, shallow=False)
