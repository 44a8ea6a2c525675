"""The reason why a value is missing: the other half of every ``X | Absent``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn


@dataclass(frozen=True, slots=True, kw_only=True)
class Absent:
    """Stand in for a missing value, with the reason.

    It cannot be mistaken for the value: mypy requires an ``isinstance`` first, and ``if value:`` raises TypeError.
    """

    reason: str
    """Why the value is missing: a sentence for the report."""

    def __bool__(self) -> NoReturn:
        """Refuse a test for truth, which an ``Absent`` would pass like a value."""
        raise TypeError("use isinstance(value, Absent): neither a value nor an Absent is false")
