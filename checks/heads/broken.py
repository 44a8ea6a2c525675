"""Find duplicated revision ids and cycles."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from checks.findings import Finding, Severity, Snippet
from checks.graph.algorithms import cycles as find_cycles
from checks.graph.merged import MergedGraph, created
from checks.graph.rewriting import with_id
from checks.recording.revisions import Revision


def duplicates(merged: MergedGraph) -> Iterator[Finding]:
    """Yield a finding for every file whose revision id an older file has already."""
    for id_ in dict.fromkeys(revision.id for revision in merged.all.revisions):
        first, *others = merged.by_age(revision for revision in merged.all.revisions if revision.id == id_)
        for other in others:
            yield _duplicate(merged, first, other)


def _duplicate(merged: MergedGraph, first: Revision, other: Revision) -> Finding:
    old, fresh = merged.file_on_base(other), _fresh_id(merged, other)
    followers = [r.id for r in merged.all.revisions if other.id in r.down_revisions]
    check = f" Then check which of the two files {' and '.join(followers)} should follow." if followers else ""
    return Finding(
        rule="duplicate-revision-id",
        severity=Severity.NOTICE if old else Severity.ERROR,
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


def _fresh_id(merged: MergedGraph, revision: Revision) -> str:
    """Return an unused id in Alembic's form; the same file always gets the same id."""
    taken, number = {r.id for r in merged.all.revisions}, 0
    while (fresh := hashlib.sha256(f"{revision.path}:{number}".encode()).hexdigest()[:12]) in taken:
        number += 1
    return fresh


def cycles(merged: MergedGraph) -> Iterator[Finding]:
    """Yield a finding for every cycle, placed at the member that this change adds or edits."""
    old = [set(cycle) for cycle in find_cycles(merged.changes.base_graph)] if merged.changes else []
    touched = {*merged.changes.new, *merged.changes.edited} if merged.changes else set()
    for cycle in find_cycles(merged.graph):
        start = next((place for place, id_ in enumerate(cycle) if id_ in touched), 0)
        yield _cycle(merged, (*cycle[start:], *cycle[:start]), set(cycle) in old)


def _cycle(merged: MergedGraph, members: tuple[str, ...], old: bool) -> Finding:
    revision = merged.revisions[members[0]]
    return Finding(
        rule="revision-cycle",
        severity=Severity.NOTICE if old else Severity.ERROR,
        message=f"Revisions form a cycle: {_links(members)}.",
        why="Every Alembic command stops with a CycleDetected error.",
        remedy=f"Set {members[0]}'s `down_revision` to the revision that it was written for, outside the cycle.",
        path=revision.path,
        line=revision.down_revision_line,
        revision=revision.id,
        evidence=(Snippet(title="Files in the cycle", text="\n".join(_places(merged, members))),),
    )


def _links(members: tuple[str, ...]) -> str:
    """Return who follows whom: ``a comes after b, b after a``."""
    (first, second), *rest = zip(members, (*members[1:], members[0]), strict=True)
    return ", ".join((f"{first} comes after {second}", *(f"{one} after {other}" for one, other in rest)))


def _places(merged: MergedGraph, members: tuple[str, ...]) -> Iterator[str]:
    for id_ in members:
        revision = merged.revisions[id_]
        yield f"{revision.path}:{revision.down_revision_line}: {revision.down_revision_text.strip()}"
