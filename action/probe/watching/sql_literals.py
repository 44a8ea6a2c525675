"""Write the values of a statement's parameters as SQL literals, cut where they are long."""

from __future__ import annotations

import datetime
import decimal
import enum
import ipaddress
import json
import math
import uuid
from typing import Any, Optional

LONGEST = 1_000
"""Characters of a value that are written; the literal then says how many more it has."""
_ITEMS = 100
"""Entries of an array that are written."""
_DEEPEST = 5


def literal(value: Any, in_list: bool = False, depth: int = 0) -> Optional[str]:
    """Return a value as SQL; None where its type has no literal that means the same.

    ``in_list`` is whether a driver writes a tuple as the list of IN, and not as an array.
    """
    value = unwrapped(value)
    if value is None:
        return "NULL"
    if isinstance(value, enum.Enum):
        return quoted(value.name)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float, decimal.Decimal)):
        return _number(value)
    if isinstance(value, str):
        return quoted(str.__str__(value))
    if isinstance(value, (bytes, bytearray, memoryview)):
        return _bytes(bytes(value))
    if isinstance(value, dict):
        return _json(value)
    if isinstance(value, (list, tuple)) and depth < _DEEPEST:
        return _array(value, in_list and isinstance(value, tuple), depth)
    return _moment(value)


def unwrapped(value: Any) -> Any:
    """Return what a driver's wrapper of a value holds, such as ``psycopg2.extras.Json``."""
    for name in ("adapted", "obj"):
        if type(value).__module__.startswith(("psycopg", "asyncpg", "pg8000")) and hasattr(value, name):
            return getattr(value, name)
    return value


def quoted(text: str, cast: str = "") -> str:
    """Return a text as an SQL string, of a long one the beginning and how many more characters it has."""
    more = len(text) - LONGEST
    shown = "'" + text[:LONGEST].replace("'", "''") + "'" + cast
    return shown if more <= 0 else "%s /* … %s more characters */" % (shown, "{:,}".format(more))


def _number(value: Any) -> str:
    if isinstance(value, int):
        # Python refuses to write a number of thousands of digits.
        return int.__repr__(value) if value.bit_length() < 4_000 else "NULL /* a number that is too long to show */"
    kind = "float8" if isinstance(value, float) else "numeric"
    finite = math.isfinite(value) if isinstance(value, float) else value.is_finite()
    return str(value) if finite else "'%s'::%s" % (value, kind)


def _bytes(value: bytes) -> str:
    more = len(value) - LONGEST // 2
    shown = "'\\x%s'::bytea" % value[: LONGEST // 2].hex()
    return shown if more <= 0 else "%s /* … %s more bytes */" % (shown, "{:,}".format(more))


def _json(value: Any) -> Optional[str]:
    try:
        return quoted(json.dumps(value, default=str, ensure_ascii=False))
    except (TypeError, ValueError, RecursionError):
        return None


def _array(value: Any, in_list: bool, depth: int) -> Optional[str]:
    if any(isinstance(unwrapped(item), dict) for item in value):
        return _json(list(value))
    items = [literal(item, in_list, depth + 1) for item in value[:_ITEMS]]
    if None in items:
        return None
    if not items:
        return "(NULL)" if in_list else "'{}'"
    more = len(value) - _ITEMS
    text = ", ".join(map(str, items)) + (" /* … %s more values */" % "{:,}".format(more) if more > 0 else "")
    return "(%s)" % text if in_list else "ARRAY[%s]" % text


def _moment(value: Any) -> Optional[str]:
    if isinstance(value, datetime.datetime):
        return "'%s'::%s" % (value.isoformat(" "), "timestamptz" if value.tzinfo else "timestamp")
    if isinstance(value, datetime.date):
        return "'%s'::date" % value.isoformat()
    if isinstance(value, datetime.time):
        return "'%s'::%s" % (value.isoformat(), "timetz" if value.tzinfo else "time")
    if isinstance(value, datetime.timedelta):
        seconds = decimal.Decimal(value.seconds) + decimal.Decimal(value.microseconds) / 1_000_000
        return "'%d days %s seconds'::interval" % (value.days, seconds)
    if isinstance(value, uuid.UUID):
        return "'%s'::uuid" % value
    if isinstance(value, (ipaddress.IPv4Address, ipaddress.IPv6Address)):
        return "'%s'::inet" % value
    if isinstance(value, (ipaddress.IPv4Network, ipaddress.IPv6Network)):
        return "'%s'::cidr" % value
    return None
