"""Check ``downgrade``: each revision that is judged can be undone, and applied again."""

from __future__ import annotations

from collections.abc import Iterator

from checks.check import Check, Outcome
from checks.downgrade.applied_again import fails_again
from checks.downgrade.created_bases import is_proven, proves_nothing
from checks.downgrade.failing import failing
from checks.downgrade.incomplete import incomplete
from checks.downgrade.missing import form_of, missing
from checks.downgrade.not_judged import not_judged, without_round_trips
from checks.downgrade.not_undone import leftovers
from checks.downgrade.undone import UndoneRevision
from checks.findings import Finding
from checks.graph.algorithms import by_id
from checks.policy import Policy
from checks.recording.absent import Absent
from checks.recording.tree import Phase, TreeRecording
from checks.rules import rules_of


def run(recording: TreeRecording, policy: Policy) -> Outcome:
    """Judge the round trip of each revision: how its downgrade failed, what it left, and what it lost."""
    outcome = without_round_trips(recording)
    if outcome is not None:
        return outcome
    subjects = list(_subjects(recording))
    findings = tuple(finding for subject in subjects for finding in _findings(subject))
    return not_judged(recording, subjects, findings)


def _subjects(recording: TreeRecording) -> Iterator[UndoneRevision]:
    trips, known = recording.round_trips, by_id(recording.graph)
    for trip in () if isinstance(trips, Absent) else trips:
        if trip.revision in known:
            yield UndoneRevision(recording=recording, revision=known[trip.revision], trip=trip)


def _findings(subject: UndoneRevision) -> Iterator[Finding]:
    trip = subject.trip
    undo, redo = trip.undo, trip.redo
    if undo is None or undo.obstacle is not None:
        return
    form = form_of(subject)
    if form is not None:
        yield missing(subject, form)
        return
    if undo.failure is not None:
        if not proves_nothing(subject, undo.failure):
            yield failing(subject, undo, undo.failure)
        return
    found = tuple(leftover for leftover in leftovers(subject) if is_proven(subject, leftover))
    yield from incomplete(subject, found)
    # What an empty downgrade leaves under an upgrade of rows alone is a matter of rows.
    if redo is not None and redo.failure is not None and subject.sent and not proves_nothing(subject, redo.failure):
        yield fails_again(subject, redo.failure, found)


CHECK = Check(
    id="downgrade",
    title="New revisions can be undone",
    rules=rules_of("downgrade"),
    run=run,
    needs_server=True,
    phase=Phase.EXAMINE,
)
