"""Find revision ids that are longer than the column which Alembic writes them to."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from checks.common_causes import long_id
from checks.findings import Finding, Severity, Snippet
from checks.graph.algorithms import by_id, descendants, followers_of
from checks.graph.id_width import column_name, column_width, is_refused
from checks.graph.index import index_of
from checks.graph.merged import MergedGraph
from checks.graph.rewriting import with_id
from checks.recording.revisions import Revision


def long_ids(merged: MergedGraph) -> Iterator[Finding]:
    """Yield a finding for every new id that its column cannot hold, as far as it is not known to hold it."""
    recording = merged.recording
    width = column_width(recording)
    if width is None:
        return
    refused = {leg.failure.revision for leg in recording.legs if leg.failure is not None and is_refused(leg.failure)}
    may_be_wider = recording.graph.version_column_named is not None
    applied = {step.revision for leg in recording.legs for step in leg.steps if step.seconds is not None}
    new = _new(merged, width)
    for revision in recording.graph.revisions:
        if len(revision.id) <= width or revision.id in applied or (may_be_wider and revision.id not in refused):
            continue
        if revision.id in new:
            yield _finding(merged, revision, width)


def _new(merged: MergedGraph, width: int) -> Collection[str]:
    """Return ids that no database can have stored: an older long one shows that the column is wider."""
    if merged.changes is not None:
        on_base = any(len(old.id) > width for old in merged.changes.base_graph.revisions)
        return frozenset() if on_base else merged.new
    long = [revision.id for revision in merged.graph.revisions if len(revision.id) > width]
    follow, last = descendants(merged.graph, *long), index_of(merged.all).followers
    return {id_ for id_ in long if id_ not in follow and id_ not in last}


def _finding(merged: MergedGraph, revision: Revision, width: int) -> Finding:
    shorter = revision.id[:width].rstrip("_-")
    taken = by_id(merged.all)
    shortened = Snippet(
        title=f"Set a shorter revision id (line {revision.line})",
        text=with_id(revision, shorter),
        language="python",
        path=revision.path,
    )
    column = column_name(merged.recording)
    followers = followers_of(merged.all, revision.id)
    also = f", and the `down_revision` of {followers}" if followers else ""
    return Finding(
        rule="revision-id-too-long",
        severity=Severity.ERROR,
        message=f"Revision id {revision.id} has {len(revision.id)} characters, but {column} holds {width}.",
        why="The deploy fails: Alembic writes the id into this column after the migration, and PostgreSQL refuses it.",
        remedy=f"Shorten the `revision` in {revision.path}{also}. Or widen {column} in an earlier migration.",
        path=revision.path,
        line=revision.line,
        revision=revision.id,
        object=revision.id,
        problem=long_id(revision.id),
        fixes=() if shorter in taken else (shortened,),
    )
