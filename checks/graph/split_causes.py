"""Whether heads conflict because this change moved or removed a revision of the base, which another finding reports."""

from __future__ import annotations

from checks import common_causes
from checks.graph.merged import MergedGraph
from checks.graph.splits import Split, lines


def problem_of(merged: MergedGraph, split: Split) -> str:
    """Return the name of the problem that a split belongs to."""
    return cause_of(merged, split) or common_causes.heads(split.heads)


def cause_of(merged: MergedGraph, split: Split) -> str | None:
    """Return the name of the change that made the split; None for heads that two branches added."""
    if merged.changes is None or split.old:
        return None
    if any({split.first, split.extra} <= before for before in merged.joined_before):
        return common_causes.REMOVED
    if not merged.moved:
        return None
    ours, theirs = lines(merged, split)
    found = next((id_ for id_ in (*ours, *theirs) if id_ in merged.moved), None)
    return common_causes.parents(found) if found is not None else None
