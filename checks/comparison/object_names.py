"""Name an object without a table in SQL, and write its comment."""

from __future__ import annotations

from checks.comparison.names import Names
from checks.comparison.relation_lines import on_table
from checks.recording.schema import Attribute, SchemaObject
from checks.sql import execute, identifier, literal

_ALONE = ("schema", "extension", "event trigger", "foreign data wrapper", "server")
"""Kinds whose names stand in no schema."""


def named(names: Names, item: SchemaObject) -> str:
    """Return the name of an object without a table, as SQL."""
    match item.kind:
        case "function" | "procedure" | "aggregate":
            name, _, arguments = item.name.partition("(")
            if item.kind == "aggregate" and arguments == ")":
                arguments = "*)"
            return f"{names.sql(item.schema, name)}({arguments}"
        case "operator":
            return f"{names.sql(item.schema, 'n')[:-1]}{item.name}"
        case "operator class":
            name, _, method = item.name.rpartition(" USING ")
            return f"{names.sql(item.schema, name)} USING {method}"
        case "cast":
            return item.name
        case kind if kind in _ALONE:
            return identifier(item.name)
        case _:
            return names.sql(item.schema, item.name)


def with_kind(names: Names, item: SchemaObject) -> str:
    """Return the kind and the name of an object as ``COMMENT ON`` has them, such as ``TRIGGER t ON book``."""
    match item.kind:
        case "column":
            return f"COLUMN {names.table_of(item)}.{identifier(item.name)}"
        case "constraint":
            return on_table(names, item)
        case "trigger" | "rule" | "policy":
            return f"{item.kind.upper()} {identifier(item.name)} ON {names.table_of(item)}"
        case "enum" | "composite type" | "range type":
            return f"TYPE {named(names, item)}"
        case _:
            return f"{item.kind.upper()} {named(names, item)}"


def comment_line(names: Names, item: SchemaObject, comment: Attribute) -> str:
    """Return the line that sets the comment of an object."""
    return execute(f"COMMENT ON {with_kind(names, item)} IS {literal(str(comment)) if comment else 'NULL'}")
