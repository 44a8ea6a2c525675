"""The two databases of a comparison, and which of their objects count."""

from __future__ import annotations

from checks.comparison.by_table import SchemaByTable, TableName, tuple_of
from checks.comparison.definitions import source
from checks.comparison.frozen import as_meant
from checks.comparison.names import Names
from checks.recording.expressions import Compared, Equivalence, Spelling
from checks.recording.models import LiteralDefault, Models
from checks.recording.schema import Schema, SchemaObject


class Sides(Names):
    """The two databases: ``before`` is built by the migrations, ``after`` by the models."""

    def __init__(self, models: Models, modelled: Schema, version_table: TableName | None) -> None:
        """Select the tables that count: those of the models, without hidden tables, views and the version table."""
        super().__init__(models.default_schema)
        self.models = models
        self.before = SchemaByTable(models.migrated)
        self.after = SchemaByTable(as_meant(modelled, models.literals))
        # Constraints and indexes are matched by what they do: one of another name is no extra one.
        extra = [h for h in models.hidden if h.extra and h.kind not in ("table", "column")]
        self._extra = {(h.kind, h.schema, h.table, h.name) for h in extra}
        self._hidden = {(h.kind, h.schema, h.table, h.name) for h in models.hidden if h not in extra}
        own = [name for name in models.tables if name != version_table and name not in models.views]
        self.named = {*models.tables, *models.views, *([version_table] if version_table else [])}
        """Tables and views that the models name, and the version table, whether or not they count."""
        self.tables = dict.fromkeys(name for name in own if not self.hides("table", name, name[1]))
        """The tables of the models that count, in the order of the models."""
        self._compared = {compared.spelling: compared for compared in models.spellings}
        self._supplied, self._fetched = set(models.supplied), set(models.fetched)
        self._literals = {(literal.schema, literal.table, literal.column): literal for literal in models.literals}

    def hides(self, kind: str, table: TableName, *names: str | None) -> bool:
        """Return whether the filters in env.py hide the object under one of its names."""
        return any((kind, *table, name) in self._hidden for name in names)

    def hides_extra(self, kind: str, table: TableName, name: str) -> bool:
        """Return whether the filters hide a constraint or index of the database where the models lack it."""
        return (kind, *table, name) in self._extra

    def hides_column_of(self, table: TableName, item: SchemaObject) -> bool:
        """Return whether a constraint or index uses a hidden column."""
        return any(self.hides("column", table, name) for name in tuple_of(item, "columns"))

    def compared(self, spelling: Spelling) -> Compared:
        """Return what the server made of two spellings; they differ where it was not asked."""
        found = self._compared.get(spelling)
        return Compared(spelling=spelling, sameness=Equivalence.DIFFERENT) if found is None else found

    def supplies(self, column: SchemaObject) -> bool:
        """Return whether the models give this column a value in Python when an INSERT omits it."""
        return _place(column) in self._supplied

    def fetches(self, column: SchemaObject) -> bool:
        """Return whether the models only say that the database gives this column a value (``FetchedValue``)."""
        return _place(column) in self._fetched

    def literal(self, column: SchemaObject) -> LiteralDefault | None:
        """Return the string that a model gives as the column's default; None where it gives none."""
        return self._literals.get(_place(column))

    def gets_value(self, column: SchemaObject) -> bool:
        """Return whether the migrated database can give this column of it a value when an INSERT omits it."""
        return source(column)[0] is not None or (column.schema, str(column.table)) in self.before.set_by_trigger


def _place(column: SchemaObject) -> tuple[str, str, str]:
    return (column.schema, str(column.table), column.name)
