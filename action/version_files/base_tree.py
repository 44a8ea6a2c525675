"""Reads the base's version files by the base's own Alembic configuration, wherever its files were then."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from action.base.interface import Base, Files, Snapshot
from action.project.alembic_tree import Tree, is_version_path, locations_below
from action.project.discovery import every_tree
from action.project.folders import relative
from action.project.options import OptionError, tool_table
from action.repository.inside import read_inside
from action.sandbox.looking import exists, is_file
from action.version_files.reading import read_graph, read_tree_graph
from action.version_files.skeleton import trees_at
from checks.recording.revisions import Graph

_MERGED = {"alembic.ini": "pyproject.toml", "pyproject.toml": "alembic.ini"}
"""Alembic reads the second file too, where it is beside the first."""


@dataclass(frozen=True, slots=True)
class BaseTree:
    """A tree as one commit of the base configures it."""

    tree: Tree
    """Its paths are below the checkout's root, although the files may not be there now."""
    files: Files
    """Its version files."""


def tree_at_fork(base: Base, tree: Tree, root: Path) -> Tree:
    """Return a tree of the working tree as the merge base configures it; paths are below the checkout's root.

    Raises BaseError.
    """
    return read_base_tree(tree, root, read_tree_graph(tree, root), base.fork).tree


def read_base_tree(tree: Tree, root: Path, graph: Graph, snapshot: Snapshot) -> BaseTree:
    """Return a tree of the working tree as a commit of the base configures it; ``graph`` is that of the working tree.

    A commit without this tree has no version files. Raises BaseError.
    """
    search = _Lookup(tree, root, graph, snapshot)
    return search.unmoved() or search.moved()


@dataclass(frozen=True, slots=True)
class _Lookup:
    """A tree of the working tree, and the commit in which it is looked for."""

    tree: Tree
    root: Path
    graph: Graph
    snapshot: Snapshot

    def unmoved(self) -> BaseTree | None:
        """Return the tree where nothing shows that it was configured differently; this costs no call of Git."""
        tree, root, locations = self.tree, self.root, locations_below(self.tree, self.root)
        files = _configuration(tree, root)
        read = self.snapshot.read((*locations, *files), lambda path: path in files or is_version_path(path, tree, root))
        found = BaseTree(tree, {path: content for path, content in read.items() if is_version_path(path, tree, root)})
        in_use = (folder for folder in locations if _is_any_below(_paths(self.graph), folder))
        is_known = (
            all(_options(path, self._checked_out(path)) == _options(path, read.get(path)) for path in files)
            and all(_is_any_below(found.files, folder) for folder in in_use)
            and (self._shared(found) or not (found.files and self.graph.revisions))
        )
        return found if is_known else None

    def moved(self) -> BaseTree:
        """Return the commit's tree with the same name, else the one that has most of the revisions."""
        configured = [self._read(tree) for tree in trees_at(self.snapshot, self.root, self._config)]
        same = next((found for found in configured if found.tree.path == self.tree.path), None)
        if same is not None and self._shared(same):
            return same
        others = (
            *(found for found in configured if self._shared(found) and not self._is_another(found)),
            self._read(self.tree),
            self._by_file_names(configured),
        )
        best = max(others, key=lambda found: len(self._shared(found)))
        return best if same is None or self._shared(best) else same

    @property
    def _config(self) -> str:
        return relative(self.tree.config_file, self.root)

    def _read(self, tree: Tree) -> BaseTree:
        folders = locations_below(tree, self.root)
        return BaseTree(tree, self.snapshot.read(folders, lambda path: is_version_path(path, tree, self.root)))

    def _shared(self, found: BaseTree) -> dict[str, str]:
        """Return the revisions that the working tree has too, with their paths."""
        here = {revision.id for revision in self.graph.revisions}
        return {r.id: r.path for r in read_graph(found.files.items()).revisions if r.id in here}

    def _is_another(self, found: BaseTree) -> bool:
        """Return whether the working tree still has this tree beside ours, which has copies or a part of it."""
        shared = self._shared(found).values()
        ours = set(self.tree.version_locations)
        for tree in every_tree(self.root, self._config):
            if set(tree.version_locations) == ours:
                continue
            if tree.path == found.tree.path and self._have_common(tree, found):
                return True
            if all(self._is_only_in(tree, path) for path in shared):
                return True
        return False

    def _is_only_in(self, tree: Tree, path: str) -> bool:
        ours, theirs = (is_version_path(path, one, self.root) for one in (self.tree, tree))
        return theirs and not ours and is_file(self.root / path)

    def _have_common(self, tree: Tree, found: BaseTree) -> bool:
        ids = {revision.id for revision in read_tree_graph(tree, self.root).revisions}
        return any(revision.id in ids for revision in read_graph(found.files.items()).revisions)

    def _by_file_names(self, configured: Sequence[BaseTree]) -> BaseTree:
        """Return the tree with the folders that its files were in, where no configuration shows these."""
        names = {_name(path) for path in _paths(self.graph)}
        known = {path for found in configured for path in found.files}
        gone = [path for path in self.snapshot.names() if _name(path) in names and not exists(self.root / path)]
        found = self._read(self._at({_folder(path) for path in gone if path not in known}))
        return self._read(self._at({_folder(path) for path in self._shared(found).values()}))

    def _at(self, folders: set[str]) -> Tree:
        """Return the tree with other version locations."""
        places = tuple(self.root / folder for folder in sorted(folders))
        return replace(self.tree, version_locations=places, recursive=False)

    def _checked_out(self, path: str) -> bytes | None:
        try:
            return read_inside(self.root / path, self.root)
        except OSError:
            return None


def _configuration(tree: Tree, root: Path) -> tuple[str, ...]:
    """Return the files that configure a tree, and its env.py, whether they exist or not."""
    beside = _MERGED.get(tree.config_file.name)
    files = (tree.config_file, *([tree.config_file.with_name(beside)] if beside else []), tree.env_py)
    return tuple(relative(file, root) for file in files if file.is_relative_to(root))


def _options(path: str, content: bytes | None) -> object:
    """Return what a file tells about the tree: of a pyproject.toml its ``[tool.alembic]``, of env.py that it exists."""
    if content is None:
        return None
    name = _name(path)
    try:
        return tool_table(content) if name == "pyproject.toml" else name == "env.py" or content.replace(b"\r\n", b"\n")
    except OptionError:
        return content


def _paths(graph: Graph) -> Iterator[str]:
    """Yield the paths of a graph's version files."""
    yield from (revision.path for revision in graph.revisions)
    yield from (file.path for file in graph.unreadable)


def _is_any_below(paths: Iterable[str], folder: str) -> bool:
    return any(folder == "." or path.startswith(f"{folder}/") for path in paths)


def _name(path: str) -> str:
    return PurePosixPath(path).name


def _folder(path: str) -> str:
    return str(PurePosixPath(path).parent)
