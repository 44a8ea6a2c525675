"""Whether heads conflict because this change moved or removed a revision of the base, which another finding reports."""

from __future__ import annotations

from checks import common_causes
from checks.graph.algorithms import ancestors
from checks.graph.merged import MergedGraph
from checks.graph.moved import moved_revisions
from checks.graph.splits import Split, lines


def problem_of(merged: MergedGraph, split: Split) -> str:
    """Return the name of the problem that a split belongs to."""
    return cause_of(merged, split) or common_causes.heads(split.heads)


def cause_of(merged: MergedGraph, split: Split) -> str | None:
    """Return the name of the change that made the split; None for heads that two branches added."""
    changes = merged.changes
    if changes is None or split.old:
        return None
    for id_ in changes.removed:
        if id_ not in merged.replaced and {split.first, split.extra} <= ancestors(changes.fork_graph, id_):
            return common_causes.REMOVED
    moved = moved_revisions(merged)
    if moved:
        ours, theirs = lines(merged, split)
        found = next((id_ for id_ in (*ours, *theirs) if id_ in moved), None)
        return common_causes.parents(found) if found is not None else None
    return None
