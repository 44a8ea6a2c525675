"""Find one spelling for expressions that PostgreSQL writes in several ways although they mean the same."""

from __future__ import annotations

import functools
import re
from decimal import Decimal

_TEXT = r"(?:character varying|bpchar|character|text)(?:\(\d+\))?"
_NUMBER = r"(?:smallint|integer|bigint|numeric|real|double precision)(?:\(\d+(?:,\s*\d+)?\))?"
_LITERAL = r"'(?:[^']|'')*'"
_CAST = re.compile(
    r'::(?:"[^"]+"|[\w.]+)(?: varying| precision| with(?:out)? time zone)?(?:\(\d+(?:,\d+)?\))?(?:\[\])*'
)
_RULES = (
    # A text constant: CHECK (a IN ('x')) and its dump have the cast in different places, but mean the same.
    (re.compile(rf"\(({_LITERAL})\)"), r"\1"),
    (re.compile(rf"({_LITERAL})::{_TEXT}(?!\[)"), r"\1"),
    (re.compile(rf"\((ARRAY\[[^\[\]]*\])\)::{_TEXT}\[\]"), r"\1"),
    (re.compile(rf"(ARRAY\[[^\[\]]*[^\[\]\s][^\[\]]*\])::{_TEXT}\[\]"), r"\1"),
    # A number: DEFAULT 0 and DEFAULT '0' on a bigint.
    (re.compile(rf"\((-?\d+(?:\.\d+)?)\)::{_NUMBER}"), r"\1"),
    (re.compile(rf"'(-?\d+(?:\.\d+)?)'::{_NUMBER}"), r"\1"),
    (re.compile(rf"(?<![\w.])(\d+(?:\.\d+)?)::{_NUMBER}"), r"\1"),
    (re.compile(r"(?<![\w\"\]])\((-?\d+(?:\.\d+)?)\)(?!::)"), r"\1"),
    (re.compile(r"ARRAY\[\]::"), "'{}'::"),
    (re.compile(r"\bCURRENT_TIMESTAMP\b(?!\()|\btransaction_timestamp\(\)"), "now()"),
)


@functools.lru_cache(maxsize=4096)  # a schema has few expressions, each of them many times
def canonical(expression: str) -> str:
    """Return one spelling for all spellings of an expression: casts of constants, names of the current time."""
    before = None
    while before != expression:
        before = expression
        for pattern, replacement in _RULES:
            expression = pattern.sub(replacement, expression)
    return expression


def default(expression: str | None) -> str | None:
    """Return the canonical spelling of a default; None for a default of NULL."""
    if expression is None or re.fullmatch(r"\(?NULL\)?(?:::.*)?", expression):
        return None
    text = canonical(expression)
    # 0 and 0.0 are the same number.
    return format(Decimal(text).normalize(), "f") if re.fullmatch(r"-?\d+\.\d+", text) else text


def without_casts(expression: str) -> str:
    """Return the expression without casts, parentheses and spaces, which change with the type of a column."""
    return re.sub(r"[()\s]", "", _CAST.sub("", canonical(expression)))


_WHOLE = ("smallint", "integer", "bigint")


def holds(wider: str, narrower: str) -> bool:
    """Return whether every value of ``narrower`` fits ``wider``: whole numbers, text and numeric; False for others."""
    if wider in _WHOLE and narrower in _WHOLE:
        return _WHOLE.index(wider) >= _WHOLE.index(narrower)
    (kind, size), (other, needed) = _sized(wider), _sized(narrower)
    texts = ("character varying", "text")
    if kind in texts and other in texts:
        return not size or (bool(needed) and size[0] >= needed[0])
    if kind == other == "numeric":
        return not size or (bool(needed) and size[1] >= needed[1] and size[0] - size[1] >= needed[0] - needed[1])
    return False


def _sized(type_name: str) -> tuple[str, tuple[int, ...]]:
    found = re.fullmatch(r"([a-z ]+?)(?:\((\d+(?:,\d+)?)\))?", type_name)
    if found is None:
        return type_name, ()
    return found[1], tuple(int(part) for part in (found[2] or "").split(",") if part)
