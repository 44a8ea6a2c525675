"""The files of a repository that the code of a tree may reach by importing, read without running any of it."""

from __future__ import annotations

import os
import sys
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath

from action.project.source_imports import SourceImports, read_imports
from action.repository.inside import read_inside
from action.sandbox.looking import is_file

_IMPLICIT = ("sitecustomize", "usercustomize")
"""Modules that the interpreter itself imports as it starts."""
_MOST_BYTES = 5 << 20
"""Bytes of a source file; a larger one is data."""


class UnclearError(Exception):
    """It cannot be said what the code of a tree reaches; ``str(error)`` says why."""


@dataclass(slots=True)
class Sources:
    """The files of a repository, of the working tree and of its base together, by their paths from the root."""

    root: Path
    names: Collection[str]
    _read: dict[str, SourceImports | None] = field(default_factory=dict)

    def imports(self, path: str) -> SourceImports | None:
        """Return what a file may import; None for one that the working tree does not have. Raises UnclearError."""
        if path not in self._read:
            self._read[path] = self._imports(path)
        return self._read[path]

    def _imports(self, path: str) -> SourceImports | None:
        if not is_file(self.root / path):
            return None
        try:
            return read_imports(read_inside(self.root / path, self.root, most=_MOST_BYTES))
        except (OSError, SyntaxError, ValueError, RecursionError, MemoryError) as error:
            raise UnclearError(f"{path} cannot be read: {error}") from error


@dataclass(frozen=True)
class ModuleIndex:
    """Which folders of a repository have a module of a name."""

    names: Collection[str]

    @cached_property
    def files(self) -> frozenset[str]:
        """Return the Python files."""
        return frozenset(name for name in self.names if name.endswith(".py"))

    @cached_property
    def folders(self) -> frozenset[str]:
        """Return the folders that Python files lie in, at any depth."""
        return frozenset(str(parent) for name in self.files for parent in PurePosixPath(name).parents)

    @cached_property
    def homes(self) -> dict[str, list[str]]:
        """Return by the name of a top-level module or package the folders that have it."""
        found: dict[str, set[str]] = defaultdict(set)
        for name in self.files:
            path = PurePosixPath(name)
            found[path.stem].add(str(path.parent))
        for folder in self.folders:
            path = PurePosixPath(folder)
            found[path.name].add(str(path.parent))
        return {name: sorted(places) for name, places in found.items()}

    def module(self, folder: str, dotted: str) -> tuple[set[str], bool]:
        """Return the files that importing a name from a folder runs, and whether the whole name is a module there."""
        here, found = folder, set[str]()
        parts = dotted.split(".")
        for number, part in enumerate(parts, start=1):
            path = _joined(here, part)
            found |= {name for name in (f"{path}.py", f"{path}/__init__.py") if name in self.files}
            if path not in self.folders:
                return found, number == len(parts) and f"{path}.py" in self.files
            here = path
        return found, True

    def root_of(self, path: str) -> str:
        """Return the folder that a file's top-level package lies in."""
        folder = PurePosixPath(path).parent
        while f"{folder}/__init__.py" in self.files and folder.name:
            folder = folder.parent
        return str(folder)

    def below(self, folder: str) -> set[str]:
        """Return all Python files below a folder."""
        return {name for name in self.files if is_below(name, folder)}


def is_below(path: str, folder: str) -> bool:
    """Return whether a path lies in a folder, at any depth; both from the root, which is ``.``."""
    return folder == "." or path == folder or path.startswith(f"{folder}/")


def _joined(folder: str, name: str) -> str:
    return name if folder == "." else f"{folder}/{name}"


@dataclass(slots=True)
class Reach:
    """Follows imports from the files of one tree; ``files`` are those that it came to."""

    sources: Sources
    index: ModuleIndex
    folders: list[str]
    """Where an absolute import is looked for, from the root."""
    files: set[str] = field(default_factory=set)
    _known: dict[tuple[str, str, int], set[str]] = field(default_factory=dict)
    """What a name leads to, by the name, the folder of the package that imports it, and how many folders there are."""

    def follow(self, start: Iterable[str], names: Iterable[str] = ()) -> None:
        """Follow the imports of files, and the given names of modules. Raises UnclearError."""
        waiting = [*start]
        for name in (*_IMPLICIT, *names):
            waiting += self._found(name, self.folders, anywhere=False)
        while waiting:
            path = waiting.pop()
            if path in self.files:
                continue
            self.files.add(path)
            imports = self.sources.imports(path)
            if imports is not None:
                waiting += self._imported(path, imports)

    def _imported(self, path: str, imports: SourceImports) -> Iterator[str]:
        own, here = self.index.root_of(path), str(PurePosixPath(path).parent)
        for entry in imports.path_entries:
            self._look_in(entry, here)
        folders = [*self.folders, own]
        for name in (*imports.names, *imports.members):
            key = (name, own, len(folders))
            if key not in self._known:
                self._known[key] = self._led_to(name, folders, is_module=name in imports.names)
            yield from self._known[key]
        for name in imports.spelled:
            yield from self._found(name, folders, anywhere=False)
        for level, name in imports.relative:
            yield from self._relative(here, level, name)
        if imports.is_dynamic:
            # What it computes the names from is not known: a package that loads its own parts is the usual case.
            yield from self.index.below(here if here != own else path)
            for name in imports.spelled:
                for folder in folders:
                    place = _joined(folder, name.replace(".", "/"))
                    yield from self.index.below(place) if place in self.index.folders else ()

    def _led_to(self, name: str, folders: Sequence[str], *, is_module: bool) -> set[str]:
        """Return the files of what an import names; what ``from`` names beside a module may be no module."""
        if is_module:
            return self._found(name, folders, anywhere=True)
        module, homes = name.rpartition(".")[0] or name, self.index.homes.get(name.partition(".")[0], ())
        is_here = any(self.index.module(folder, module)[1] for folder in homes if folder in folders)
        return self._found(name, folders, anywhere=False) | (set() if is_here else self._elsewhere(name))

    def _relative(self, here: str, level: int, name: str) -> Iterator[str]:
        folder = PurePosixPath(here)
        for _ in range(level - 1):
            folder = folder.parent
        init = _joined(str(folder), "__init__.py")
        yield from (init,) if init in self.index.files else ()
        if name:
            yield from self.index.module(str(folder), name)[0]

    def _found(self, name: str, folders: Sequence[str], *, anywhere: bool) -> set[str]:
        """Return the files of a name: in the folders, or else wherever the repository has the name."""
        homes = self.index.homes.get(name.partition(".")[0], ())
        looked_at = [self.index.module(folder, name) for folder in homes if folder in folders]
        found = set[str]().union(*(files for files, _ in looked_at))
        if not anywhere or any(whole for _, whole in looked_at):
            return found
        return found | self._elsewhere(name)

    def _elsewhere(self, name: str) -> set[str]:
        """Return the files of a name wherever the repository has all of it, unless it is the standard library's."""
        top = name.partition(".")[0]
        if top in sys.stdlib_module_names:
            return set()
        looked_at = [self.index.module(folder, name) for folder in self.index.homes.get(top, ())]
        return set[str]().union(*(files for files, whole in looked_at if whole))

    def _look_in(self, entry: str, here: str) -> None:
        """Add the folders that a text in a statement about ``sys.path`` may mean."""
        parts = entry.strip("/")
        for base in dict.fromkeys((here, *map(str, PurePosixPath(here).parents))):
            folder = os.path.normpath(_joined(base, parts)) if parts else base
            if not folder.startswith("..") and folder in self.index.folders and folder not in self.folders:
                self.folders.append(folder)
