"""Numbers with their nouns, and lists of which only a few are named, for every sentence of a report."""

from __future__ import annotations

from collections.abc import Sequence


def listed(names: Sequence[str], most: int = 3) -> str:
    """Return the first few names, and how many more there are: ``a, b, c and 2 more``."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


MOST_JOINED = 10
"""Most names that stand in a sentence."""


def joined(names: Sequence[str]) -> str:
    """Return names as ``a and b``; of many the first few, as ``listed`` does."""
    return " and ".join(names) if len(names) <= MOST_JOINED else listed(names, MOST_JOINED)


def plural(count: int, noun: str) -> str:
    """Return such as ``1 error`` and ``2 errors``."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
