"""Suppressions: ``# alembic-checks: ignore[rule] reason`` in a version file suppresses that rule where it stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from checks.check import Check
from checks.findings import Finding
from checks.recording.absent import Absent
from checks.recording.revisions import Revision, Suppression, SuppressionScope
from checks.recording.tree import TreeRecording
from checks.suppression_notices import misplaced, unused, without_reason


def apply(check: Check, findings: tuple[Finding, ...], recording: TreeRecording, judged: bool) -> tuple[Finding, ...]:
    """Mark suppressed findings, and add notices of suppressions without a reason or without effect.

    ``judged`` is whether the check could judge everything: only then is a suppression known to have no effect.
    """
    files = _Files(check, recording)
    marked: list[Finding] = []
    used: set[tuple[str, int, str]] = set()
    for finding in findings:
        matching = files.suppressions_of(finding)
        used.update((revision.path, suppression.line, finding.rule) for revision, suppression in matching)
        if matching:
            _, nearest = min(matching, key=lambda one: _NEAREST_FIRST.index(one[1].scope))
            finding = replace(finding, suppressed=nearest.reason)
        marked.append(finding)
    return (*marked, *_notices(check, files, used, marked if judged else None))


_NEAREST_FIRST = (SuppressionScope.LINE, SuppressionScope.FUNCTION, SuppressionScope.MODULE)


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

    def suppressions_of(self, finding: Finding) -> list[tuple[Revision, Suppression]]:
        """Return the suppressions of a finding, each with the revision whose file has it."""
        return [
            (revision, suppression)
            for revision in self.files_of(finding)
            for suppression in revision.suppressions
            if finding.rule in suppression.rules and suppression.reason and _holds(suppression, finding, revision)
        ]

    def files_of(self, finding: Finding) -> Sequence[Revision]:
        """Return the revisions whose files can suppress a finding: of its own revision, if these suppress anything.

        A removed revision has no file, so any file that the change adds or edits can suppress its finding.
        """
        removed = finding.revision and finding.revision not in self._ids
        return self._touched if removed else self._own.get(finding.revision, ())

    def is_judged(self, revision: Revision) -> bool:
        """Return whether the suppressions of a revision have an effect in this run."""
        return self._new is None or revision.id in self._new or revision.id in self._edited


def _holds(suppression: Suppression, finding: Finding, revision: Revision) -> bool:
    """Return whether a suppression is about the place of a finding of its rule."""
    if suppression.scope is SuppressionScope.MODULE:
        return True
    lines = lines_in(finding, revision)
    if suppression.batch in lines and (finding.object or "").rpartition(".")[2] in suppression.words:
        return True
    return any(suppression.first <= line <= suppression.last for line in lines)


def lines_in(finding: Finding, revision: Revision) -> tuple[int, ...]:
    """Return the lines of a version file that a finding is about: its own, and those that led to it."""
    own = (finding.line,) if finding.path == revision.path and finding.line is not None else ()
    return (*own, *finding.called_from)


def _notices(
    check: Check, files: _Files, used: set[tuple[str, int, str]], findings: Sequence[Finding] | None
) -> Iterator[Finding]:
    """Yield the notices; ``findings`` are those of the check, None where it could not judge everything."""
    for revision in filter(files.is_judged, files.suppressing):
        for suppression in revision.suppressions:
            for rule in suppression.rules:
                if rule not in check.rules:
                    continue
                if not suppression.reason:
                    yield without_reason(revision, suppression, rule)
                elif findings is not None and (revision.path, suppression.line, rule) not in used:
                    others = [f for f in findings if f.rule == rule and revision in files.files_of(f)]
                    lines = [line for finding in others for line in lines_in(finding, revision)]
                    if others and suppression.scope is not SuppressionScope.MODULE:
                        yield misplaced(revision, suppression, rule, lines)
                    else:
                        yield unused(revision, suppression, rule)
