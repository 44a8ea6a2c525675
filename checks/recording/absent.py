"""The reason why a value is not there: the other half of every ``X | Absent``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn


@dataclass(frozen=True, slots=True, kw_only=True)
class Absent:
    """Stand in for a value that could not be had.

    It cannot be taken for the value: mypy asks for an ``isinstance`` first, and ``if value:`` raises TypeError.
    """

    reason: str
    """Why there is no value, in a sentence for the report."""

    def __bool__(self) -> NoReturn:
        """Refuse to be tested for truth: of a value and an ``Absent`` both would be true."""
        raise TypeError("use isinstance(value, Absent): neither a value nor an Absent is false")
