"""Suppressions: ``# alembic-checks: ignore[rule] reason`` in a version file silences that rule for that revision."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from checks.check import Check
from checks.findings import Finding, Severity
from checks.recording import TreeRecording
from checks.revisions import Revision, Suppression


def apply(check: Check, findings: tuple[Finding, ...], recording: TreeRecording, judged: bool) -> tuple[Finding, ...]:
    """Mark what is suppressed, and tell of suppressions that have no reason or that suppress nothing."""
    by_id = {revision.id: revision for revision in recording.graph.revisions}
    marked = tuple(_mark(finding, by_id.get(finding.revision or "")) for finding in findings)
    used = {(f.revision, f.rule) for f in marked if f.suppressed is not None}
    return (*marked, *_notices(check, recording, used, judged))


def _mark(finding: Finding, revision: Revision | None) -> Finding:
    for suppression in revision.suppressions if revision else ():
        if finding.rule in suppression.rules and suppression.reason:
            return replace(finding, suppressed=suppression.reason)
    return finding


def _notices(
    check: Check, recording: TreeRecording, used: set[tuple[str | None, str]], judged: bool
) -> Iterator[Finding]:
    new = recording.changes.new if recording.changes is not None else None
    for revision in recording.graph.revisions:
        if new is not None and revision.id not in new:
            continue  # old revisions are not judged, so their suppressions have nothing to do
        for suppression in revision.suppressions:
            for rule in suppression.rules:
                if rule not in check.rules:
                    continue
                if not suppression.reason:
                    yield _notice("suppression-without-reason", revision, suppression, rule)
                elif judged and (revision.id, rule) not in used:
                    yield _notice("unused-suppression", revision, suppression, rule)


TEXTS = {
    "suppression-without-reason": (
        "The suppression of {rule} gives no reason, so it is ignored.",
        "Whoever reads the migration later has to know why the finding was accepted.",
        "Write the reason behind it: # alembic-checks: ignore[{rule}] the reason",
    ),
    "unused-suppression": (
        "The suppression of {rule} suppresses nothing.",
        "What it was written for is gone; left there, it would hide the next one.",
        "Remove the comment.",
    ),
}
RULES = tuple(TEXTS)


def _notice(rule_id: str, revision: Revision, suppression: Suppression, rule: str) -> Finding:
    message, why, remedy = (text.format(rule=rule) for text in TEXTS[rule_id])
    return Finding(
        rule=rule_id, severity=Severity.NOTICE, message=message, why=why, remedy=remedy,
        path=revision.path, line=suppression.line, revision=revision.id, object=rule,
    )  # fmt: skip
