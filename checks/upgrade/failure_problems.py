"""Which problem a failed migration run belongs to: one that another finding reports, or that of an earlier failure."""

from __future__ import annotations

from checks import common_causes
from checks.graph.id_width import is_refused
from checks.recording.absent import Absent
from checks.recording.legs import Failure, FailureKind, Leg, LegName
from checks.recording.tree import TreeRecording


class FailureProblems:
    """Names the problems of the failures of one Alembic environment."""

    def __init__(self, recording: TreeRecording) -> None:
        self._recording = recording
        self._of_revision: dict[str | None, str] = {}
        self._of_message: dict[str, str] = {}

    def of(self, failure: Failure) -> str:
        """Return the name of a failure of its own: one with the revision or the message of an earlier one shares it."""
        earlier = self._of_message.get(failure.message) or self._of_revision.get(failure.revision)
        name = earlier or common_causes.failure(failure.message or f"{failure.kind} {failure.revision}")
        self._of_message.setdefault(failure.message, name)
        self._of_revision.setdefault(failure.revision, name)
        return name

    def cause(self, leg: Leg, failure: Failure) -> tuple[str, str] | None:
        """Return the problem that another finding reports, and the check of that; None where the failure is it."""
        if is_refused(failure):
            return common_causes.long_id(str(failure.revision)), "heads"
        lost, changes = self._recording.lost_import, self._recording.changes
        imports = failure.kind is FailureKind.PYTHON and failure.frames[:1]
        if lost is not None and imports and (failure.frames[0].path, failure.frames[0].line) == (lost.path, lost.line):
            return common_causes.LOST_IMPORT, "upgrade"
        again = leg.name is LegName.EMPTY_TO_HEADS and not isinstance(changes, Absent)
        if again and not isinstance(changes, Absent) and failure.revision in changes.reworked:
            return common_causes.EDITED, "history"
        return None
