"""Why a check that needs the project's code to run could not judge: told in full by one check, in short by the rest."""

from __future__ import annotations

from checks.check import Outcome
from checks.findings import Status
from checks.recording.obstacles import Obstacle
from checks.recording.tree import TreeRecording


def obstacle_of(recording: TreeRecording) -> Obstacle | None:
    """Return what kept the project from running, as a whole or in one leg; None when it ran."""
    if recording.obstacle is not None:
        return recording.obstacle
    return next((leg.obstacle for leg in recording.legs if leg.obstacle is not None), None)


def in_full(obstacle: Obstacle) -> Outcome:
    """Return the outcome that tells what, why and what to do."""
    return Outcome(unjudged=_status(obstacle), reason=obstacle.text)


def why_not_run(recording: TreeRecording) -> Outcome | None:
    """Return the outcome of a check that cannot judge what never ran; None when it ran."""
    obstacle = obstacle_of(recording)
    if obstacle is None:
        return None
    return Outcome(unjudged=_status(obstacle), reason="The project's migrations could not be run: see upgrade.")


def _status(obstacle: Obstacle) -> Status:
    return Status.ERROR if obstacle.is_project_code else Status.SKIPPED
