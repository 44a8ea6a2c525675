"""Whether a type of PostgreSQL holds every value of another one, so that code for the other one never notices."""

from __future__ import annotations

import re

_WHOLE = ("smallint", "integer", "bigint")
_INEXACT = ("real", "double precision")
_TEXTS = ("character varying", "text", "character")
_BITS = ("bit varying", "bit")
_ZONES = ("", " with time zone", " without time zone")
_TIMES = tuple(f"{name}{zone}" for name in ("timestamp", "time", "interval") for zone in _ZONES)
_MOST_PRECISE = 6
"""Digits of a second that PostgreSQL keeps where the type names none (manual, Date/Time Types)."""
_TYPE = re.compile(r"(?P<start>[a-z ]+?)(?:\((?P<size>-?\d+(?:,-?\d+)?)\))?(?P<end>(?: with(?:out)? time zone)?)")


def holds(wider: str, narrower: str) -> bool:
    """Return whether ``wider`` takes every value of ``narrower`` and gives it back as it was; False where unknown."""
    dimensions = len(wider) - len(wider.rstrip("[]"))
    if dimensions != len(narrower) - len(narrower.rstrip("[]")):
        return False
    (kind, size), (other, needed) = _sized(wider.rstrip("[]")), _sized(narrower.rstrip("[]"))
    for order in (_WHOLE, _INEXACT):
        if kind in order and other in order:
            return order.index(kind) >= order.index(other)
    if kind in _TEXTS and other in _TEXTS:
        # A character(n) gives shorter texts back with spaces at their end, as nothing else does.
        return (kind != "character" or kind == other) and _reaches(size, needed)
    if kind == "bit varying" and other in _BITS:
        return _reaches(size, needed)
    if kind == other == "numeric":
        return not size or (bool(needed) and size[1] >= needed[1] and size[0] - size[1] >= needed[0] - needed[1])
    if kind == other and kind in _TIMES:
        return _precision(size) >= _precision(needed)
    return kind == "interval" and other.startswith("interval ")


def _reaches(size: tuple[int, ...], needed: tuple[int, ...]) -> bool:
    return not size or (bool(needed) and size[0] >= needed[0])


def _precision(size: tuple[int, ...]) -> int:
    return size[0] if size else _MOST_PRECISE


def _sized(type_name: str) -> tuple[str, tuple[int, ...]]:
    """Return a type without its length or precision, and these; of ``numeric(p)`` also the scale 0."""
    found = _TYPE.fullmatch(type_name)
    if found is None:
        return type_name, ()
    kind = found["start"] + found["end"]
    size = tuple(int(part) for part in (found["size"] or "").split(",") if part)
    if not size and kind in ("character", "bit"):
        return kind, (1,)
    return kind, (*size, 0) if kind == "numeric" and len(size) == 1 else size
