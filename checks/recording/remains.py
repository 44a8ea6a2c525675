"""What stays in a database, or on its server, of a run that failed, beside the objects that it has changed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RowChange:
    """A table whose rows are not those that are expected: of an undisturbed deploy, or of the database before."""

    schema: str
    table: str
    expected: int
    """How many rows there should be."""
    found: int
    columns: tuple[str, ...] = ()
    """Where the numbers are the same: the columns whose values differ."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SequenceMove:
    """A sequence that draws from another number than before: no rollback sets it back."""

    schema: str
    name: str
    before: int | None
    """The last number that was drawn; None where none was."""
    after: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Remains:
    """What was seen after a failed run that was not there before it."""

    rows: tuple[RowChange, ...] = ()
    """Tables whose rows were changed for good, in a run that has finished no revision."""
    sequences: tuple[SequenceMove, ...] = ()
    """Those that nothing which was committed can have moved."""
    databases: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    tablespaces: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    """Those that the server has written."""
    written: tuple[str, ...] = ()
    """Files that the failing revision's Python has written."""
