"""What is recorded of trees that could not be rehearsed: what their files show, and the error as the reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from action.errors import RunError
from checks.recording.obstacles import Obstacle, ObstacleKind
from checks.recording.tree import TreeRecording


def not_rehearsed(read: Sequence[TreeRecording], error: RunError, kind: ObstacleKind) -> tuple[TreeRecording, ...]:
    """Return the trees as they were read, each with the error as its obstacle; they still have revisions to check."""
    obstacle = Obstacle(kind=kind, message=error.what, why=error.why, remedy=error.remedy, details=error.details)
    return tuple(replace(tree, obstacle=obstacle) for tree in read)
