"""Numbers with their nouns, for every sentence of a report."""

from __future__ import annotations


def plural(count: int, noun: str) -> str:
    """Return such as ``1 error`` and ``2 errors``."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
