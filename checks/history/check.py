"""Check ``history``: the base's revisions, which databases have run, are unchanged; new ones follow its head."""

from __future__ import annotations

from checks.check import Check, Outcome
from checks.findings import Status
from checks.graph.completeness import incomplete
from checks.graph.merged import MergedGraph
from checks.graph.no_revisions import no_revisions
from checks.history.edited import edited
from checks.history.removed import removed
from checks.history.reparented import reparented
from checks.history.stale_parents import stale_parents
from checks.plural import listed, plural
from checks.policy import Policy
from checks.recording.absent import Absent
from checks.recording.revisions import Changes, UnreadKind
from checks.recording.tree import TreeRecording
from checks.rules import rules_of

_NAMED = 3
"""Most files that a reason names."""


def run(recording: TreeRecording, policy: Policy) -> Outcome:
    """Judge what this change does to the base's revisions; without a base the check is skipped."""
    changes = recording.changes
    if isinstance(changes, Absent):
        return Outcome(unjudged=Status.SKIPPED, reason=changes.reason, required=recording.base_expected)
    merged = MergedGraph(recording=recording)
    findings = (
        *edited(merged, changes),
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
    noun = "folder" if all(file.unread is UnreadKind.FOLDER for file in files) else "version file"
    return f"{plural(len(files), noun)} could not be compared with {changes.base}: {named}."


CHECK = Check(
    id="history",
    title="Deployed revisions are unchanged",
    rules=rules_of("history"),
    run=run,
    judges_edits=True,
)
