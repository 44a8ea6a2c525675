"""Find where a revision graph starts a second time, although no branch label or dependency declares it."""

from __future__ import annotations

from checks.graph.algorithms import ancestors, bases, heads, lines_below
from checks.graph.merged import MergedGraph
from checks.policy import Policy
from checks.recording.revisions import Revision


def starts(merged: MergedGraph) -> list[Revision]:
    """Return the revisions without a down revision, the oldest first."""
    return merged.by_age(merged.revisions[id_] for id_ in bases(merged.graph))


def second_starts(merged: MergedGraph, policy: Policy) -> list[Revision]:
    """Return the starts after the first that have no label, no dependency and no head in ``allow-heads``."""
    later = starts(merged)[1:]
    if not later:
        return []
    labelled = lines_below(merged.graph, (revision.id for revision in merged.graph.revisions if revision.branch_labels))
    allowed = set(policy.allow_heads) & set(heads(merged.graph))
    declared = labelled | ancestors(merged.graph, *allowed) | set(policy.allow_heads)
    return [start for start in later if start.id not in declared and not start.depends_on]
