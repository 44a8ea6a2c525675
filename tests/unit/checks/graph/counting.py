"""Count what a piece of our code does: lines that run, and ids that are looked up or put into a set."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any, ClassVar

from checks.recording.revisions import Edit, ReplacedId, Revision


class Id(str):
    """A revision id that counts how often its hash is asked for: each look-up in a dict or a set does."""

    __slots__ = ()
    asked: ClassVar[int] = 0

    def __hash__(self) -> int:
        Id.asked += 1
        return str.__hash__(self)

    def __eq__(self, other: object) -> bool:
        return str.__eq__(self, other)


_IDS = {
    Revision: {"id", "down_revisions", "depends_on", "branch_labels"},
    Edit: {"revision"},
    ReplacedId: {"old", "new"},
}


def counted_ids(value: Any) -> Any:
    """Return a recording whose graphs and changes hold ids that count."""
    if isinstance(value, tuple):
        return tuple(map(counted_ids, value))
    if not dataclasses.is_dataclass(value) or isinstance(value, type):
        return value
    names = _IDS.get(type(value), {"new", "removed", "edited", "reworked"})
    found = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    return dataclasses.replace(
        value, **{name: _counting(part) if name in names else counted_ids(part) for name, part in found.items()}
    )


def _counting(value: Any) -> Any:
    return tuple(map(Id, value)) if isinstance(value, tuple) else Id(value)


def operations(work: Callable[[], object], *folders: str) -> int:
    """Return the lines of these folders' files that a function runs, with the look-ups of ids."""
    lines = 0

    def traced(frame: FrameType, event: str, _: object) -> Any:
        nonlocal lines
        if event == "call" and not any(f"/{folder}/" in frame.f_code.co_filename for folder in folders):
            return None
        lines += event == "line"
        return traced

    before, asked = sys.gettrace(), Id.asked
    sys.settrace(traced)
    try:
        work()
    finally:
        sys.settrace(before)
    return lines + Id.asked - asked
