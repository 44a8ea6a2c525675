"""What is said of a failure that only new databases meet: a revision of the base fails there, with this change."""

from __future__ import annotations

from checks.plural import listed
from checks.recording.absent import Absent
from checks.recording.legs import Leg, LegName
from checks.recording.tree import TreeRecording
from checks.upgrade.two_ways import cause, keep


def only_on_new_databases(recording: TreeRecording, leg: Leg) -> str | None:
    """Return the consequence of a failure that only new databases meet; None for any other failure."""
    if isinstance(recording.changes, Absent) or not _is_of_new_databases(recording, leg):
        return None
    first = _new_ones_before(recording, leg)
    runs = "runs" if len(first) == 1 else "run"
    why = f"on these, {listed(first)} of this change {runs} before it" if first else cause(recording)
    works = " The deploy works." if _deploy_works(recording) else ""
    return f"New databases cannot be created any more: {why}.{works}"


def remedy_on_new_databases(recording: TreeRecording, leg: Leg) -> str | None:
    """Return the remedy where files that the base's revisions use make them fail; None for any other failure."""
    files = recording.deployed.differing if recording.deployed else ()
    if not files or not _is_of_new_databases(recording, leg) or _new_ones_before(recording, leg):
        return None
    return keep(files)


def _is_of_new_databases(recording: TreeRecording, leg: Leg) -> bool:
    """Return whether a failure on the way from empty is not one that a deploy meets as well, in the same revision."""
    if leg.name is not LegName.EMPTY_TO_HEADS:
        return False
    changes, revision = recording.changes, leg.failure.revision if leg.failure else None
    return isinstance(changes, Absent) or revision not in changes.new or _deploy_works(recording)


def _deploy_works(recording: TreeRecording) -> bool:
    deploy = next((other for other in recording.legs if other.name is LegName.BASE_TO_HEADS), None)
    return deploy is not None and deploy.succeeded


def _new_ones_before(recording: TreeRecording, leg: Leg) -> tuple[str, ...]:
    """Return the change's own revisions that ran before the one that failed, as those of a second history do."""
    if isinstance(recording.changes, Absent) or leg.failure is None or leg.failure.revision in recording.changes.new:
        return ()
    return tuple(step.revision for step in leg.steps if step.revision in recording.changes.new)
