"""Find new revisions that are based on a former head of the base, which gives the merge a second head."""

from __future__ import annotations

from collections.abc import Iterator

from checks.findings import Finding, Severity, Snippet
from checks.graph.merged import MergedGraph
from checks.graph.rewriting import parent_title, with_parent
from checks.graph.split_causes import problem_of
from checks.graph.splits import Split, lines, splits
from checks.plural import listed
from checks.policy import Policy
from checks.recording.revisions import Changes, Revision

_NAMED = 3
"""Most revisions of the base that a finding names."""


def stale_parents(merged: MergedGraph, changes: Changes, policy: Policy) -> Iterator[Finding]:
    """Yield a finding for every split that exists because the base got new revisions after the branch point.

    The splits are those that rule ``multiple-heads`` reports one by one.
    """
    for split in splits(merged, policy):
        revision, added = _stale_revision(merged, split), _added_on_base(merged, split)
        if revision and added and not split.old and not any(merged.on_base(id_) for id_ in split.chain):
            yield _finding(merged, changes, split, revision, added)


def _stale_revision(merged: MergedGraph, split: Split) -> Revision | None:
    """Return the first revision of the newer chain that names the branch point as its parent."""
    chain = (merged.revisions[id_] for id_ in split.chain)
    return next((revision for revision in chain if split.start in revision.down_revisions), None)


def _added_on_base(merged: MergedGraph, split: Split) -> tuple[str, ...]:
    """Return the base's revisions from the branch point up to its head, without the former, parents first."""
    if split.start is None:
        return ()
    return tuple(id_ for id_ in lines(merged, split)[0] if merged.on_base(id_))


def _finding(
    merged: MergedGraph, changes: Changes, split: Split, revision: Revision, added: tuple[str, ...]
) -> Finding:
    name, named = merged.named(revision.id), listed([merged.named(id_) for id_ in added], _NAMED)
    return Finding(
        rule="stale-parent",
        severity=Severity.WARNING,
        message=f"{name} is based on {split.start}, which is no longer the head of {changes.base}.",
        why=f"{changes.base} now has {named} after {split.start}, so there is a second head.",
        remedy=f"Set {revision.id}'s `down_revision` to {split.target}."
        if split.movable
        else "Add a merge revision: see multiple-heads.",
        path=revision.path,
        line=revision.down_revision_line,
        revision=revision.id,
        problem=problem_of(merged, split),
        follows="heads",
        fixes=_fixes(split),
    )


def _fixes(split: Split) -> tuple[Snippet, ...]:
    if split.movable is None:
        return ()
    title, text = parent_title(split.movable, split.target), with_parent(split.movable, split.target)
    return (Snippet(title=title, text=text, language="python", path=split.movable.path),)
