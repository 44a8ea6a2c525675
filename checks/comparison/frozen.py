"""Defaults that a model gives as a string although they look like an expression: PostgreSQL makes constants of them."""

from __future__ import annotations

import re

from checks.comparison.change import ChangeKind
from checks.recording.models import LiteralDefault
from checks.recording.schema import SchemaObject

# The inputs of date and time types that PostgreSQL turns into a point in time when it reads them; 'now()' is one of
# them, because it passes over punctuation (manual, Date/Time Input, Special Values).
_TIME_WORD = re.compile(r"\b(?:now|today|tomorrow|yesterday)\b", re.IGNORECASE)
_TIMES = ("timestamp", "date", "time")
_CALL = re.compile(r'\s*(?:[A-Za-z_]\w*|"[^"]+")(?:\.(?:[A-Za-z_]\w*|"[^"]+"))*\s*\(.*\)\s*', re.DOTALL)
# Keywords that stand for a call (manual, Date/Time Functions and Session Information Functions).
_KEYWORD = re.compile(
    r"\s*(?:CURRENT_(?:TIMESTAMP|DATE|TIME|USER|ROLE|CATALOG|SCHEMA)|LOCALTIME(?:STAMP)?|SESSION_USER)\s*",
    re.IGNORECASE,
)


def frozen(literal: LiteralDefault | None, column: SchemaObject) -> ChangeKind | None:
    """Return what becomes of a model's string; None where it is the constant that it looks like."""
    if literal is None:
        return None
    if str(column.attributes["type"]).startswith(_TIMES) and _TIME_WORD.search(literal.words) and not literal.refused:
        return ChangeKind.FROZEN
    if _CALL.fullmatch(literal.words) or _KEYWORD.fullmatch(literal.words):
        return ChangeKind.REFUSED if literal.refused else ChangeKind.QUOTED
    return None
