"""How long a text may be that comes from the project, the database or a program: it is cut where it enters."""

from __future__ import annotations

from typing import Any

TEXT = 20_000
"""Characters of a message, a name, a statement, what a command printed."""
FILE = 2_000_000
"""Characters of a file that is proposed: less than the whole of it is of no use."""


def capped(text: str, limit: int = TEXT) -> str:
    """Return at most ``limit`` characters: the beginning of a longer text, and how many more it has."""
    if len(text) <= limit:
        return text
    room = limit - len(_more(len(text)))
    return text[:room] + _more(len(text) - room)


def within(value: Any, limit: int = TEXT) -> Any:
    """Return the same JSON value with each text in it capped; anything else becomes a text."""
    if isinstance(value, str):
        return capped(str(value), limit)
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, dict):
        return {capped(str(name), limit): within(part, limit) for name, part in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [within(part, limit) for part in value]
    return capped(str(value), limit)


def _more(count: int) -> str:
    return "… ({:,} more characters)".format(count)
