"""Where a revision graph starts more than once: the bases that begin a history of their own without a word of it."""

from __future__ import annotations

from checks.graph.algorithms import bases, branch_labels, descendants, heads
from checks.graph.merged import MergedGraph
from checks.policy import Policy
from checks.recording.revisions import Revision


def starts(merged: MergedGraph) -> list[Revision]:
    """Return the revisions that name no down revision, the one that was there first first."""
    return merged.by_age(merged.revisions[id_] for id_ in bases(merged.graph))


def second_starts(merged: MergedGraph, policy: Policy) -> list[Revision]:
    """Return the starts but the first that have neither a label nor a dependency, nor are allowed."""
    labels = branch_labels(merged.graph)
    return [
        start
        for start in starts(merged)[1:]
        if not (labels[start.id] or start.depends_on or _is_allowed(merged, start, policy))
    ]


def _is_allowed(merged: MergedGraph, start: Revision, policy: Policy) -> bool:
    above = descendants(merged.graph, start.id) & set(heads(merged.graph))
    return bool(({start.id} | above) & set(policy.allow_heads))
