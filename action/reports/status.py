"""The sentence of a commit status."""

from __future__ import annotations

from action.reports import digest, escape
from checks.findings import Result

LONGEST = 140
"""Characters that GitHub takes."""


def description(result: Result) -> str:
    """Return what became of a check, on one line."""
    return digest.cut(escape.line(digest.outcome(result)), LONGEST) or result.status.value
