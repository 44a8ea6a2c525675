"""Finds new revisions that hang off what is no longer the head of the base: why two heads come about in a merge."""

from __future__ import annotations

from collections.abc import Iterator

from checks.findings import Finding, Severity, Snippet
from checks.graph.algorithms import descendants, lineage, order
from checks.graph.merged import MergedGraph
from checks.graph.rewriting import with_parent
from checks.graph.splits import Split, splits
from checks.policy import Policy
from checks.recording.revisions import Changes, Revision

_NAMED = 3
"""Revisions of the base that are named."""


def stale_parents(merged: MergedGraph, changes: Changes, policy: Policy) -> Iterator[Finding]:
    """Yield a finding for every split of the merge result that comes of the base having gone on.

    The splits are those that ``multiple-heads`` tells of: both see the same graph.
    """
    for split in splits(merged, policy):
        revision, gone_on = _hanging_off(merged, split), _gone_on(merged, split)
        if revision and gone_on and not split.old and not any(merged.on_base(id_) for id_ in split.chain):
            yield _finding(merged, changes, split, revision, gone_on)


def _hanging_off(merged: MergedGraph, split: Split) -> Revision | None:
    """Return the first revision of the newer chain that follows the branch point itself."""
    chain = (merged.revisions[id_] for id_ in split.chain)
    return next((revision for revision in chain if split.start in revision.down_revisions), None)


def _gone_on(merged: MergedGraph, split: Split) -> tuple[str, ...]:
    """Return what the base has between the branch point and the head that was there first, parents first."""
    if split.start is None:
        return ()
    above = descendants(merged.graph, split.start) & lineage(merged.graph, split.first)
    return tuple(id_ for id_ in order(merged.graph) if id_ in above and merged.on_base(id_))


def _finding(
    merged: MergedGraph, changes: Changes, split: Split, revision: Revision, gone_on: tuple[str, ...]
) -> Finding:
    came = ", ".join(merged.named(id_) for id_ in gone_on[:_NAMED])
    more = f" and {len(gone_on) - _NAMED} more" if len(gone_on) > _NAMED else ""
    return Finding(
        rule="stale-parent",
        severity=Severity.WARNING,
        message=f"{merged.named(revision.id)} hangs off {split.start}, which is no longer the head of {changes.base}.",
        why=f"{changes.base} goes on from there with {came}{more}. That is how the second head comes about.",
        remedy=f"Let {revision.id} follow {split.target}." if split.movable else "Join the heads: see multiple-heads.",
        path=revision.path,
        line=revision.down_revision_line,
        revision=revision.id,
        fixes=_fixes(split),
    )


def _fixes(split: Split) -> tuple[Snippet, ...]:
    if split.movable is None:
        return ()
    title = f"The down_revision of {split.movable.id}, line {split.movable.down_revision_line}"
    text = with_parent(split.movable, split.target)
    return (Snippet(title=title, text=text, language="python", path=split.movable.path),)
