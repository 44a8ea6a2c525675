"""Check ``history``: what the base has, and databases have run, stays as it is; what is new goes on from its head."""

from __future__ import annotations

from collections.abc import Iterator

from checks.check import Check, Outcome
from checks.findings import Finding, Severity, Snippet, Status
from checks.graph.algorithms import by_id, effective_heads
from checks.graph.merged import MergedGraph
from checks.graph.restoring import restore
from checks.graph.rewriting import with_id
from checks.history.reparented import changed_ids, reparented
from checks.history.stale_parents import stale_parents
from checks.policy import Policy
from checks.recording.absent import Absent
from checks.recording.revisions import Changes, Edit, Revision
from checks.recording.tree import TreeRecording

_NAMED = 3
"""Files that a reason names."""


def run(recording: TreeRecording, policy: Policy) -> Outcome:
    """Judge what becomes of the base's revisions; without a base there is nothing to compare with."""
    changes = recording.changes
    if isinstance(changes, Absent):
        return Outcome(unjudged=Status.SKIPPED, reason=changes.reason, required=recording.base_expected)
    merged = MergedGraph(recording=recording)
    findings = (
        *_edited(merged, changes),
        *_removed(merged, changes),
        *reparented(merged, changes),
        *stale_parents(merged, changes, policy),
    )
    reason_missing = _unjudged(changes)
    return Outcome(findings=findings, unjudged=Status.SKIPPED if reason_missing else None, reason=reason_missing)


def _unjudged(changes: Changes) -> str | None:
    files = changes.uncompared
    if not files:
        return None
    told = ", ".join(f"{file.path} ({file.reason})" for file in files[:_NAMED])
    more = f" and {len(files) - _NAMED} more" if len(files) > _NAMED else ""
    return f"{len(files)} version file(s) could not be compared with {changes.base}: {told}{more}."


def _edited(merged: MergedGraph, changes: Changes) -> Iterator[Finding]:
    """Yield a finding for every revision whose code this change makes another one."""
    for edit in changes.edits:
        parts = tuple(part for part in edit.parts if part not in edit.on_base)
        if parts:
            yield _edit(merged, changes, edit, parts)


def _edit(merged: MergedGraph, changes: Changes, edit: Edit, parts: tuple[str, ...]) -> Finding:
    revision = by_id(merged.recording.graph)[edit.revision]
    said = " and ".join(f"{part}()" for part in parts) + (" does" if len(parts) == 1 else " do")
    why, remedy = _DEPLOYED if "upgrade" in parts else _MENDED
    return Finding(
        rule="edited-revision",
        severity=Severity.ERROR if "upgrade" in parts else Severity.WARNING,
        message=f"{_named(revision)} is on {changes.base} already, and its {said} something else now.",
        why=why,
        remedy=remedy,
        path=revision.path,
        line=edit.line,
        revision=revision.id,
        evidence=(Snippet(title="What changed", text=edit.diff, language="diff"),) if edit.diff else (),
        fixes=(
            Snippet(title="Restore the file", text=restore(changes, edit.old_path, revision.path), language="shell"),
        ),
    )


_DEPLOYED = (
    "A database that has run it never runs it again: it stays as the old code left it, and differs from every database "
    "that is made from now on.",
    "Restore the file, and put the change into a new revision.",
)
_MENDED = (
    "No database notices until it is downgraded. What was applied by the upgrade() as it is on the base is then taken "
    "back by the new code.",
    "Nothing, if the old downgrade() was wrong: silence this with the reason. Else restore the file.",
)


def _removed(merged: MergedGraph, changes: Changes) -> Iterator[Finding]:
    """Yield a finding for every revision that the base still has and this change takes away."""
    before, on_base = by_id(changes.fork_graph), {revision.id for revision in changes.base_graph.revisions}
    uncompared = {file.path for file in changes.uncompared}
    here, ids = by_id(merged.recording.graph), changed_ids(changes, merged.recording.graph)
    for id_ in changes.removed:
        if id_ in on_base and before[id_].path not in uncompared:
            yield _removal(changes, before[id_], here[ids[id_]] if id_ in ids else None)


def _removal(changes: Changes, revision: Revision, instead: Revision | None) -> Finding:
    became = f"its file has the id {instead.id} now" if instead else "no file has it any more"
    return Finding(
        rule="removed-revision",
        severity=Severity.ERROR,
        message=f"{_named(revision)} is on {changes.base} already, and {became}.",
        why=_why_kept(revision.id in {*effective_heads(changes.fork_graph), *effective_heads(changes.base_graph)}),
        remedy=("Give the file its old id back." if instead else "Bring the file back.")
        + " Where revisions are squashed on purpose, give what takes their place the id of the last of them, and "
        "silence this there once no database is at the others.",
        path=instead.path if instead else revision.path,
        line=instead.line if instead else None,
        revision=revision.id,
        fixes=(_back(changes, revision, instead),),
    )


def _why_kept(is_head: bool) -> str:
    who = "Every database that is up to date is at it, and" if is_head else "A database that stopped at it"
    return f'{who} cannot be migrated any more: Alembic ends with "Can\'t locate revision identified by" its id.'


def _back(changes: Changes, revision: Revision, instead: Revision | None) -> Snippet:
    if instead is None:
        return Snippet(title="Bring it back", text=restore(changes, revision.path), language="shell")
    title = f"Give {instead.path} its old id back, in line {instead.line}"
    return Snippet(title=title, text=with_id(instead, revision.id), language="python", path=instead.path)


def _named(revision: Revision) -> str:
    """Return an id with its message, as in ``MergedGraph.named``; the working tree may not have it."""
    return f"{revision.id} ({revision.message})" if revision.message else revision.id


CHECK = Check(
    id="history",
    title="Deployed revisions stay as they are",
    rules=("edited-revision", "removed-revision", "reparented-revision", "stale-parent"),
    run=run,
    judges_edits=True,
)
