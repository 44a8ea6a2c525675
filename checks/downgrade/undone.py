"""The revision that is judged: what the recording has of it."""

from __future__ import annotations

from dataclasses import dataclass

from checks.findings import Severity
from checks.judged import is_old
from checks.recording.legs import Statement
from checks.recording.revisions import Revision
from checks.recording.round_trips import RoundTrip
from checks.recording.tree import TreeRecording


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoneRevision:
    """One revision with its round trip."""

    recording: TreeRecording
    revision: Revision
    trip: RoundTrip

    @property
    def path(self) -> str:
        """Return the path of its version file."""
        return self.revision.path

    @property
    def line(self) -> int:
        """Return the line of its ``downgrade``; where it has none, that of its id."""
        return self.revision.downgrade.line if self.revision.downgrade is not None else self.revision.line

    @property
    def problem(self) -> str:
        """Return the name of what all findings about its downgrade have in common."""
        return f"downgrade of {self.revision.id}"

    @property
    def is_old(self) -> bool:
        """Return whether the base has the revision already."""
        return is_old(self.recording, self.revision.id)

    def severity(self, usual: Severity) -> Severity:
        """Return the severity: a fault that the base has already is a notice."""
        return Severity.NOTICE if self.is_old else usual

    @property
    def upgrade_sql(self) -> str:
        """Return the statements that its upgrade sent."""
        steps = (step for leg in self.recording.legs for step in leg.steps if step.revision == self.revision.id)
        return ";\n".join(statement.sql for step in steps for statement in step.statements)

    @property
    def sent(self) -> tuple[Statement, ...]:
        """Return the statements that its downgrade sent."""
        steps = self.trip.undo.steps if self.trip.undo is not None else ()
        return tuple(statement for step in steps for statement in step.statements)
