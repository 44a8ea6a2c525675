"""The two databases of a comparison, and which of their objects count."""

from __future__ import annotations

from checks.comparison.by_table import SchemaByTable, TableName, tuple_of
from checks.recording.models import Models
from checks.recording.schema import Schema, SchemaObject
from checks.sql import identifier, quoted


class Sides:
    """The two databases: ``before`` is built by the migrations, ``after`` by the models."""

    def __init__(self, models: Models, modelled: Schema, version_table: TableName | None) -> None:
        """Select the tables that count: those of the models, without hidden tables, views and the version table."""
        self.models = models
        self.before, self.after = SchemaByTable(models.migrated), SchemaByTable(modelled)
        # Constraints and indexes are matched by what they do: one of another name is no extra one.
        extra = [h for h in models.hidden if h.extra and h.kind not in ("table", "column")]
        self._extra = {(h.kind, h.schema, h.table, h.name) for h in extra}
        self._hidden = {(h.kind, h.schema, h.table, h.name) for h in models.hidden if h not in extra}
        own = [name for name in models.tables if name != version_table and name not in models.views]
        self.named = {*models.tables, *models.views, *([version_table] if version_table else [])}
        """Tables and views that the models name, and the version table, whether or not they count."""
        self.tables = dict.fromkeys(name for name in own if not self.hides("table", name, name[1]))
        """The tables of the models that count, in the order of the models."""

    def hides(self, kind: str, table: TableName, *names: str | None) -> bool:
        """Return whether the filters in env.py hide the object under one of its names."""
        return any((kind, *table, name) in self._hidden for name in names)

    def hides_extra(self, kind: str, table: TableName, name: str) -> bool:
        """Return whether the filters hide a constraint or index of the database where the models lack it."""
        return (kind, *table, name) in self._extra

    def hides_column_of(self, table: TableName, item: SchemaObject) -> bool:
        """Return whether a constraint or index uses a hidden column."""
        return any(self.hides("column", table, name) for name in tuple_of(item, "columns"))

    def sql(self, *names: str) -> str:
        """Return a qualified name as quoted SQL, without the default schema."""
        kept = names[1:] if names[0] == self.models.default_schema and len(names) > 1 else names
        return ".".join(identifier(name) for name in kept)

    def table_of(self, item: SchemaObject) -> str:
        """Return the qualified name of the table that an object belongs to, as SQL."""
        return self.sql(item.schema, str(item.table))

    def schema_argument(self, schema: str) -> str:
        """Return ``, schema="…"`` for an operation on a table that is not in the default schema."""
        return "" if schema == self.models.default_schema else f", schema={quoted(schema)}"
