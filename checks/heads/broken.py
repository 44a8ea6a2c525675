"""Finds what keeps a revision graph from being read: duplicated ids, cycles, unreadable files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from checks.findings import Finding, Severity, Snippet
from checks.graph.algorithms import cycles as circles
from checks.graph.merged import MergedGraph, created
from checks.graph.rewriting import with_id
from checks.recording.revisions import Revision, Unreadable


def duplicates(merged: MergedGraph) -> Iterator[Finding]:
    """Yield a finding for every file but the first of a revision id."""
    for id_ in dict.fromkeys(revision.id for revision in merged.all.revisions):
        first, *others = merged.by_age(revision for revision in merged.all.revisions if revision.id == id_)
        for other in others:
            yield _duplicate(merged, first, other)


def _duplicate(merged: MergedGraph, first: Revision, other: Revision) -> Finding:
    old, fresh = merged.file_on_base(other), _fresh_id(merged, other)
    followers = [r.id for r in merged.all.revisions if other.id in r.down_revisions]
    check = f" Then look at {', '.join(followers)}: which of the two does it follow?" if followers else ""
    return Finding(
        rule="duplicate-revision-id",
        severity=Severity.NOTICE if old else Severity.ERROR,
        message=f"Two files have the revision id {other.id}: {first.path} and {other.path}.",
        why=f"Alembic only warns, and then never runs one of them. {_which_is_newer(merged, first, other)}",
        remedy=f"Give {other.path} an id of its own, such as {fresh}.{check}",
        path=other.path,
        line=other.line,
        revision=other.id,
        object=other.path,
        fixes=(
            Snippet(
                title=f"A fresh id: {other.path}, line {other.line}",
                text=with_id(other, fresh),
                language="python",
                path=other.path,
            ),
        ),
    )


def _which_is_newer(merged: MergedGraph, first: Revision, other: Revision) -> str:
    if merged.file_on_base(first) != merged.file_on_base(other):
        return f"{first.path} is on {merged.base} already, {other.path} is new."
    if merged.file_on_base(other):
        return f"Both files are on {merged.base} already."
    dates = created(first), created(other)
    if dates[0] and dates[1] and dates[0] < dates[1]:
        return f"By the create dates {other.path} is the newer one: {other.created} after {first.created}."
    return "Which of the two came first is not known."


def _fresh_id(merged: MergedGraph, revision: Revision) -> str:
    """Return an id of Alembic's form that no revision has: the same for the same file, whenever it is asked for."""
    taken, number = {r.id for r in merged.all.revisions}, 0
    while (fresh := hashlib.sha256(f"{revision.path}:{number}".encode()).hexdigest()[:12]) in taken:
        number += 1
    return fresh


def cycles(merged: MergedGraph) -> Iterator[Finding]:
    """Yield a finding for every cycle, at the member that the change brings or edits."""
    old = [set(cycle) for cycle in circles(merged.changes.base_graph)] if merged.changes else []
    touched = {*merged.changes.new, *merged.changes.edited} if merged.changes else set()
    for cycle in circles(merged.graph):
        start = next((place for place, id_ in enumerate(cycle) if id_ in touched), 0)
        yield _cycle(merged, (*cycle[start:], *cycle[:start]), set(cycle) in old)


def _cycle(merged: MergedGraph, members: tuple[str, ...], old: bool) -> Finding:
    revision = merged.revisions[members[0]]
    return Finding(
        rule="revision-cycle",
        severity=Severity.NOTICE if old else Severity.ERROR,
        message=f"Revisions come after each other in a circle: {' after '.join((*members, members[0]))}.",
        why="Alembic stops at every command with a CycleDetected error.",
        remedy=f"Give {members[0]} the down_revision that it was written for, outside of the circle.",
        path=revision.path,
        line=revision.down_revision_line,
        revision=revision.id,
        evidence=(Snippet(title="The files of the circle", text="\n".join(_places(merged, members))),),
    )


def _places(merged: MergedGraph, members: tuple[str, ...]) -> Iterator[str]:
    for id_ in members:
        revision = merged.revisions[id_]
        yield f"{revision.path}:{revision.down_revision_line}: {revision.down_revision_text.strip()}"


def unreadable_files(merged: MergedGraph) -> Iterator[Finding]:
    """Yield a finding for every version file whose revision could not be read."""
    old = {file.path for file in merged.changes.base_graph.unreadable} if merged.changes else set()
    for file in merged.all.unreadable:
        yield _unreadable(file, file.path in old)


def _unreadable(file: Unreadable, old: bool) -> Finding:
    return Finding(
        rule="unreadable-revision",
        severity=Severity.NOTICE if old else Severity.WARNING,
        message=f"The revision of {file.path} could not be read: {file.reason}.",
        why="Its place in the revision graph is not known, so the heads can be wrong.",
        remedy="Mend the file, or write revision and down_revision as literals.",
        path=file.path,
        line=file.line,
        object=file.path,
    )
