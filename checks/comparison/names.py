"""Write the names of objects as a migration writes them: without the default schema."""

from __future__ import annotations

from checks.recording.schema import SchemaObject
from checks.sql import identifier, quoted


class Names:
    """The names of one database, by its default schema."""

    def __init__(self, default_schema: str = "public") -> None:
        """Take the schema that names are written without."""
        self.default_schema = default_schema

    def sql(self, *names: str) -> str:
        """Return a qualified name as quoted SQL, without the default schema."""
        kept = names[1:] if names[0] == self.default_schema and len(names) > 1 else names
        return ".".join(identifier(name) for name in kept if name)

    def table_of(self, item: SchemaObject) -> str:
        """Return the qualified name of the table that an object belongs to, as SQL."""
        return self.sql(item.schema, str(item.table))

    def schema_argument(self, schema: str) -> str:
        """Return ``, schema="…"`` for an operation on a table that is not in the default schema."""
        return "" if schema == self.default_schema else f", schema={quoted(schema)}"
