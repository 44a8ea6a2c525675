"""Finds revisions that start a second history without saying so by a branch label."""

from __future__ import annotations

from collections.abc import Iterator

from checks.findings import Finding, Severity, Snippet
from checks.graph.algorithms import ancestors, descendants, effective_heads
from checks.graph.merged import MergedGraph
from checks.graph.rewriting import quote, with_parent
from checks.graph.second_histories import second_starts, starts
from checks.policy import Policy
from checks.recording.revisions import Revision


def second_bases(merged: MergedGraph, policy: Policy) -> Iterator[Finding]:
    """Yield a finding for every base that starts a second history."""
    for base in second_starts(merged, policy):
        yield _finding(merged, starts(merged)[0], base)


def _finding(merged: MergedGraph, first: Revision, base: Revision) -> Finding:
    joined = bool(descendants(merged.graph, first.id) & descendants(merged.graph, base.id))
    old = merged.on_base(base.id) and merged.file_on_base(base)
    target = None if old or joined else _target(merged, base)
    return Finding(
        rule="second-base",
        severity=Severity.NOTICE if old or joined else Severity.ERROR,
        message=f"{merged.named(base.id)} has no down_revision, but the history starts at {merged.named(first.id)}.",
        why=_why(merged, old, joined),
        remedy=_remedy(base, target),
        path=base.path,
        line=base.down_revision_line,
        revision=base.id,
        fixes=tuple(_fixes(base, target)),
    )


def _target(merged: MergedGraph, base: Revision) -> str | None:
    """Return the head to put a second base on; None where there is no such head, or more than one."""
    others = [
        head
        for head in effective_heads(merged.graph)
        if head != base.id and base.id not in ancestors(merged.graph, head) and merged.is_whole(head)
    ]
    going_on = [head for head in others if head in merged.base_heads] or others
    return going_on[0] if len(going_on) == 1 else None


def _why(merged: MergedGraph, old: bool, joined: bool) -> str:
    if old:
        return f"It is so on {merged.base} already. The two histories are upgraded side by side."
    if joined:
        return "A later revision merges the two histories, so both are upgraded, in an order that nothing fixes."
    return "The two histories end in two heads, and alembic upgrade head refuses to run with more than one."


def _remedy(base: Revision, target: str | None) -> str:
    label = "give it a branch label if a separate history is meant"
    if target:
        return f"Put {base.id} on top of {target} by its down_revision, or {label}."
    return f"Give {base.id} the down_revision that it was written for, or {label}."


def _fixes(base: Revision, target: str | None) -> Iterator[Snippet]:
    if target:
        yield Snippet(
            title=f"Put {base.id} on top of {target}, in line {base.down_revision_line}",
            text=with_parent(base, target),
            language="python",
            path=base.path,
        )
    mark = quote(base)
    yield Snippet(
        title="Or name the separate history" if target else "Name the separate history",
        text=f"branch_labels = ({mark}NAME{mark},)",
        language="python",
        path=base.path,
    )
