"""Find duplicated revision ids and cycles."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Sequence

from checks.common_causes import parents
from checks.findings import Finding, Severity, Snippet
from checks.graph.algorithms import by_id, followers_of
from checks.graph.algorithms import cycles as find_cycles
from checks.graph.merged import MergedGraph, created
from checks.graph.rewriting import with_id
from checks.recording.revisions import Revision

_SHOWN = 20
"""Most members of a cycle that are named."""


def duplicates(merged: MergedGraph) -> Iterator[Finding]:
    """Yield a finding for every file whose revision id an older file has already."""
    files: dict[str, list[Revision]] = {}
    for revision in merged.all.revisions if merged.duplicated else ():
        if revision.id in merged.duplicated:
            files.setdefault(revision.id, []).append(revision)
    taken = by_id(merged.all).keys()
    for revisions in files.values():
        first, *others = merged.by_age(revisions)
        for other in others:
            yield _duplicate(merged, first, other, _fresh_id(other, taken))


def _duplicate(merged: MergedGraph, first: Revision, other: Revision, fresh: str) -> Finding:
    old, followers = merged.file_on_base(other), followers_of(merged.all, other.id)
    check = f" Then check which of the two files {followers} should follow." if followers else ""
    return Finding(
        rule="duplicate-revision-id",
        severity=Severity.NOTICE if old else Severity.ERROR,
        old=old,
        message=f"Two files have the revision id {other.id}: {first.path} and {other.path}.",
        why=f"Alembic only warns, and never runs one of the two files. {_which_is_newer(merged, first, other)}",
        remedy=f"Set the `revision` of {other.path} to a new id, such as {fresh}.{check}",
        path=other.path,
        line=other.line,
        revision=other.id,
        object=other.path,
        fixes=(
            Snippet(
                title=f"Set a new revision id (line {other.line})",
                text=with_id(other, fresh),
                language="python",
                path=other.path,
            ),
        ),
    )


def _which_is_newer(merged: MergedGraph, first: Revision, other: Revision) -> str:
    if merged.file_on_base(first) != merged.file_on_base(other):
        return f"{first.path} is already on {merged.base}; {other.path} is new."
    if merged.file_on_base(other):
        return f"Both files are already on {merged.base}."
    dates = created(first), created(other)
    if dates[0] and dates[1] and dates[0] < dates[1]:
        return f"{other.path} is newer by create date: {other.created} after {first.created}."
    return "It is not known which file came first."


def _fresh_id(revision: Revision, taken: Collection[str]) -> str:
    """Return an unused id in Alembic's form; the same file always gets the same id."""
    number = 0
    while (fresh := hashlib.sha256(f"{revision.path}:{number}".encode()).hexdigest()[:12]) in taken:
        number += 1
    return fresh


def cycles(merged: MergedGraph) -> Iterator[Finding]:
    """Yield a finding for every cycle, placed at the member that this change adds or edits."""
    old = {frozenset(cycle) for cycle in find_cycles(merged.changes.base_graph)} if merged.changes else set()
    touched = {*merged.changes.new, *merged.changes.edited} if merged.changes else set()
    for cycle in find_cycles(merged.graph):
        start = next((place for place, id_ in enumerate(cycle) if id_ in touched), 0)
        yield _cycle(merged, (*cycle[start:], *cycle[:start]), frozenset(cycle) in old)


def _cycle(merged: MergedGraph, members: tuple[str, ...], old: bool) -> Finding:
    revision = merged.revisions[members[0]]
    return Finding(
        rule="revision-cycle",
        severity=Severity.NOTICE if old else Severity.ERROR,
        old=old,
        message=f"Revisions form a cycle: {_links(members)}.",
        why="Every Alembic command stops with a CycleDetected error.",
        remedy=f"Set {members[0]}'s `down_revision` to the revision that it was written for, outside the cycle.",
        path=revision.path,
        line=revision.down_revision_line,
        revision=revision.id,
        problem=parents(next((id_ for id_ in members if id_ in merged.moved), members[0])),
        follows="history",
        evidence=(Snippet(title="Files in the cycle", text="\n".join(_places(merged, members))),),
    )


def _links(members: tuple[str, ...]) -> str:
    """Return who follows whom: ``a comes after b, b after a``; of a long cycle the first and the last."""
    (first, second), *rest = zip(members, (*members[1:], members[0]), strict=True)
    links = [f"{first} comes after {second}", *(f"{one} after {other}" for one, other in rest)]
    return ", ".join(_ends(links, "{} more"))


def _places(merged: MergedGraph, members: tuple[str, ...]) -> Iterator[str]:
    places = []
    for id_ in members:
        revision = merged.revisions[id_]
        places.append(f"{revision.path}:{revision.down_revision_line}: {revision.down_revision_text.strip()}")
    yield from _ends(places, "... {} more")


def _ends(items: Sequence[str], more: str) -> Sequence[str]:
    """Return a list, of a long one the first and the last and how many lie between."""
    if len(items) <= _SHOWN:
        return items
    return (*items[: _SHOWN - 1], more.format(len(items) - _SHOWN), items[-1])
