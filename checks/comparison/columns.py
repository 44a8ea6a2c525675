"""Compare the columns of a table."""

from __future__ import annotations

from collections.abc import Iterator

from checks.comparison.by_table import TableName, tuple_of
from checks.comparison.change import Change, ChangeKind, Weight
from checks.comparison.column_lines import add_column, alter, drop_column, set_nullable
from checks.comparison.comments import compare_comments
from checks.comparison.sides import Sides
from checks.comparison.values import VALUE, compare_values
from checks.comparison.widths import holds
from checks.recording.schema import SchemaObject
from checks.sql import execute, identifier

DEFINITION = ("type", "collation", "not_null", *VALUE)
"""The attributes that are part of a column's definition."""


def compare_columns(sides: Sides, table: TableName) -> Iterator[Change]:
    """Yield the differences between the columns of a table that both sides have."""
    before, after = sides.before.columns.get(table, {}), sides.after.columns.get(table, {})
    for name in sorted({*before, *after}):
        if sides.hides("column", table, name):
            continue
        if name not in before:
            yield _missing(sides, after[name])
        elif name not in after:
            yield _extra(sides, before[name])
        else:
            yield from _differences(sides, before[name], after[name])


def _missing(sides: Sides, column: SchemaObject) -> Change:
    return Change(
        kind=ChangeKind.COLUMN_MISSING,
        key=column.key,
        before=None,
        after=column,
        weight=Weight.BREAKS,
        attributes=DEFINITION,
        repair=(add_column(sides, column),),
    )


def _extra(sides: Sides, column: SchemaObject) -> Change:
    # An INSERT of the models omits this column.
    required = bool(column.attributes["not_null"]) and not sides.gets_value(column)
    return Change(
        kind=ChangeKind.COLUMN_EXTRA,
        key=column.key,
        before=column,
        after=None,
        weight=Weight.BREAKS if required else Weight.DIFFERS,
        attributes=DEFINITION,
        repair=(drop_column(sides, column),),
    )


def _differences(sides: Sides, before: SchemaObject, after: SchemaObject) -> Iterator[Change]:
    yield from _type(sides, before, after)
    yield from _not_null(sides, before, after)
    yield from compare_values(sides, before, after)
    yield from _sequence_range(sides, before, after)
    yield from _collation(sides, before, after)
    column = f"{sides.table_of(after)}.{identifier(after.name)}"
    yield from compare_comments(before, after, f"COLUMN {column}")


def _type(sides: Sides, before: SchemaObject, after: SchemaObject) -> Iterator[Change]:
    wanted, found = str(after.attributes["type"]), str(before.attributes["type"])
    if wanted == found:
        return
    wider = holds(found, wanted)
    yield Change(
        kind=ChangeKind.TYPE,
        key=after.key,
        before=before,
        after=after,
        weight=Weight.COSMETIC if wider else Weight.BREAKS,
        attributes=("type",),
        # To narrow a column gains nothing, and can fail on its rows.
        repair=() if wider else alter(sides, after, f"TYPE {wanted} USING {identifier(after.name)}::{wanted}"),
    )


def _not_null(sides: Sides, before: SchemaObject, after: SchemaObject) -> Iterator[Change]:
    wanted = bool(after.attributes["not_null"])
    if wanted == bool(before.attributes["not_null"]):
        return
    yield Change(
        kind=ChangeKind.NOT_NULL,
        key=after.key,
        before=before,
        after=after,
        weight=Weight.BREAKS,
        attributes=("not_null",),
        repair=(set_nullable(sides, after, nullable=not wanted),),
    )


def _sequence_range(sides: Sides, before: SchemaObject, after: SchemaObject) -> Iterator[Change]:
    wanted, found = after.attributes["sequence_max"], before.attributes["sequence_max"]
    same = after.attributes["type"] == before.attributes["type"]
    if not (same and isinstance(wanted, int) and isinstance(found, int) and found < wanted):
        return
    sequence = sides.sql(*tuple_of(before, "sequence"))
    yield Change(
        kind=ChangeKind.SEQUENCE_RANGE,
        key=after.key,
        before=before,
        after=after,
        weight=Weight.DIFFERS,
        attributes=("sequence_max",),
        repair=(execute(f"ALTER SEQUENCE {sequence} AS {after.attributes['type']}"),),
    )


def _collation(sides: Sides, before: SchemaObject, after: SchemaObject) -> Iterator[Change]:
    wanted = after.attributes["collation"]
    if wanted == before.attributes["collation"]:
        return
    target = wanted or '"default"'
    yield Change(
        kind=ChangeKind.COLLATION,
        key=after.key,
        before=before,
        after=after,
        weight=Weight.DIFFERS,
        attributes=("collation",),
        repair=alter(sides, after, f"TYPE {after.attributes['type']} COLLATE {target}"),
    )
