"""Say which downgrades were not judged, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from checks.check import Outcome
from checks.downgrade.created_bases import is_proven, proves_nothing
from checks.downgrade.missing import form_of
from checks.downgrade.not_undone import leftovers
from checks.downgrade.undone import UndoneRevision
from checks.findings import Finding, Status
from checks.graph.completeness import incomplete
from checks.graph.no_revisions import no_revisions
from checks.judged import to_judge
from checks.made_base import BETTER_BASE, CREATED
from checks.not_run import has_arrived, left_alone, why_not_run
from checks.plural import listed
from checks.recording.absent import Absent
from checks.recording.legs import Leg, MadeBy
from checks.recording.tree import TreeRecording

_NOT_APPLIED = "The migrations were not applied, so nothing could be undone: see upgrade."


def without_round_trips(recording: TreeRecording) -> Outcome | None:
    """Return the outcome where no downgrade ran, with its reason; None where some did, or there is none to run."""
    alone = left_alone(recording)
    if alone is not None:
        return alone
    changes = recording.changes
    if isinstance(changes, Absent) and not recording.judged:
        return Outcome(
            unjudged=Status.SKIPPED, reason=changes.reason, required=recording.base_expected, follows="history"
        )
    not_run = why_not_run(recording)
    if not_run is not None:
        return not_run
    if not to_judge(recording):
        reason = no_revisions(recording)
        if reason is None and not isinstance(changes, Absent):
            reason = incomplete(changes, recording.graph)
        return Outcome(unjudged=Status.SKIPPED if reason else None, reason=reason)
    if not has_arrived(recording):
        return Outcome(unjudged=Status.SKIPPED, reason=_NOT_APPLIED, follows="upgrade")
    if isinstance(recording.round_trips, Absent):
        return Outcome(unjudged=Status.SKIPPED, reason=recording.round_trips.reason)
    return None


def not_judged(recording: TreeRecording, subjects: Sequence[UndoneRevision], findings: tuple[Finding, ...]) -> Outcome:
    """Return the outcome with the findings, and the reason where the downgrade of a revision could not be judged."""
    reasons = list(_reasons(recording, subjects))
    if not reasons:
        return Outcome(findings=findings)
    more = f"\n{len(reasons) - 1} more could not be judged." if reasons[1:] else ""
    return Outcome(findings=findings, unjudged=Status.SKIPPED, reason=f"{reasons[0]}{more}")


def _reasons(recording: TreeRecording, subjects: Sequence[UndoneRevision]) -> Iterator[str]:
    for subject in subjects:
        trip, revision = subject.trip, subject.revision.id
        if trip.undo is None:
            reason = trip.reason or "Its downgrade() did not run."
            yield f"The downgrade of revision {revision} was not judged. {reason}"
        elif trip.undo.obstacle is not None:
            yield f"The downgrade of revision {revision} could not run. {trip.undo.obstacle.text}"
        elif trip.undo.failure is not None:
            if form_of(subject) is None and proves_nothing(subject, trip.undo.failure):
                yield _by_models(revision)
        elif not _has_run(trip.undo, revision):
            yield f"The downgrade of revision {revision} did not run."
        elif trip.redo is None:
            if not trip.is_as_before:
                yield f"Revision {revision} was not applied again after its downgrade()."
        elif trip.redo.succeeded and not _has_run(trip.redo, revision):
            yield f"Revision {revision} was not applied again after its downgrade()."
        elif trip.redo.obstacle is not None:
            yield f"Revision {revision} could not be applied again after its downgrade(). {trip.redo.obstacle.text}"
        elif any(not is_proven(subject, one) for one in leftovers(subject)) or _redo_proves_nothing(subject, trip.redo):
            yield _by_models(revision)
    judged = {subject.revision.id for subject in subjects}
    missing = [revision for revision in to_judge(recording) if revision not in judged]
    if missing:
        yield f"The downgrade of {listed(missing)} did not run."


def _has_run(leg: Leg, revision: str) -> bool:
    """Return whether a run was about the revision, and its version table is where it should be."""
    return any(step.revision == revision for step in leg.steps) and set(leg.versions_after) == set(leg.target)


def _redo_proves_nothing(subject: UndoneRevision, redo: Leg) -> bool:
    return redo.failure is not None and form_of(subject) is None and proves_nothing(subject, redo.failure)


def _by_models(revision: str) -> str:
    return (
        f"The downgrade of revision {revision} was not judged. The base database was created {CREATED[MadeBy.MODELS]}, "
        f"so what it does not put back proves nothing about production.\n{BETTER_BASE}"
    )
