"""Values of PostgreSQL's types that are known again: each row of a column has another one."""

from __future__ import annotations

import re
from collections.abc import Sequence

ROWS = 3
"""Rows that are put into a table; the last one is as empty as the table allows."""
_SIZED = re.compile(r"(?P<kind>[a-z ]+?)\((?P<size>\d+)(?:,(?P<scale>-?\d+))?\)(?P<rest>.*)")
_DATES = ("2003-02-{:02d}", "2091-03-{:02d}", "2010-04-{:02d}")
"""The past and the future: a condition such as ``expires_at < now()`` holds for some rows, not for all."""
_TEXTS = ("character varying", "text", "character", "citext", "bpchar", "name")
_DIGITS = "abcdefghijklmnopqrstuvwxyz"


def marker(type_name: str, labels: Sequence[str], row: int, salt: int) -> str | None:
    """Return the text of a value for a row; the same ``salt`` gives the same values; None where a type is unknown."""
    if type_name.endswith("[]"):
        element = marker(type_name[:-2], labels, row, salt)
        return None if element is None else '{"' + element.replace("\\", "\\\\").replace('"', '\\"') + '"}'
    if labels:
        return labels[row % len(labels)]
    kind, size, scale = _parts(type_name)
    if kind in _TEXTS:
        return _text(row, salt, size if size is not None else (1 if kind == "character" else None))
    if kind == "numeric" and size is not None:
        return _decimal(row, salt, size - (scale or 0), scale or 0)
    if kind in ("bit", "bit varying"):
        return format(row + 1 + ROWS * salt, "b").zfill(size or 1)[-(size or 1) :]
    return _fixed(kind, row, salt)


def _parts(type_name: str) -> tuple[str, int | None, int | None]:
    found = _SIZED.fullmatch(type_name)
    if found is None:
        return type_name, None, None
    return found["kind"] + found["rest"], int(found["size"]), int(found["scale"]) if found["scale"] else None


def _text(row: int, salt: int, size: int | None) -> str:
    whole = f"kept{salt}x{row}"
    if size is None or size >= len(whole):
        return whole
    number = row + ROWS * salt
    short = ""
    while number or not short:
        number, digit = divmod(number, len(_DIGITS))
        short = _DIGITS[digit] + short
    return short[-size:]


def _decimal(row: int, salt: int, whole: int, scale: int) -> str:
    fraction = "0." + "5".rjust(max(scale, 0), "0") if scale > 0 else ""
    number = row + 1 + ROWS * salt
    if whole <= 0:
        return "0." + str(number).zfill(scale)[-scale:] if scale > 0 else "0"
    base = number + 10 ** (min(whole, 7) - 1) if whole > 3 else number
    return str(base % 10 ** min(whole, 18)) + fraction[1:]


def _fixed(kind: str, row: int, salt: int) -> str | None:
    """Return a value of a type without a length."""
    number, day = row + 1 + ROWS * salt, _DATES[row % len(_DATES)].format(1 + salt % 28)
    month = salt // 28
    return {
        "smallint": str(20000 + number % 12000),
        "integer": str(1000000 + number),
        "bigint": str(1000000 + number),
        "numeric": f"{1000000 + number}.25",
        "real": f"{1000 + number % 1000}.5",
        "double precision": f"{1000000 + number}.5",
        "money": f"{1000 + number}.25",
        "boolean": "true" if row % 2 == 0 else "false",
        "date": day,
        "timestamp without time zone": f"{day} {month % 24:02d}:{number % 60:02d}:07",
        "timestamp with time zone": f"{day} {month % 24:02d}:{number % 60:02d}:07+00",
        "time without time zone": f"{number // 60 % 24:02d}:{number % 60:02d}:07",
        "time with time zone": f"{number // 60 % 24:02d}:{number % 60:02d}:07+00",
        "interval": f"{number} days",
        "uuid": f"5eed0000-0000-4000-8000-{number:012d}",
        "json": f'{{"kept": {1000000 + number}}}',
        "jsonb": f'{{"kept": {1000000 + number}}}',
        "bytea": f"\\x5eed{number:06d}",
        "inet": f"10.{number // 65536 % 256}.{number // 256 % 256}.{number % 256}",
        "cidr": f"10.{number // 65536 % 256}.{number // 256 % 256}.{number % 256}/32",
        "macaddr": f"08:00:2b:{number // 65536 % 256:02x}:{number // 256 % 256:02x}:{number % 256:02x}",
        "tsvector": f"kept{number}",
        "xml": f"<kept>{number}</kept>",
        "hstore": f'"kept"=>"{number}"',
        "ltree": f"kept{number}",
        "point": f"({number},{number})",
        "int4range": f"[{number},{number + 1})",
        "int8range": f"[{number},{number + 1})",
        "numrange": f"[{number},{number + 1})",
        "daterange": f"[{day},2099-01-01)",
        "tsrange": f"[{day},2099-01-01)",
        "tstzrange": f"[{day},2099-01-01)",
    }.get(kind)
