"""Corrects what was read from version files by what Alembic itself loaded from them, after env.py ran."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from action.project.alembic_tree import Tree
from action.version_files.reading import read_tree_graph, working_files
from checks.recording.revisions import Graph, Revision


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionUsed:
    """A revision as Alembic has it."""

    id: str
    path: str
    """Relative to the repository's root; absolute when it lies outside."""
    down_revisions: tuple[str, ...] = ()
    depends_on: tuple[str, ...] = ()
    branch_labels: tuple[str, ...] = ()

    def agrees_with(self, read: Revision) -> bool:
        """Return whether the file was read as Alembic loaded it."""
        return self.id == read.id and all(
            set(loaded) == set(found)
            for loaded, found in (
                (self.down_revisions, read.down_revisions),
                (self.depends_on, read.depends_on),
                (self.branch_labels, read.branch_labels),
            )
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrections:
    """What reading the version files gets wrong."""

    by_file: Mapping[tuple[str, bytes], RevisionUsed] = field(default_factory=dict)
    """By name and content of a version file: what it says when it runs. The same file at the base says the same."""
    others: tuple[Revision, ...] = ()
    """Revisions of files that cannot be read: compiled ones, and those outside the repository."""

    def applied(self, graph: Graph, files: Mapping[str, bytes]) -> Graph:
        """Return the graph that was read from these files, corrected."""
        if not self.by_file:
            return graph
        keys = {path: (PurePosixPath(path).name, content) for path, content in files.items()}
        wrong = {path: self.by_file[key] for path, key in keys.items() if key in self.by_file}
        known = {revision.path: revision for revision in graph.revisions}
        right = {path: _put_right(known.get(path) or _unread(one), one, path) for path, one in wrong.items()}
        listed = [right.get(path) or known[path] for path in files if path in right or path in known]
        return Graph(
            revisions=tuple(listed),
            unreadable=tuple(file for file in graph.unreadable if file.path not in right),
        )

    def completed(self, graph: Graph) -> Graph:
        """Return a graph with the revisions of the other files, which the base is taken to have as well."""
        return replace(graph, revisions=(*graph.revisions, *self.others)) if self.others else graph


NO_CORRECTIONS = Corrections()


def is_as_loaded(graph: Graph, loaded: Sequence[RevisionUsed]) -> bool:
    """Return whether Alembic has the revisions that were read, from the same files.

    Of a duplicated id, Alembic has only one file.
    """
    read = {(revision.path, revision.id): revision for revision in graph.revisions}
    return (
        not graph.unreadable
        and {one.id for one in loaded} == {revision.id for revision in graph.revisions}
        and all((one.path, one.id) in read and one.agrees_with(read[one.path, one.id]) for one in loaded)
    )


def corrections_of(tree: Tree, root: Path, loaded: Sequence[RevisionUsed]) -> Corrections:
    """Return what reading the tree's version files gets wrong of the revisions that Alembic has loaded."""
    contents = {_sent(os.path.realpath(root / path)): (path, content) for path, content in working_files(tree, root)}
    read = {revision.path: revision for revision in read_tree_graph(tree, root).revisions}
    corrections, others = {}, []
    for one in loaded:
        path, content = contents.get(_sent(os.path.realpath(root / one.path)), (None, b""))
        if path is None:
            others.append(_unread(one))
        elif path not in read or not one.agrees_with(read[path]):
            corrections[PurePosixPath(path).name, content] = one
    return Corrections(by_file=corrections, others=tuple(others))


def _sent(path: str) -> str:
    """Return a path as the project's process sends it, where its name is not UTF-8."""
    return path.encode("utf-8", "replace").decode()


def _put_right(revision: Revision, loaded: RevisionUsed, path: str) -> Revision:
    return replace(
        revision,
        id=loaded.id,
        path=path,
        down_revisions=tuple(dict.fromkeys(loaded.down_revisions)),
        depends_on=loaded.depends_on,
        branch_labels=loaded.branch_labels,
    )


def _unread(loaded: RevisionUsed) -> Revision:
    found = Revision(id=loaded.id, path=loaded.path, line=1, down_revision_line=1)
    return _put_right(found, loaded, loaded.path)
