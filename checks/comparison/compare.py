"""Compare the models with the migrations: two schemas that were read from two real databases."""

from __future__ import annotations

from collections.abc import Iterator

from checks.comparison.by_table import TableName, tuple_of
from checks.comparison.change import Change, ChangeKind, Weight
from checks.comparison.columns import compare_columns
from checks.comparison.comments import compare_comments
from checks.comparison.relations import compare_relations
from checks.comparison.sides import Sides
from checks.comparison.types import compare_types
from checks.comparison.version_tables import is_version_table
from checks.recording.absent import Absent
from checks.recording.models import Models
from checks.recording.schema import ObjectKey, SchemaObject
from checks.sql import quoted

STORAGE = {
    "persistence": ChangeKind.PERSISTENCE,
    "partition_key": ChangeKind.PARTITION_KEY,
    "parents": ChangeKind.PARENTS,
    "options": ChangeKind.OPTIONS,
    "tablespace": ChangeKind.TABLESPACE,
    "access_method": ChangeKind.ACCESS_METHOD,
}
"""Attributes of a table that count as a difference only where the models set them; otherwise they are made by hand."""


def compare(models: Models, version_table: TableName | None = None) -> tuple[Change, ...]:
    """Return every difference that counts, the worst first; empty where the models could not be created.

    A table that is missing as a whole is one change. Column order, owners and privileges never count. Objects of
    extensions, partitions, inherited tables and objects that models cannot describe do not count either.
    """
    if isinstance(models.modelled, Absent):
        return ()
    sides = Sides(models, models.modelled, version_table)
    changes = [*_tables(sides), *compare_types(sides)]
    return tuple(sorted(_without_implied(changes), key=lambda change: change.rank))


def _tables(sides: Sides) -> Iterator[Change]:
    before, after = sides.before.tables, sides.after.tables
    for table in sides.tables:
        if table not in after:
            continue
        if table not in before:
            yield _missing(sides, after[table])
            continue
        yield from _of_table(sides, before[table], after[table])
        yield from compare_columns(sides, table)
        yield from compare_relations(sides, table)
    for table, item in before.items():
        child = item.attributes["is_partition"] or item.attributes["parents"]
        if table in sides.named or table[0] not in sides.models.schemas or child:
            continue
        if is_version_table(sides.before.columns.get(table, {})):
            continue
        if not sides.hides("table", table, table[1]):
            yield _extra(sides, item)


def _without_implied(changes: list[Change]) -> Iterator[Change]:
    """Yield the changes without NOT NULL of columns whose primary key is missing: the key includes NOT NULL."""
    keys = [c.after for c in changes if c.kind is ChangeKind.CONSTRAINT_MISSING and c.after is not None]
    implied = {
        ObjectKey("column", key.schema, str(key.table), name)
        for key in keys
        if key.attributes["type"] == "primary key"
        for name in tuple_of(key, "columns")
    }
    for change in changes:
        if not (change.kind is ChangeKind.NOT_NULL and change.key in implied):
            yield change


def _missing(sides: Sides, table: SchemaObject) -> Change:
    return Change(
        kind=ChangeKind.TABLE_MISSING,
        key=table.key,
        before=None,
        after=table,
        weight=Weight.BREAKS,
        columns=tuple(sides.after.columns.get((table.schema, table.name), {}).values()),
    )


def _extra(sides: Sides, table: SchemaObject) -> Change:
    return Change(
        kind=ChangeKind.TABLE_EXTRA,
        key=table.key,
        before=table,
        after=None,
        weight=Weight.DIFFERS,
        columns=tuple(sides.before.columns.get((table.schema, table.name), {}).values()),
        repair=(f"op.drop_table({quoted(table.name)}{sides.schema_argument(table.schema)})",),
    )


def _of_table(sides: Sides, before: SchemaObject, after: SchemaObject) -> Iterator[Change]:
    for attribute, kind in STORAGE.items():
        wanted = after.attributes[attribute]
        if wanted is not None and wanted != before.attributes[attribute]:
            yield Change(
                kind=kind,
                key=after.key,
                before=before,
                after=after,
                weight=Weight.DIFFERS,
                attributes=(attribute,),
            )
    yield from compare_comments(before, after, f"TABLE {sides.sql(after.schema, after.name)}")
