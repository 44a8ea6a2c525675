"""Suppressions: ``# alembic-checks: ignore[rule] reason`` in a version file suppresses that rule for its revision."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from checks.check import Check
from checks.findings import Finding, Severity
from checks.recording.absent import Absent
from checks.recording.revisions import Changes, Revision, Suppression
from checks.recording.tree import TreeRecording


def apply(check: Check, findings: tuple[Finding, ...], recording: TreeRecording, judged: bool) -> tuple[Finding, ...]:
    """Mark suppressed findings, and add notices of suppressions without a reason or without effect.

    ``judged`` is whether the check could judge everything: only then is a suppression known to have no effect.
    """
    marked, used = [], set()
    for finding in findings:
        revision, suppression = _suppression_of(check, finding, recording) or (None, None)
        if revision is not None and suppression is not None:
            used.add((revision.id, finding.rule))
            finding = replace(finding, suppressed=suppression.reason)
        marked.append(finding)
    return (*marked, *_notices(check, recording, used, judged))


def _suppression_of(check: Check, finding: Finding, recording: TreeRecording) -> tuple[Revision, Suppression] | None:
    """Return the suppression of a finding, and the revision whose file has it; None where there is none.

    It is in the file of the finding's revision. A removed revision has no file, so any file that the change adds or
    edits can suppress its finding.
    """
    revisions = recording.graph.revisions
    own = [revision for revision in revisions if revision.id == finding.revision]
    if not own and check.judges_edits and finding.revision and not isinstance(recording.changes, Absent):
        touched = {*recording.changes.new, *recording.changes.edited}
        own = [revision for revision in revisions if revision.id in touched]
    for revision in own:
        for suppression in revision.suppressions:
            if finding.rule in suppression.rules and suppression.reason:
                return revision, suppression
    return None


def _notices(check: Check, recording: TreeRecording, used: set[tuple[str, str]], judged: bool) -> Iterator[Finding]:
    for revision in recording.graph.revisions:
        if not _is_judged(check, revision, recording.changes):
            continue  # its suppressions have no effect in this run
        for suppression in revision.suppressions:
            for rule in suppression.rules:
                if rule not in check.rules:
                    continue
                if not suppression.reason:
                    yield _notice("suppression-without-reason", revision, suppression, rule)
                elif judged and (revision.id, rule) not in used:
                    yield _notice("unused-suppression", revision, suppression, rule)


def _is_judged(check: Check, revision: Revision, changes: Changes | Absent) -> bool:
    if isinstance(changes, Absent) or revision.id in changes.new:
        return True
    return check.judges_edits and revision.id in changes.edited


TEXTS = {
    "suppression-without-reason": (
        "The suppression of {rule} has no reason, so it is ignored.",
        "Later readers of the migration need to know why the finding was accepted.",
        "Add the reason: # alembic-checks: ignore[{rule}] the reason",
    ),
    "unused-suppression": (
        "The suppression of {rule} suppresses nothing.",
        "If the comment stays, it hides the next finding of this rule.",
        "Delete the comment.",
    ),
}
RULES = tuple(TEXTS)


def _notice(rule_id: str, revision: Revision, suppression: Suppression, rule: str) -> Finding:
    message, why, remedy = (text.format(rule=rule) for text in TEXTS[rule_id])
    return Finding(
        rule=rule_id, severity=Severity.NOTICE, message=message, why=why, remedy=remedy,
        path=revision.path, line=suppression.line, revision=revision.id, object=rule,
    )  # fmt: skip
