"""Compares the checked-out revisions with those of the base."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from action.base.differences import same
from action.base.interface import Base, BaseError, Files
from action.project.alembic_tree import Tree
from action.version_files.as_loaded import NO_CORRECTIONS, Corrections
from action.version_files.base_tree import read_base_tree
from action.version_files.edits import Side, edits
from action.version_files.listing import VersionFiles, files_of
from action.version_files.reading import read_graph
from action.version_files.replaced import replaced_ids
from action.version_files.three_ways import merged_files
from checks.graph.algorithms import order
from checks.recording.absent import Absent
from checks.recording.revisions import Changes, Graph, Unreadable, UnreadKind


def read_changes(
    tree: Tree,
    root: Path,
    base: Base | Absent,
    graph: Graph,
    corrections: Corrections = NO_CORRECTIONS,
    files: VersionFiles | None = None,
) -> Changes | Absent:
    """Return how the working tree, or its ``files`` where they are given, differs from the base.

    Uncommitted and untracked files count, because the files on disk are checked. Without a base the result is Absent.
    """
    if isinstance(base, Absent):
        return base
    try:
        fork = read_base_tree(tree, root, graph, base.fork).files
        now = fork if base.now_sha == base.fork_sha else read_base_tree(tree, root, graph, base.now).files
    except BaseError as error:
        return Absent(reason=f"The base {base.name} cannot be read: {error}.")
    work = files_of(tree, root) if files is None else files
    unread = tuple(file for file in work.unread if file.unread is not UnreadKind.OUTSIDE)
    contents = {**_as_before(unread, fork), **dict(work.contents)}
    changes = _Compared(base, corrections).of(now, fork, contents)
    merged = replace(changes.merged_graph, unreadable=(*changes.merged_graph.unreadable, *unread))
    return replace(changes, merged_graph=merged, uncompared=(*changes.uncompared, *unread))


def _as_before(unread: Iterable[Unreadable], fork: Files) -> Files:
    """Return the merge base's files where the working tree's cannot be read: they are not removed."""
    places = [file.path for file in unread]
    return {
        path: content
        for path, content in fork.items()
        if any(path == place or path.startswith(f"{place}/") for place in places)
    }


@dataclass(frozen=True, slots=True)
class _Compared:
    """A comparison with a base, of revisions as they are when they run."""

    base: Base
    corrections: Corrections

    def of(self, now: Files, fork: Files, work: Files) -> Changes:
        """Compare version files of the base now, of the merge base, and of the working tree."""
        return self._changes(*(Side(self._graph(files.items()), files) for files in (now, fork, work)))

    def _graph(self, files: Iterable[tuple[str, bytes]]) -> Graph:
        files = list(files)
        return self.corrections.applied(read_graph(files), dict(files))

    def _changes(self, now: Side, fork: Side, work: Side) -> Changes:
        compared = edits(work, fork, now)
        known, present = {r.id for r in fork.graph.revisions}, {r.id for r in work.graph.revisions}
        new = tuple(id_ for id_ in order(work.graph) if id_ not in known)
        removed = tuple(id_ for id_ in order(fork.graph) if id_ not in present)
        return Changes(
            base=self.base.name,
            base_sha=self.base.now_sha,
            merge_base_sha=self.base.fork_sha,
            fetched=self.base.fetched,
            base_note=self.base.note,
            base_graph=self.corrections.completed(now.graph),
            fork_graph=self.corrections.completed(fork.graph),
            merged_graph=self.corrections.completed(self._graph(merged_files(now, fork, work))),
            new=new,
            removed=removed,
            replaced=replaced_ids(removed, new, fork, work),
            edited=_edited(work, fork),
            reworked=compared.reworked,
            edits=compared.edits,
            uncompared=compared.uncompared,
        )


def _edited(work: Side, fork: Side) -> tuple[str, ...]:
    before = {revision.id: fork.files[revision.path] for revision in fork.graph.revisions}
    return tuple(
        revision.id
        for revision in work.graph.revisions
        if revision.id in before and not same(before[revision.id], work.files.get(revision.path))
    )
