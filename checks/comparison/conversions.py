"""What a change of a column's type does to its values, as far as the two types tell."""

from __future__ import annotations

import enum
import re

from checks.comparison.widths import holds

_TEXTS = ("text", "character varying")
_WHOLE = {"smallint": 5, "integer": 10, "bigint": 19}
"""Digits of the largest value."""
_FRACTIONS = ("numeric", "real", "double precision", "money")
_TIMES = ("timestamp without time zone", "timestamp with time zone", "date")


class Conversion(enum.Enum):
    """What happens to the values."""

    HOLDS = enum.auto()
    """The new type takes each of them, and keeps them apart."""
    SHORTER = enum.auto()
    """Longer texts are refused, or cut by an explicit conversion."""
    SMALLER = enum.auto()
    """Larger numbers are refused."""
    ROUNDS = enum.auto()
    CUTS = enum.auto()
    """The time of day is lost."""
    OTHER = enum.auto()
    """The types do not tell."""


def conversion(before: str, after: str) -> Conversion:
    """Return what a change of type does to the values of a column."""
    if before == after or holds(after, before) or _takes(after, before):
        return Conversion.HOLDS
    old, new = _kind(before), _kind(after)
    if new in ("character varying", "character", "bit", "bit varying") and old in (
        *_TEXTS,
        new,
        "character",
        "bit varying",
    ):
        return Conversion.SHORTER
    if new in _WHOLE:
        return Conversion.SMALLER if old in _WHOLE else Conversion.ROUNDS if old in _FRACTIONS else Conversion.OTHER
    if new == "real" and old in _WHOLE:
        return Conversion.ROUNDS
    if new in _FRACTIONS and (old in _FRACTIONS or old in _WHOLE):
        return Conversion.SMALLER if old in _WHOLE or _scale(after) >= _scale(before) else Conversion.ROUNDS
    if old in _TIMES[:2] and (new == "date" or new.startswith("time ")):
        return Conversion.CUTS
    if old == new and new in (*_TIMES, "time without time zone", "time with time zone", "interval"):
        return Conversion.ROUNDS
    return Conversion.OTHER


def _takes(after: str, before: str) -> bool:
    """Return whether a type of another kind takes each value of a type."""
    old, new = _kind(before), _kind(after)
    if after in _TEXTS or {old, new} <= {"json", "jsonb"} or {old, new} == set(_TIMES[:2]):
        return True
    if old in _WHOLE:
        if new == "numeric":
            return _size(after) is None or _whole_digits(after) >= _WHOLE[old]
        return new == "double precision"
    if old == "date":
        return new in _TIMES
    return (old, new) in (("real", "double precision"), ("inet", "cidr"), ("cidr", "inet"), ("real", "numeric")) or (
        old in ("numeric", "double precision") and new in ("numeric", "double precision") and _size(after) is None
    )


def _kind(type_name: str) -> str:
    return re.sub(r"\([^)]*\)", "", type_name)


def _size(type_name: str) -> tuple[int, int] | None:
    found = re.search(r"\((\d+)(?:,(-?\d+))?\)", type_name)
    return (int(found[1]), int(found[2] or 0)) if found else None


def _whole_digits(type_name: str) -> int:
    size = _size(type_name)
    return size[0] - size[1] if size else 1000


def _scale(type_name: str) -> int:
    """Return how many digits after the point a type keeps."""
    size = _size(type_name)
    kind = _kind(type_name)
    if kind == "numeric":
        return size[1] if size else 1000
    return {"real": 6, "double precision": 15, "money": 2}.get(kind, 0)
