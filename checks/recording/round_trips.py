"""What came of undoing a new revision and applying it again, on a copy of the database that it was applied to."""

from __future__ import annotations

from dataclasses import dataclass

from checks.recording.legs import Leg
from checks.recording.schema import ObjectChange


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundTrip:
    """One revision: applied, undone, applied again; the schema read in between."""

    revision: str
    changed: tuple[ObjectChange, ...] = ()
    """What its upgrade changed. Before: at its parents. After: with it."""
    undo: Leg | None = None
    """The run of its downgrade; None where ``reason`` says why it did not run."""
    not_undone: tuple[ObjectChange, ...] = ()
    """What its downgrade did not put back. Before: at its parents. After: when it was undone."""
    is_as_before: bool = False
    """Whether the database was seen to be as before in every respect when it was undone, not in its schema alone. Its
    upgrade then did not run again: it would end the same."""
    redo: Leg | None = None
    """The second run of its upgrade; None where it was not undone, or ``is_as_before``."""
    not_redone: tuple[ObjectChange, ...] = ()
    """What the second upgrade made otherwise. Before: of the first upgrade. After: of the second."""
    reason: str = ""
    """Why it was not undone: a sentence for the report."""
