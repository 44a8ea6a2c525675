"""How the database was made that stands for the deployed ones, and how a new database differs from it."""

from __future__ import annotations

from dataclasses import dataclass

from checks.recording.legs import CodeOf
from checks.recording.schema import ObjectChange


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployed:
    """Whose code ran the base's revisions, and why."""

    code: CodeOf
    because: str
    """A sentence for the report."""
    differing: tuple[str, ...] = ()
    """The files that differ from the base and that the base's revisions use; relative to the repository's root."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoWays:
    """The two ways to the heads, which the base's and the head's code may make different."""

    differences: tuple[ObjectChange, ...] = ()
    """Before: in a deployed database after the upgrade. After: in a new database, migrated from empty."""
