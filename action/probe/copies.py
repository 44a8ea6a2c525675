"""The project's own packages where an installation has copied them: their modules have to come from the checkout."""

from __future__ import annotations

import filecmp
import os
import sys
from importlib.machinery import ModuleSpec, PathFinder
from typing import Any, Iterator, List, Mapping, NamedTuple, Optional, Sequence

from .alembic_config import read
from .files.paths import is_foreign

LIKENESS = 0.5
"""Least share of an installed package's modules, or of a module's lines, that the repository's has, too.

A build may add many modules; so it is also enough when nearly all of the repository's are installed.
"""


class Copy(NamedTuple):
    """A package, or a single module, of the repository that is installed as well."""

    name: str
    installed: str
    """Folder of the package, or file of the module."""
    source: str
    """The same in this session's checkout."""
    built_from: str
    """The same in the checkout that was installed: another one than ``source`` in the base's session."""

    def counterpart(self, path: str) -> Optional[str]:
        """Return the checkout's path for an installed file; None for a file of something else."""
        return self._below(self.source, path)

    def was_built(self, path: str) -> bool:
        """Tell whether a file has no source in the checkout that was installed: a build has made it."""
        return not os.path.exists(self._below(self.built_from, path) or "")

    def _below(self, other: str, path: str) -> Optional[str]:
        if path == self.installed:
            return other
        return other + path[len(self.installed) :] if path.startswith(self.installed + os.sep) else None


def find_copies(root: str, packages: Mapping[str, Sequence[str]], built_from: str) -> List[Copy]:
    """Return what is installed of the repository's packages.

    ``packages`` has the folders in which each name lies, below ``root``; ``built_from`` is the root that was installed.
    """
    found = []
    for folder in dict.fromkeys(entry for entry in sys.path if isinstance(entry, str) and is_foreign(entry)):
        try:
            listed = os.listdir(folder)
        except OSError:
            continue
        for entry in listed:
            name = entry[:-3] if entry.endswith(".py") else entry
            for below in (os.path.normpath(os.path.join(parent, entry)) for parent in packages.get(name, ())):
                source, built = os.path.join(root, below), os.path.join(built_from, below)
                found += [Copy(name, os.path.join(folder, entry), source, built)] if os.path.exists(source) else []
    return [copy for copy in found if _is_copy(copy)]


def _is_copy(copy: Copy) -> bool:
    if os.path.isfile(copy.installed):
        here, there = (set(read(path).splitlines()) for path in (copy.installed, copy.source))
        return len(here & there) >= LIKENESS * len(here)
    installed, sources = list(_modules(copy.installed)), list(_modules(copy.source))
    shared = sum(os.path.isfile(copy.counterpart(path) or "") for path in installed)
    return shared > 0 and (shared >= LIKENESS * len(installed) or shared >= max(2, 0.8 * len(sources)))


def _modules(path: str) -> Iterator[str]:
    if os.path.isfile(path):
        yield path
    for folder, folders, files in os.walk(path):
        folders[:] = [name for name in folders if name != "__pycache__"]
        yield from (os.path.join(folder, name) for name in files if name.endswith(".py"))


def is_outdated(copy: Copy) -> bool:
    """Tell whether the checkout has another version of any installed module."""
    return any(differs(copy, path) for path in _modules(copy.installed))


def differs(copy: Copy, path: str) -> bool:
    """Tell whether the checkout has another version of one installed module."""
    there = copy.counterpart(path)
    return there is not None and os.path.isfile(there) and not filecmp.cmp(path, there, shallow=False)


class CheckoutFirst:
    """Finds the modules of copied packages in the checkout, and in the installed copy what only a build has made."""

    def __init__(self, copies: Sequence[Copy]) -> None:
        self._copies = {copy.name: copy for copy in copies}

    def install(self) -> None:
        """Be asked before all others."""
        sys.meta_path.insert(0, self)

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
        spec = PathFinder.find_spec(fullname, [above])
        return spec if spec is not None and spec.origin is not None and copy.was_built(spec.origin) else None
