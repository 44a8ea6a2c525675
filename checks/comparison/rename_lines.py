"""Write the line that gives an object another name or schema, and leaves its rows where they are."""

from __future__ import annotations

from checks.comparison.names import Names
from checks.sql import execute, identifier, quoted

_STATEMENTS = {"enum": "TYPE", "composite type": "TYPE"}
"""By kind: what follows ALTER, where that is not the kind."""


def rename_column(names: Names, table: tuple[str, str], old: str, new: str) -> str:
    """Return the line that renames a column; ``table`` is a schema and a name."""
    argument = names.schema_argument(table[0])
    return f"op.alter_column({quoted(table[1])}, {quoted(old)}, new_column_name={quoted(new)}{argument})"


def rename_table(names: Names, schema: str, old: str, new: str) -> str:
    """Return the line that renames a table."""
    return f"op.rename_table({quoted(old)}, {quoted(new)}{names.schema_argument(schema)})"


def rename_other(names: Names, kind: str, schema: str, old: str, new: str) -> str:
    """Return the line that renames an object which is no table and belongs to none."""
    return execute(f"ALTER {_statement(kind)} {names.sql(schema, old)} RENAME TO {identifier(new)}")


def move(names: Names, kind: str, name: str, old: str, new: str) -> str:
    """Return the line that moves an object from one schema to another."""
    return execute(f"ALTER {_statement(kind)} {names.sql(old, name)} SET SCHEMA {identifier(new)}")


def _statement(kind: str) -> str:
    return _STATEMENTS.get(kind, kind.upper())
