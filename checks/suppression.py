"""Suppressions: ``# alembic-checks: ignore[rule] reason`` in a version file suppresses that rule for its revision."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from checks.check import Check
from checks.findings import Finding, Severity
from checks.recording.absent import Absent
from checks.recording.revisions import Revision, Suppression
from checks.recording.tree import TreeRecording
from checks.rules import ANY_CHECK, rules_of


def apply(check: Check, findings: tuple[Finding, ...], recording: TreeRecording, judged: bool) -> tuple[Finding, ...]:
    """Mark suppressed findings, and add notices of suppressions without a reason or without effect.

    ``judged`` is whether the check could judge everything: only then is a suppression known to have no effect.
    """
    files = _Files(check, recording)
    marked, used = [], set()
    for finding in findings:
        revision, suppression = files.suppression_of(finding) or (None, None)
        if revision is not None and suppression is not None:
            used.add((revision.id, finding.rule))
            finding = replace(finding, suppressed=suppression.reason)
        marked.append(finding)
    return (*marked, *_notices(check, files, used, judged))


class _Files:
    """The version files whose suppressions count for one check."""

    def __init__(self, check: Check, recording: TreeRecording) -> None:
        changes = recording.changes
        self._new = None if isinstance(changes, Absent) else frozenset(changes.new)
        self._edited = (
            frozenset() if isinstance(changes, Absent) or not check.judges_edits else frozenset(changes.edited)
        )
        self._ids = {revision.id for revision in recording.graph.revisions}
        self.suppressing = [revision for revision in recording.graph.revisions if revision.suppressions]
        self._own: dict[str | None, list[Revision]] = {}
        for revision in self.suppressing:
            self._own.setdefault(revision.id, []).append(revision)
        touched = self._new | self._edited if self._new is not None and check.judges_edits else ()
        self._touched = [revision for revision in self.suppressing if revision.id in touched]

    def suppression_of(self, finding: Finding) -> tuple[Revision, Suppression] | None:
        """Return the suppression of a finding, and the revision whose file has it; None where there is none.

        It is in the file of the finding's revision. A removed revision has no file, so any file that the change adds or
        edits can suppress its finding.
        """
        removed = finding.revision and finding.revision not in self._ids
        for revision in self._touched if removed else self._own.get(finding.revision, ()):
            for suppression in revision.suppressions:
                if finding.rule in suppression.rules and suppression.reason:
                    return revision, suppression
        return None

    def is_judged(self, revision: Revision) -> bool:
        """Return whether the suppressions of a revision have an effect in this run."""
        return self._new is None or revision.id in self._new or revision.id in self._edited


def _notices(check: Check, files: _Files, used: set[tuple[str, str]], judged: bool) -> Iterator[Finding]:
    for revision in filter(files.is_judged, files.suppressing):
        for suppression in revision.suppressions:
            for rule in suppression.rules:
                if rule not in check.rules:
                    continue
                if not suppression.reason:
                    yield _notice("suppression-without-reason", revision, suppression, rule)
                elif judged and (revision.id, rule) not in used:
                    yield _notice(UNUSED, revision, suppression, rule)


UNUSED = "unused-suppression"
TEXTS = {
    "suppression-without-reason": (
        "The suppression of {rule} has no reason, so it is ignored.",
        "Later readers of the migration need to know why the finding was accepted.",
        "Add the reason: # alembic-checks: ignore[{rule}] the reason",
    ),
    UNUSED: (
        "The suppression of {rule} suppresses nothing.",
        "If the comment stays, it hides the next finding of this rule.",
        "Delete the comment.",
    ),
}
RULES = rules_of(ANY_CHECK)


def _notice(rule_id: str, revision: Revision, suppression: Suppression, rule: str) -> Finding:
    message, why, remedy = (text.format(rule=rule) for text in TEXTS[rule_id])
    return Finding(
        rule=rule_id, severity=Severity.NOTICE, message=message, why=why, remedy=remedy,
        path=revision.path, line=suppression.line, revision=revision.id, object=rule,
    )  # fmt: skip
