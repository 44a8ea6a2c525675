"""One difference between the models and the migrated database, and the words and code to tell it with."""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass

from checks.recording.models import Hidden, Models
from checks.recording.schema import Schema, SchemaObject
from checks.sql import identifier, quoted

MIGRATED = "the database that the migrations build"


class Weight(enum.StrEnum):
    """What a difference does to the code that runs on the migrated database."""

    BREAKS = "breaks"
    DIFFERS = "differs"
    COSMETIC = "cosmetic"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One difference, told from the models' side."""

    kind: str
    weight: Weight
    object: str
    message: str
    why: str
    expected: str | None = None
    """What the models make of it, as the server writes it; None where the models have no such thing."""
    actual: str | None = None
    """What the migrations make of it."""
    repair: tuple[str, ...] = ()
    """Lines for a migration's ``upgrade()`` that end the difference; empty where only autogenerate can write them."""

    @property
    def place(self) -> tuple[str, str]:
        """Return what it is about, whatever the two sides hold."""
        return (self.kind, self.object)

    @property
    def fingerprint(self) -> tuple[str, str, str | None, str | None]:
        """Return what two readings of the same difference have in common."""
        return (*self.place, self.expected, self.actual)

    @property
    def rank(self) -> tuple[int, bool, str, str, str]:
        """Return the sort key: worst first, what others need before them, then by object."""
        return (
            list(Weight).index(self.weight),
            self.kind not in ("enum-missing", "domain-missing", "sequence-missing"),
            self.object,
            self.kind,
            self.message,
        )


TableName = tuple[str, str]


class Catalog:
    """A schema by table."""

    def __init__(self, schema: Schema) -> None:
        """Sort the objects of a schema into tables and what stands alone."""
        self.tables: dict[TableName, SchemaObject] = {}
        self.columns: dict[TableName, dict[str, SchemaObject]] = {}
        self.constraints: dict[TableName, list[SchemaObject]] = {}
        self.indexes: dict[TableName, list[SchemaObject]] = {}
        self.alone: dict[tuple[str, str, str], SchemaObject] = {}
        for item in schema.objects:
            owner = (item.schema, item.table or "")
            if item.kind == "table":
                self.tables[item.schema, item.name] = item
            elif item.kind == "column":
                self.columns.setdefault(owner, {})[item.name] = item
            elif item.kind == "constraint":
                self.constraints.setdefault(owner, []).append(item)
            elif item.kind == "index":
                self.indexes.setdefault(owner, []).append(item)
            elif item.table is None:
                self.alone[item.kind, item.schema, item.name] = item


class Scope:
    """The two databases and what counts in them."""

    def __init__(self, models: Models, modelled: Schema, version_table: TableName | None) -> None:
        """Leave out of the models' tables what is hidden, the version table and what is no table of theirs."""
        self.models = models
        self.migrated, self.modelled = Catalog(models.migrated), Catalog(modelled)
        self._hidden = {(h.kind, h.schema, h.table, h.name) for h in models.hidden}
        own = [name for name in models.tables if name != version_table and name not in models.views]
        self.named = {*models.tables, *models.views, *([version_table] if version_table else [])}
        """Tables that the models know of, whether or not they count."""
        self.tables = [name for name in own if not self.hides("table", name, name[1])]

    def hides(self, kind: str, table: TableName, *names: str | None) -> bool:
        """Tell whether env.py's filters hide the object under one of its names."""
        return any((kind, *table, name) in self._hidden for name in names)

    def hides_column_of(self, table: TableName, item: SchemaObject) -> bool:
        """Tell whether a constraint or index uses a hidden column."""
        return any(self.hides("column", table, name) for name in column_names(item))

    def sql(self, *names: str) -> str:
        """Return a qualified name as SQL, without the default schema."""
        kept = names[1:] if names[0] == self.models.default_schema and len(names) > 1 else names
        return ".".join(identifier(name) for name in kept)

    def schema_argument(self, schema: str) -> str:
        """Return ``, schema="…"`` for an operation on a table that is not in the default schema."""
        return "" if schema == self.models.default_schema else f", schema={quoted(schema)}"


def column_names(item: SchemaObject) -> tuple[str, ...]:
    """Return the columns of a constraint or index, as the catalog holds their names."""
    listed = re.findall(r'"(?:[^"]|"")+"|[^,\s"]+', str(item.attributes["columns"] or ""))
    return tuple(name[1:-1].replace('""', '"') if name[0] == '"' else name for name in listed)


def hidden_summary(hidden: tuple[Hidden, ...]) -> str:
    """Return the hidden objects, one a line."""
    lines = [
        f"{h.kind.replace('_', ' ')} {h.schema}.{h.table}{'' if h.kind == 'table' else '.' + h.name}" for h in hidden
    ]
    return "\n".join(lines)
