"""Which revisions of the base have other parents since this change."""

from __future__ import annotations

from checks.graph.algorithms import by_id
from checks.graph.merged import MergedGraph


def moved_revisions(merged: MergedGraph) -> frozenset[str]:
    """Return the revisions of the base whose parents this change alters."""
    if merged.changes is None:
        return frozenset()
    before = by_id(merged.changes.fork_graph)
    return frozenset(
        now.id
        for now in merged.recording.graph.revisions
        if now.id in before and set(before[now.id].down_revisions) != set(now.down_revisions)
    )
