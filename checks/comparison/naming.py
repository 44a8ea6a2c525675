"""Write the names of objects as the lines of a migration need them: with their schema where it is not the default."""

from __future__ import annotations

from typing import Protocol

from checks.recording.schema import SchemaObject
from checks.sql import identifier, quoted


class Naming(Protocol):
    """What writes names for one database."""

    def sql(self, *names: str) -> str:
        """Return a qualified name as quoted SQL, without the default schema."""
        ...

    def table_of(self, item: SchemaObject) -> str:
        """Return the qualified name of the table that an object belongs to, as SQL."""
        ...

    def schema_argument(self, schema: str) -> str:
        """Return ``, schema="…"`` for an operation on a table that is not in the default schema."""
        ...


class Names:
    """Writes names for a database with this default schema."""

    def __init__(self, default_schema: str = "public") -> None:
        """Remember the schema that needs not be named."""
        self._default = default_schema

    def sql(self, *names: str) -> str:
        """Return a qualified name as quoted SQL, without the default schema."""
        kept = names[1:] if names[0] == self._default and len(names) > 1 else names
        return ".".join(identifier(name) for name in kept if name)

    def table_of(self, item: SchemaObject) -> str:
        """Return the qualified name of the table that an object belongs to, as SQL."""
        return self.sql(item.schema, str(item.table))

    def schema_argument(self, schema: str) -> str:
        """Return ``, schema="…"`` for an operation on a table that is not in the default schema."""
        return "" if schema == self._default else f", schema={quoted(schema)}"
