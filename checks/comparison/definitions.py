"""Write the SQL that creates an object, for the lines of a migration and for the report."""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

from checks.comparison.by_table import tuple_of
from checks.recording.schema import SchemaObject
from checks.sql import identifier, literal

_NULL = re.compile(r"\(?NULL\)?(?:::.*)?")
SERIALS = {"smallint": "smallserial", "integer": "serial", "bigint": "bigserial"}
Source: TypeAlias = Literal["default", "serial", "identity", "generated"]
"""Where the value of a column comes from when an INSERT omits the column."""


def source(column: SchemaObject) -> tuple[Source | None, str | None]:
    """Return where the value of a column comes from when an INSERT omits the column, and the SQL of this source."""
    a = column.attributes
    if a["generated"] is not None:
        return "generated", f"GENERATED ALWAYS AS ({a['generated']}) {a['generated_kind']}"
    if a["identity"] is not None:
        options = f" ({a['identity_options']})" if a["identity_options"] else ""
        return "identity", f"GENERATED {a['identity']} AS IDENTITY{options}"
    if a["serial"]:
        return "serial", str(a["default"])
    text = None if a["default"] is None else str(a["default"])
    return (None, None) if text is None or _NULL.fullmatch(text) else ("default", text)


def column(item: SchemaObject) -> str:
    """Return the definition of a column in CREATE TABLE, without its name."""
    a = item.attributes
    kind, text = source(item)
    parts = [SERIALS.get(str(a["type"]), str(a["type"])) if kind == "serial" else str(a["type"])]
    parts += [f"COLLATE {a['collation']}"] if a["collation"] else []
    parts += ["NOT NULL"] if a["not_null"] and kind != "serial" else []
    parts += [f"DEFAULT {text}"] if kind == "default" else [str(text)] if kind in ("identity", "generated") else []
    return " ".join(parts)


def type_of(item: SchemaObject) -> str:
    """Return the type: ``primary key``, ``unique``, ``foreign key``, ``check``, ``exclusion`` or ``index``."""
    return "index" if item.kind == "index" else str(item.attributes["type"])


def relation(item: SchemaObject) -> str:
    """Return the definition of a constraint in ADD CONSTRAINT, or of an index: UNIQUE, then from USING to the end."""
    unique = "UNIQUE " if item.kind == "index" and item.attributes["unique"] else ""
    return f"{unique}{item.attributes['definition']}"


def values(item: SchemaObject) -> str:
    """Return the values of an enum in their order, as SQL literals."""
    return ", ".join(literal(label) for label in tuple_of(item, "values"))


def domain(item: SchemaObject) -> str:
    """Return the definition of a domain in CREATE DOMAIN, after AS."""
    a = item.attributes
    parts = [str(a["type"]), f"COLLATE {a['collation']}" if a["collation"] else "", "NOT NULL" if a["not_null"] else ""]
    checks = zip(tuple_of(item, "check_names"), tuple_of(item, "checks"), strict=True)
    parts += [f"DEFAULT {a['default']}" if a["default"] else ""]
    parts += [f"CONSTRAINT {identifier(name)} {check}" for name, check in checks]
    return " ".join(part for part in parts if part)


def sequence(item: SchemaObject) -> str:
    """Return the definition of a sequence in CREATE SEQUENCE, after its name."""
    return f"AS {item.attributes['type']} {item.attributes['options'] or ''}".rstrip()
