"""The evidence that a change leaves alone all that an Alembic environment uses."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Untouched:
    """The files that an Alembic environment uses are those of the base, each compared by content."""

    files: int
    """How many were compared: those of its folders, what they import, and what decides its dependencies."""
