"""Compares the checked-out revisions with those of the base."""

from __future__ import annotations

from pathlib import Path

from action.base.differences import same
from action.base.interface import Base, BaseError, Files
from action.project.alembic_tree import Tree
from action.version_files.as_loaded import NO_CORRECTIONS, Corrections
from action.version_files.edits import Side, edits
from action.version_files.reading import read_graph, working_files
from checks.graph.algorithms import order
from checks.recording.absent import Absent
from checks.recording.revisions import Changes, Graph


def read_changes(
    tree: Tree, root: Path, base: Base | Absent, graph: Graph, corrections: Corrections = NO_CORRECTIONS
) -> Changes | Absent:
    """Return how the working tree differs from the base.

    Uncommitted and untracked files count, because the files on disk are checked. Without a base the result is Absent.
    """
    if isinstance(base, Absent):
        return base
    try:
        fork = base.files_at_fork(tree)
        now = fork if base.now_sha == base.fork_sha else base.files_now(tree)
    except BaseError as error:
        return Absent(reason=f"The base {base.name} cannot be read: {error}.")
    return _changes(Side(graph, dict(working_files(tree, root))), base, now, fork, corrections)


def _changes(work_side: Side, base: Base, now: Files, fork: Files, corrections: Corrections) -> Changes:
    graph, work = work_side.graph, work_side.files
    fork_graph = _graph(fork, corrections)
    base_graph = _graph(now, corrections)
    compared = edits(work_side, Side(fork_graph, fork), Side(base_graph, now))
    known, present = {r.id for r in fork_graph.revisions}, {r.id for r in graph.revisions}
    return Changes(
        base=base.name,
        base_sha=base.now_sha,
        merge_base_sha=base.fork_sha,
        base_note=base.note,
        base_graph=base_graph,
        fork_graph=fork_graph,
        merged_graph=_graph(_merged(now, fork, work), corrections),
        new=tuple(id_ for id_ in order(graph) if id_ not in known),
        removed=tuple(id_ for id_ in order(fork_graph) if id_ not in present),
        edited=_edited(graph, work, fork_graph, fork),
        reworked=compared.reworked,
        edits=compared.edits,
        uncompared=compared.uncompared,
    )


def _graph(files: Files, corrections: Corrections) -> Graph:
    return corrections.applied(read_graph(files.items()), files)


def _merged(base: Files, fork: Files, work: Files) -> Files:
    """Merge three ways by file: files that the working tree did not change are the base's, others its own."""
    merged = {}
    for path in sorted({*base, *work}):
        side = base if same(work.get(path), fork.get(path)) else work
        if path in side:
            merged[path] = side[path]
    return merged


def _edited(graph: Graph, work: Files, fork_graph: Graph, fork: Files) -> tuple[str, ...]:
    before = {revision.id: fork[revision.path] for revision in fork_graph.revisions}
    return tuple(
        revision.id
        for revision in graph.revisions
        if revision.id in before and not same(before[revision.id], work.get(revision.path))
    )
