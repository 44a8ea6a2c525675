"""Defaults that a model gives as a string although they look like an expression: PostgreSQL makes constants of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from checks.comparison.change import ChangeKind
from checks.recording.models import LiteralDefault
from checks.recording.schema import ObjectKey, Schema, SchemaObject

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


_MEANT = {"now": "now()", "today": "CURRENT_DATE", "tomorrow": "CURRENT_DATE + 1", "yesterday": "CURRENT_DATE - 1"}


def meant(words: str) -> str:
    """Return the expression that a string stands for."""
    return _MEANT.get(words.strip().lower().removesuffix("()"), words.strip())


def as_meant(modelled: Schema, literals: Iterable[LiteralDefault]) -> Schema:
    """Return the schema of the models with the expressions that their strings stand for.

    A constant that PostgreSQL computed in this run is another one in the next run, and nobody wants it in a migration.
    """
    by_column = {ObjectKey("column", one.schema, one.table, one.column): one for one in literals}
    if not by_column:
        return modelled
    return Schema(objects=tuple(_as_meant(item, by_column.get(item.key)) for item in modelled.objects))


def _as_meant(item: SchemaObject, literal: LiteralDefault | None) -> SchemaObject:
    if literal is None or frozen(literal, item) is None:
        return item
    return replace(item, attributes={**item.attributes, "default": meant(literal.words)})
