"""The files of a repository that a tree uses: rather too many than too few, read without running any of them.

They are what its own folders hold, what its code may import from the rest of the repository, and what decides its
dependencies and settings.
"""

from __future__ import annotations

import fnmatch
import os
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from action.project.alembic_tree import Tree
from action.project.reach import ModuleIndex, Reach, Sources, UnclearError, is_below

_DECLARES = (
    *("pyproject.toml", "setup.py", "setup.cfg", "*.lock", "Pipfile", "pylock*.toml", "poetry.toml", "uv.toml"),
    *("*requirements*.txt", "*requirements*.in", "*constraints*.txt", "environment*.y*ml", "conda*.y*ml"),
)
"""Names of files that declare the packages of a project."""
_DECIDES = (
    *_DECLARES,
    *(".python-version", "runtime.txt", ".tool-versions", "mise.toml", ".env*", ".flaskenv", "*compose*.y*ml"),
    *("pip.conf", "Dockerfile*", "*.Dockerfile"),
    *("alembic*.ini", "alembic*.cfg"),
)
"""Names of files that decide which packages and settings a project has, in a folder with code or above it."""
_FOLDERS_THAT_DECIDE = re.compile(r"(?P<above>|.*/)(requirements|\.github/workflows)/[^/]+")
_FOR_PEOPLE = (".md", ".rst", ".adoc", ".png", ".jpg", ".jpeg", ".gif", ".svg", ".ico", ".webp", ".pdf")
"""Ends of the names of files that no migration reads."""
_OF_PROGRAMS = frozenset({"current_app", "advanced_alchemy"})
"""Words of an env.py that a program runs, whose models are those of the application."""
_WORD = re.compile(r"[\w.-]+")
_MODULE = re.compile(r"[A-Za-z_]\w*(\.\w+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedBySettings:
    """What the settings say about files of the project."""

    env: Mapping[str, str]
    commands: tuple[str, ...] = ()
    """Texts that may name a file or a module, such as the command that installs dependencies."""
    names_program: bool = False
    """Whether a program of the project, which they name, runs the migrations."""

    @property
    def words(self) -> frozenset[str]:
        """Return the words of the commands: names of files, without their folders, and of modules."""
        return frozenset(word for text in self.commands for word in _WORD.findall(text))

    @property
    def python_path(self) -> tuple[Path, ...]:
        """Return the entries of PYTHONPATH that the project's code gets."""
        written = self.env.get("PYTHONPATH", os.environ.get("PYTHONPATH", ""))
        return tuple(Path(entry) for entry in written.split(os.pathsep) if entry)


class TreeFiles:
    """The files that each tree of a project uses."""

    def __init__(self, every: Sequence[Tree], root: Path, names: Collection[str], settings: NamedBySettings) -> None:
        """``names`` has every file of the working tree and of the base, relative to ``root``."""
        self._every, self._root, self._settings = every, root, settings
        self._names = frozenset(name for name in names if not name.lower().endswith(_FOR_PEOPLE))
        self._index = ModuleIndex(self._names)
        self._sources = Sources(root, self._names)
        self._deciding = tuple(_deciding(self._names))
        words = settings.words
        self._commanded = {name for name in self._names if PurePosixPath(name).name in words}

    def of(self, tree: Tree) -> frozenset[str] | None:
        """Return the files that a tree uses; None where that cannot be said."""
        own = [self._named(folder) for folder in (tree.script_location, *tree.version_locations)]
        home, config = self._named(tree.workdir), self._named(tree.config_file)
        scripts = [folder for folder in own if folder is not None]
        if home is None or config is None or len(scripts) < len(own):
            return None
        reach = Reach(self._sources, self._index, self._folders(tree))
        names = [word for word in self._settings.words if _MODULE.fullmatch(word)]
        try:
            reach.follow((name for folder in scripts for name in self._index.below(folder)), names)
            code = frozenset(reach.files)
            data = self._by_place(tree, home, code, scripts)
            # Code that nobody imports as far as can be seen, as where an application names its modules to a framework.
            reach.follow(name for name in data if name.endswith(".py"))
        except UnclearError:
            return None
        files = data | reach.files
        above = {str(folder) for name in (*files, config) for folder in PurePosixPath(name).parents}
        deciding = {name for name, folder in self._deciding if folder in above}
        return frozenset(files | deciding | self._commanded | ({config} & self._names))

    def _by_place(self, tree: Tree, home: str, code: Collection[str], scripts: Sequence[str]) -> set[str]:
        """Return the files that are the tree's own by where they lie."""
        mine = {name for name in self._names if any(is_below(name, folder) for folder in scripts)}
        near = [name for name in self._names if is_below(name, home) and name not in mine]
        words = self._words(code)
        by_program = tree.kind == "folder" or self._settings.names_program or not words.isdisjoint(_OF_PROGRAMS)
        if any(other.path != tree.path and other.workdir == tree.workdir for other in self._every):
            imported = any(not any(is_below(name, folder) for folder in scripts) for name in code)
            if imported and not by_program:
                beside = {PurePosixPath(name).parent for name in code}
                near = [name for name in near if _may_be_read(PurePosixPath(name), beside, words)]
        project = self._project(home) if by_program else home
        near += self._index.below(project) - mine if by_program else ()
        others = self._of_others(tree, self._root / project)
        return mine | {name for name in near if not any(is_below(name, folder) for folder in others)}

    def _project(self, home: str) -> str:
        """Return the nearest folder with dependencies of its own: an application that nobody names lies below it."""
        above = [home, *map(str, PurePosixPath(home).parents)]
        having = {folder for name, folder in self._deciding if _is_one_of(name, _DECLARES)}
        return next((folder for folder in above if folder in having), ".")

    def _of_others(self, tree: Tree, project: Path) -> list[str]:
        """Return the folders below a tree's project that are other trees'."""
        found: set[Path] = set()
        for other in self._every:
            if other.path != tree.path:
                found |= {other.script_location, *other.version_locations}
                if other.workdir.is_relative_to(project) and not tree.workdir.is_relative_to(other.workdir):
                    found.add(other.workdir)
        named = map(self._named, found - {tree.script_location, *tree.version_locations})
        return [folder for folder in named if folder is not None and folder != "."]

    def _words(self, code: Iterable[str]) -> frozenset[str]:
        """Return the words of source files: the names of files that they may read are among them."""
        texts = (imports.text for imports in map(self._sources.imports, code) if imports is not None)
        return frozenset(word for text in texts for word in _WORD.findall(text))

    def _folders(self, tree: Tree) -> list[str]:
        """Return where an import of a tree's code may be looked for."""
        entries = [*map(Path, tree.prepend_sys_path), *self._settings.python_path]
        found = [base / entry for base in (tree.workdir, self._root) for entry in entries]
        for start in (tree.workdir, tree.config_file.parent, tree.script_location):
            found += [folder for folder in (start, *start.parents) if folder.is_relative_to(self._root)]
        named = [self._named(Path(os.path.normpath(folder))) for place in found for folder in (place, place / "src")]
        return list(dict.fromkeys(folder for folder in named if folder is not None))

    def _named(self, path: Path) -> str | None:
        """Return a path from the root, which is ``.``; None for one outside of the repository."""
        return path.relative_to(self._root).as_posix() if path.is_relative_to(self._root) else None


def _deciding(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield the files that decide dependencies and settings, each with the folder for which it does."""
    for name in names:
        path = PurePosixPath(name)
        inside = _FOLDERS_THAT_DECIDE.fullmatch(name)
        if inside is not None:
            yield name, inside["above"].rstrip("/") or "."
        elif _is_one_of(name, _DECIDES):
            yield name, str(path.parent)


def _is_one_of(name: str, patterns: Iterable[str]) -> bool:
    return any(fnmatch.fnmatchcase(PurePosixPath(name).name, pattern) for pattern in patterns)


def _may_be_read(path: PurePosixPath, beside: Collection[PurePosixPath], words: Collection[str]) -> bool:
    """Return whether code may read a file as data: SQL, one beside the code, or one that it names."""
    if path.suffix == ".py":
        return False  # it is imported, or it is not
    return path.suffix == ".sql" or path.parent in beside or path.name in words
