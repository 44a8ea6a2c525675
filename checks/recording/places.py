"""Places in the project's own Python."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A line of the project's Python."""

    path: str
    line: int
    function: str
