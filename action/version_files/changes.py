"""Compares the checked-out revisions with those of the base."""

from __future__ import annotations

from pathlib import Path

from action.base.interface import Base, BaseError
from action.project.alembic_tree import Tree
from action.version_files.base_tree import read_base_tree
from action.version_files.edits import Side, edits, same
from action.version_files.reading import read_graph, working_files
from action.version_files.replaced import replaced_ids
from action.version_files.three_ways import merged_files
from checks.graph.algorithms import order
from checks.recording.absent import Absent
from checks.recording.revisions import Changes, Graph


def read_changes(tree: Tree, root: Path, base: Base | Absent, graph: Graph) -> Changes | Absent:
    """Return how the working tree differs from the base.

    Uncommitted and untracked files count, because the files on disk are checked. Without a base the result is Absent.
    """
    if isinstance(base, Absent):
        return base
    try:
        fork = read_base_tree(tree, root, graph, base.fork).files
        now = fork if base.now_sha == base.fork_sha else read_base_tree(tree, root, graph, base.now).files
    except BaseError as error:
        return Absent(reason=f"The base {base.name} cannot be read: {error}.")
    work = Side(graph, dict(working_files(tree, root)))
    return _changes(base, Side(read_graph(now.items()), now), Side(read_graph(fork.items()), fork), work)


def _changes(base: Base, now: Side, fork: Side, work: Side) -> Changes:
    compared = edits(work, fork, now)
    known, present = {r.id for r in fork.graph.revisions}, {r.id for r in work.graph.revisions}
    new = tuple(id_ for id_ in order(work.graph) if id_ not in known)
    removed = tuple(id_ for id_ in order(fork.graph) if id_ not in present)
    return Changes(
        base=base.name,
        base_sha=base.now_sha,
        merge_base_sha=base.fork_sha,
        base_note=base.note,
        base_graph=now.graph,
        fork_graph=fork.graph,
        merged_graph=read_graph(merged_files(now, fork, work)),
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
