"""Find where a revision graph starts a second time, although no branch label or dependency declares it."""

from __future__ import annotations

from checks.graph.algorithms import bases, descendants, heads, line_below
from checks.graph.merged import MergedGraph
from checks.policy import Policy
from checks.recording.revisions import Revision


def starts(merged: MergedGraph) -> list[Revision]:
    """Return the revisions without a down revision, the oldest first."""
    return merged.by_age(merged.revisions[id_] for id_ in bases(merged.graph))


def second_starts(merged: MergedGraph, policy: Policy) -> list[Revision]:
    """Return the starts after the first that have no label, no dependency and no head in ``allow-heads``."""
    labelled = set[str]().union(*(line_below(merged.graph, r.id) for r in merged.graph.revisions if r.branch_labels))
    return [
        start
        for start in starts(merged)[1:]
        if not (start.id in labelled or start.depends_on or _is_allowed(merged, start, policy))
    ]


def _is_allowed(merged: MergedGraph, start: Revision, policy: Policy) -> bool:
    above = descendants(merged.graph, start.id) & set(heads(merged.graph))
    return bool(({start.id} | above) & set(policy.allow_heads))
