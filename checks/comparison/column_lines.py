"""Write the lines of a migration that add, drop or change a column."""

from __future__ import annotations

from checks.comparison.definitions import column as definition
from checks.comparison.names import Names
from checks.recording.schema import SchemaObject
from checks.sql import execute, identifier, quoted


def alter(names: Names, column: SchemaObject, change: str) -> tuple[str, ...]:
    """Return the operation that changes the column."""
    table = names.table_of(column)
    return (execute(f"ALTER TABLE {table} ALTER COLUMN {identifier(column.name)} {change}"),)


def add_column(names: Names, column: SchemaObject) -> str:
    """Return the operation that adds the column."""
    return execute(f"ALTER TABLE {names.table_of(column)} ADD COLUMN {identifier(column.name)} {definition(column)}")


def drop_column(names: Names, column: SchemaObject) -> str:
    """Return the operation that drops the column."""
    argument = names.schema_argument(column.schema)
    return f"op.drop_column({quoted(str(column.table))}, {quoted(column.name)}{argument})"


def set_nullable(names: Names, column: SchemaObject, *, nullable: bool) -> str:
    """Return the operation that sets or drops NOT NULL."""
    arguments = f"{quoted(str(column.table))}, {quoted(column.name)}, nullable={nullable}"
    return f"op.alter_column({arguments}{names.schema_argument(column.schema)})"
