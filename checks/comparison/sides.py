"""The migrated database and the one that the models describe, and what of them counts."""

from __future__ import annotations

from checks.comparison.by_table import SchemaByTable, TableName, tuple_of
from checks.recording.models import Models
from checks.recording.schema import Schema, SchemaObject
from checks.sql import identifier, quoted


class Sides:
    """The two databases: ``before`` as the migrations make it, ``after`` as the models want it."""

    def __init__(self, models: Models, modelled: Schema, version_table: TableName | None) -> None:
        """Leave out of the models' tables what is hidden, the version table and what is no table of theirs."""
        self.models = models
        self.before, self.after = SchemaByTable(models.migrated), SchemaByTable(modelled)
        self._hidden = {(h.kind, h.schema, h.table, h.name) for h in models.hidden}
        own = [name for name in models.tables if name != version_table and name not in models.views]
        self.named = {*models.tables, *models.views, *([version_table] if version_table else [])}
        """Tables that the models know of, whether or not they count."""
        self.tables = dict.fromkeys(name for name in own if not self.hides("table", name, name[1]))
        """The models' tables that count, in the models' order."""

    def hides(self, kind: str, table: TableName, *names: str | None) -> bool:
        """Tell whether env.py's filters hide the object under one of its names."""
        return any((kind, *table, name) in self._hidden for name in names)

    def hides_column_of(self, table: TableName, item: SchemaObject) -> bool:
        """Tell whether a constraint or index uses a hidden column."""
        return any(self.hides("column", table, name) for name in tuple_of(item, "columns"))

    def sql(self, *names: str) -> str:
        """Return a qualified name as SQL, without the default schema."""
        kept = names[1:] if names[0] == self.models.default_schema and len(names) > 1 else names
        return ".".join(identifier(name) for name in kept)

    def schema_argument(self, schema: str) -> str:
        """Return ``, schema="…"`` for an operation on a table that is not in the default schema."""
        return "" if schema == self.models.default_schema else f", schema={quoted(schema)}"
