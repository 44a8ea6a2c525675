"""Why a check that needs the project's code to run could not judge: the same words for all of them."""

from __future__ import annotations

from checks.check import Outcome
from checks.findings import Status
from checks.recording import TreeRecording


def why_not_run(recording: TreeRecording) -> Outcome | None:
    """Return the outcome of a check whose tree could not be run at all; None when it ran."""
    obstacle = recording.obstacle
    if obstacle is not None:
        status = Status.ERROR if obstacle.is_project_code else Status.SKIPPED
        return Outcome(unjudged=status, reason=obstacle.text)
    return None
