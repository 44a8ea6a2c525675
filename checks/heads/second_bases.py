"""Find revisions that start a second history without a branch label that declares it."""

from __future__ import annotations

from collections.abc import Iterator

from checks.findings import Finding, Severity, Snippet
from checks.graph.algorithms import ancestors, descendants, heads
from checks.graph.merged import MergedGraph
from checks.graph.rewriting import parent_title, quote, with_parent
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
    start = merged.named(first.id)
    return Finding(
        rule="second-base",
        severity=Severity.NOTICE if old or joined else Severity.ERROR,
        message=f"{merged.named(base.id)} has no down_revision, but the history already starts at {start}.",
        why=_why(merged, old, joined),
        remedy=_remedy(base, target),
        path=base.path,
        line=base.down_revision_line,
        revision=base.id,
        fixes=tuple(_fixes(base, target)),
    )


def _target(merged: MergedGraph, base: Revision) -> str | None:
    """Return the head that a second base can follow; None where there is no such head, or more than one."""
    others = [
        head
        for head in heads(merged.graph)
        if head != base.id and base.id not in ancestors(merged.graph, head, dependencies=True) and merged.is_whole(head)
    ]
    candidates = [head for head in others if head in merged.base_heads] or others
    return candidates[0] if len(candidates) == 1 else None


def _why(merged: MergedGraph, old: bool, joined: bool) -> str:
    if old:
        return f"{merged.base} already has both histories. Alembic upgrades them side by side."
    if joined:
        return "A later revision merges the two histories. Alembic upgrades both, in no fixed order."
    return "The two histories end in two heads, and alembic upgrade head refuses to run with more than one head."


def _remedy(base: Revision, target: str | None) -> str:
    parent = target or "the revision that it was written for"
    return f"Set {base.id}'s `down_revision` to {parent}. Or add a branch label if a separate history is intended."


def _fixes(base: Revision, target: str | None) -> Iterator[Snippet]:
    if target:
        yield Snippet(
            title=parent_title(base, target),
            text=with_parent(base, target),
            language="python",
            path=base.path,
        )
    mark = quote(base)
    yield Snippet(
        title="Or add a branch label" if target else "Add a branch label",
        text=f"branch_labels = ({mark}NAME{mark},)",
        language="python",
        path=base.path,
    )
