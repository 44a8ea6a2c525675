"""Find revisions of the base that this change removes, or that it gives another id."""

from __future__ import annotations

from collections.abc import Iterator

from checks.common_causes import REMOVED, replaced
from checks.findings import Finding, Severity, Snippet
from checks.graph.algorithms import by_id
from checks.graph.index import index_of
from checks.graph.merged import MergedGraph
from checks.graph.restoring import restore
from checks.graph.rewriting import with_id, with_parent
from checks.history.reparented import changed_ids
from checks.plural import MOST_JOINED, joined
from checks.recording.revisions import Changes, Graph, Revision

_SQUASH = (
    "After a deliberate squash, set the id of the squashed revision to the last id that it replaces. Suppress this "
    "finding there once no database is at the other ids."
)


def removed(merged: MergedGraph, changes: Changes) -> Iterator[Finding]:
    """Yield a finding for every revision that the base still has and this change removes, or gives another id."""
    before, on_base = by_id(changes.fork_graph), {revision.id for revision in changes.base_graph.revisions}
    uncompared = {file.path for file in changes.uncompared}
    here, ids = by_id(merged.recording.graph), changed_ids(merged)
    for id_ in changes.removed:
        if id_ not in on_base or before[id_].path in uncompared:
            continue
        if id_ not in ids:
            yield _removal(merged, changes, before[id_])
        else:
            yield _replacement(merged, changes, before[id_], here[ids[id_]], is_same=id_ in merged.replaced)


def named(revision: Revision) -> str:
    """Return an id with its message, as ``MergedGraph.named`` does, also for a revision that only the base has."""
    return f"{revision.id} ({revision.message})" if revision.message else revision.id


def _removal(merged: MergedGraph, changes: Changes, revision: Revision) -> Finding:
    command = restore(changes, revision.path, merged.folders.restored_path(revision))
    return Finding(
        rule="removed-revision",
        severity=Severity.ERROR,
        message=f"{named(revision)} is already on {changes.base}, but no version file has it any more.",
        why=_why_kept(merged, revision),
        remedy=f"Restore the file. {_SQUASH}",
        path=revision.path,
        revision=revision.id,
        problem=REMOVED,
        fixes=(Snippet(title="Restore the file", text=command, language="shell"),),
    )


def _replacement(merged: MergedGraph, changes: Changes, revision: Revision, now: Revision, *, is_same: bool) -> Finding:
    """Return the finding of a revision whose file has another id; ``is_same``: and is not a squash of several."""
    restored = _restored_names(merged.recording.graph, revision, now) if is_same else _SQUASH
    return Finding(
        rule="removed-revision",
        severity=Severity.ERROR,
        message=f"{named(revision)} is already on {changes.base}, but its file now has the id {now.id}.",
        why=_why_kept(merged, revision),
        remedy=f"Set the file's old revision id again. {restored}".strip(),
        path=now.path,
        line=now.line,
        revision=revision.id,
        problem=replaced(revision.id) if is_same else REMOVED,
        fixes=(
            Snippet(
                title=f"Set the old revision id again (line {now.line})",
                text=with_id(now, revision.id),
                language="python",
                path=now.path,
            ),
            *(_parent_fixes(merged.recording.graph, revision, now) if is_same else ()),
        ),
    )


def _why_kept(merged: MergedGraph, revision: Revision) -> str:
    databases = "Every up-to-date database is" if revision.id in merged.up_to_date else "Some databases may be"
    return (
        f"{databases} at this revision. Alembic can no longer migrate such a database: every command stops with "
        '"Can\'t locate revision identified by" and the id.'
    )


def _restored_names(graph: Graph, revision: Revision, now: Revision) -> str:
    """Return which other revisions have to name the old id again."""
    index = index_of(graph)
    fields = {"down_revision": index.followers, "depends_on": index.depending}
    found = {field: [known.id for known in named.get(now.id, ())] for field, named in fields.items()}
    return " ".join(
        f"Set the `{field}` of {joined(ids)} to {revision.id} again." for field, ids in found.items() if ids
    )


def _parent_fixes(graph: Graph, revision: Revision, now: Revision) -> Iterator[Snippet]:
    for child in index_of(graph).followers.get(now.id, ())[:MOST_JOINED]:
        yield Snippet(
            title=f"Set {child.id}'s down_revision to {revision.id} again (line {child.down_revision_line})",
            text=with_parent(child, revision.id, instead_of=now.id),
            language="python",
            path=child.path,
        )
