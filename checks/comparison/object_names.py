"""Name an object without a table in SQL, and write its comment."""

from __future__ import annotations

from checks.comparison.names import Names
from checks.comparison.relation_lines import on_table
from checks.recording.schema import Attribute, SchemaObject
from checks.sql import execute, identifier, literal


def named(names: Names, item: SchemaObject) -> str:
    """Return the name of an object without a table, as SQL."""
    if item.kind in ("function", "procedure", "aggregate"):
        name, parenthesis, arguments = item.name.partition("(")
        return f"{names.sql(item.schema, name)}{parenthesis}{arguments}"
    return names.sql(item.schema, item.name)


def comment_line(names: Names, item: SchemaObject, comment: Attribute) -> str:
    """Return the line that sets the comment of an object."""
    match item.kind:
        case "column":
            subject = f"COLUMN {names.table_of(item)}.{identifier(item.name)}"
        case "constraint":
            subject = on_table(names, item)
        case "enum":
            subject = f"TYPE {named(names, item)}"
        case _:
            subject = f"{item.kind.upper()} {named(names, item)}"
    return execute(f"COMMENT ON {subject} IS {literal(str(comment)) if comment else 'NULL'}")
