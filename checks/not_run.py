"""Outcomes for when the project's code does not run: check ``upgrade`` gives the reason, the others refer to it."""

from __future__ import annotations

from checks.check import Outcome
from checks.findings import Status
from checks.recording.absent import Absent
from checks.recording.legs import DEPLOYS
from checks.recording.obstacles import Obstacle, ObstacleKind
from checks.recording.tree import TreeRecording


def obstacle_of(recording: TreeRecording) -> Obstacle | None:
    """Return what kept the project's code from running, at all or in one migration run; None when it ran."""
    if recording.obstacle is not None:
        return recording.obstacle
    return next((leg.obstacle for leg in recording.legs if leg.obstacle is not None), None)


def left_alone(recording: TreeRecording) -> Outcome | None:
    """Return the outcome of a check of what runs, where the change touches nothing of this Alembic environment.

    None where anything of it ran, or its revisions are not seen to be those of the base.
    """
    changes, untouched = recording.changes, recording.untouched
    if untouched is None or isinstance(changes, Absent) or recording.obstacle is not None or recording.legs:
        return None
    if changes.new or changes.removed or changes.edited or changes.uncompared or recording.graph.unreadable:
        return None
    reason = (
        f"Not run: none of the {untouched.files} files that this Alembic config uses has changed since {changes.base}."
    )
    return Outcome(unjudged=Status.SKIPPED, reason=reason, required=False)


def has_arrived(recording: TreeRecording) -> bool:
    """Return whether a deploy reached the heads, or where there is none to deploy to, a new database did.

    A base database may have been made without the base's migrations, because one of them fails on an empty database.
    """
    last = next((leg for name in DEPLOYS for leg in recording.legs if leg.name is name), None)
    return last is not None and last.succeeded


def in_full(obstacle: Obstacle) -> Outcome:
    """Return the outcome with the whole reason: what, why and fix."""
    said_by = {ObstacleKind.GRAPH: "heads", ObstacleKind.REMOVED_MODULE: "upgrade"}.get(obstacle.kind)
    return Outcome(unjudged=_status(obstacle), reason=obstacle.text, follows=said_by)


def why_not_run(recording: TreeRecording) -> Outcome | None:
    """Return the outcome that refers to check ``upgrade`` for the reason; None when the project's code ran."""
    obstacle = obstacle_of(recording)
    if obstacle is None:
        return None
    return Outcome(unjudged=_status(obstacle), reason="The migrations could not run: see upgrade.", follows="upgrade")


def _status(obstacle: Obstacle) -> Status:
    return Status.ERROR if obstacle.is_project_code else Status.SKIPPED
