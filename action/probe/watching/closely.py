"""What is noted of a revision that is watched closely: the values of its statements, and which of its lines ran."""

from __future__ import annotations

import hashlib
import re
import sys
from types import FrameType
from typing import Any, Dict, Iterable, List, Optional, Sequence, Set, Tuple

MOST_VALUES = 500
"""Most parameters of a statement that are kept apart; more are one value together."""
WHOLE = "*"
"""The name of a value that stands for all of a statement's text, or of its parameters."""
_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")


def digests(sql: str, limit: int, parameters: Any, many: bool) -> List[Tuple[str, str]]:
    """Return the name of each parameter of a statement with a digest of its value, or of all its values.

    A text that is longer than ``limit`` has a digest, too.
    """
    found = _values(rows_of(parameters, many))
    if len(found) > MOST_VALUES:
        found = {WHOLE: sorted(found.items())}
    named = [(name, _digest(value)) for name, value in found.items()]
    return named + ([(WHOLE, _digest(sql))] if len(sql) > limit else [])


def rows_of(parameters: Any, many: bool) -> Sequence[Any]:
    """Return the sets of parameters of a statement; ``many`` is what SQLAlchemy calls ``executemany``.

    Of INSERT … VALUES (…), (…), SQLAlchemy 2.0 says so too, but has one set for all rows.
    """
    has_rows = isinstance(parameters, list) or (
        isinstance(parameters, tuple) and all(isinstance(row, (dict, tuple)) for row in parameters)
    )
    return parameters if many and has_rows else [parameters]


def _values(rows: Iterable[Any]) -> Dict[str, List[Any]]:
    found: Dict[str, List[Any]] = {}
    for row in rows or ():
        items = row.items() if hasattr(row, "items") else enumerate(row or ())
        for name, value in items:
            found.setdefault(str(name), []).append(_plain(value))
    return found


def _plain(value: Any) -> Any:
    """Return what a driver's wrapper of a value holds: its own text may be only where it lies in memory."""
    for name in ("adapted", "obj"):
        if type(value).__module__.startswith(("psycopg", "asyncpg", "pg8000")) and hasattr(value, name):
            return getattr(value, name)
    return bytes(value) if isinstance(value, (bytearray, memoryview)) else value


def _digest(value: Any) -> str:
    text = _ADDRESS.sub("", repr(value))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


class LinesRun:
    """The lines of one file that run between ``start`` and ``stop``."""

    def __init__(self) -> None:
        self._file: Optional[str] = None
        self._before: Any = None
        self._lines: Set[int] = set()

    def start(self, file: str) -> None:
        """Follow the functions of a file, from the next call on."""
        self._file, self._lines, self._before = file, set(), sys.gettrace()
        sys.settrace(self._called)

    def stop(self) -> List[int]:
        """Return the lines that ran, in order; none where nothing was followed."""
        if self._file is None:
            return []
        sys.settrace(self._before)
        self._file = None
        return sorted(self._lines)

    def _called(self, frame: FrameType, event: str, argument: Any) -> Any:
        return self._stepped if frame.f_code.co_filename == self._file else None

    def _stepped(self, frame: FrameType, event: str, argument: Any) -> Any:
        if event == "line":
            self._lines.add(frame.f_lineno)
        return self._stepped
