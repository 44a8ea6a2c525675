"""Check ``history``: the base's revisions, which databases have run, are unchanged; new ones follow its head."""

from __future__ import annotations

from collections.abc import Iterator

from checks.check import Check, Outcome
from checks.findings import Finding, Severity, Snippet, Status
from checks.graph.algorithms import by_id
from checks.graph.completeness import incomplete
from checks.graph.merged import MergedGraph
from checks.graph.no_revisions import no_revisions
from checks.graph.restoring import restore
from checks.history.removed import named, removed
from checks.history.reparented import reparented
from checks.history.stale_parents import stale_parents
from checks.plural import listed, plural
from checks.policy import Policy
from checks.recording.absent import Absent
from checks.recording.revisions import Changes, Edit
from checks.recording.tree import TreeRecording

_NAMED = 3
"""Most files that a reason names."""


def run(recording: TreeRecording, policy: Policy) -> Outcome:
    """Judge what this change does to the base's revisions; without a base the check is skipped."""
    changes = recording.changes
    if isinstance(changes, Absent):
        return Outcome(unjudged=Status.SKIPPED, reason=changes.reason, required=recording.base_expected)
    merged = MergedGraph(recording=recording)
    findings = (
        *_edited(merged, changes),
        *removed(merged, changes),
        *reparented(merged, changes),
        *stale_parents(merged, changes, policy),
    )
    reason = _unjudged(changes) or no_revisions(recording) or incomplete(changes, recording.graph)
    return Outcome(findings=findings, unjudged=Status.SKIPPED if reason else None, reason=reason)


def _unjudged(changes: Changes) -> str | None:
    files = changes.uncompared
    if not files:
        return None
    named = listed([f"{file.path} ({file.reason})" for file in files], _NAMED)
    return f"{plural(len(files), 'version file')} could not be compared with {changes.base}: {named}."


def _edited(merged: MergedGraph, changes: Changes) -> Iterator[Finding]:
    """Yield a finding for every revision of the base whose code this change alters."""
    for edit in changes.edits:
        parts = tuple(part for part in edit.parts if part not in edit.on_base)
        if parts:
            yield _edit(merged, changes, edit, parts)


def _edit(merged: MergedGraph, changes: Changes, edit: Edit, parts: tuple[str, ...]) -> Finding:
    revision = by_id(merged.recording.graph)[edit.revision]
    functions = " and ".join(f"{part}()" for part in parts) + (" has" if len(parts) == 1 else " have")
    why, remedy = _UPGRADE_CHANGED if "upgrade" in parts else _DOWNGRADE_CHANGED
    return Finding(
        rule="edited-revision",
        severity=Severity.ERROR if "upgrade" in parts else Severity.WARNING,
        message=f"{named(revision)} is already on {changes.base}, and its {functions} changed.",
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


_UPGRADE_CHANGED = (
    "Databases that already ran this revision never run it again. They keep the result of the old code; new databases "
    "get the result of the new code.",
    "Restore the file. Make the change in a new revision.",
)
_DOWNGRADE_CHANGED = (
    "Nothing happens until a database is downgraded. The new downgrade() then has to undo the upgrade() that the base "
    "has.",
    "Restore the file. If the old downgrade() was wrong, add a suppression comment with that reason instead.",
)


CHECK = Check(
    id="history",
    title="Deployed revisions are unchanged",
    rules=("edited-revision", "removed-revision", "reparented-revision", "stale-parent"),
    run=run,
    judges_edits=True,
)
