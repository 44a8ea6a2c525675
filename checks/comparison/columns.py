"""Differences between the columns of a table in the models and in the migrated database."""

from __future__ import annotations

from collections.abc import Iterator

from checks.comparison import spelling
from checks.comparison.facts import MIGRATED, Fact, Scope, TableName, Weight
from checks.comparison.values import alter, compare_values, definition, object_name, source
from checks.recording.schema import SchemaObject
from checks.sql import execute, identifier, literal, quoted


def compare_columns(scope: Scope, table: TableName) -> Iterator[Fact]:
    """Yield the differences of a table that both sides have."""
    mine, theirs = scope.modelled.columns.get(table, {}), scope.migrated.columns.get(table, {})
    for name in sorted({*mine, *theirs}):
        if scope.hides("column", table, name):
            continue
        if name not in theirs:
            yield _missing(scope, mine[name])
        elif name not in mine:
            yield _extra(scope, theirs[name])
        else:
            yield from _differences(scope, mine[name], theirs[name])


def retyped(scope: Scope, table: TableName) -> bool:
    """Tell whether a column of the table differs in its type, so that expressions on it are written differently."""
    mine, theirs = scope.modelled.columns.get(table, {}), scope.migrated.columns.get(table, {})
    return any(mine[n].attributes["type"] != theirs[n].attributes["type"] for n in mine if n in theirs)


def _missing(scope: Scope, column: SchemaObject) -> Fact:
    sql = f"ALTER TABLE {scope.sql(column.schema, str(column.table))} ADD COLUMN {identifier(column.name)}"
    return Fact(
        kind="column-missing",
        weight=Weight.BREAKS,
        object=object_name(column),
        message=f"Column {object_name(column)} is in the models but not in {MIGRATED}.",
        why="Every query of the model names the column and fails.",
        expected=definition(column),
        repair=(execute(f"{sql} {definition(column)}"),),
    )


def _extra(scope: Scope, column: SchemaObject) -> Fact:
    required = bool(column.attributes["not_null"]) and source(column)[0] is None
    argument = scope.schema_argument(column.schema)
    return Fact(
        kind="column-extra",
        weight=Weight.BREAKS if required else Weight.DIFFERS,
        object=object_name(column),
        message=f"Column {object_name(column)} is in {MIGRATED} but not in the models.",
        why="It is NOT NULL without a default: an INSERT of the model leaves it out and fails."
        if required
        else "The models neither read nor write it.",
        actual=definition(column),
        repair=(f"op.drop_column({quoted(str(column.table))}, {quoted(column.name)}{argument})",),
    )


def _differences(scope: Scope, mine: SchemaObject, theirs: SchemaObject) -> Iterator[Fact]:
    yield from _type(scope, mine, theirs)
    yield from _not_null(scope, mine, theirs)
    yield from compare_values(scope, mine, theirs)
    yield from _sequence_range(scope, mine, theirs)
    yield from _collation(scope, mine, theirs)
    yield from _comment(scope, mine, theirs)


def _type(scope: Scope, mine: SchemaObject, theirs: SchemaObject) -> Iterator[Fact]:
    wanted, found = str(mine.attributes["type"]), str(theirs.attributes["type"])
    if wanted == found:
        return
    fits = spelling.holds(found, wanted)
    column = identifier(mine.name)
    yield Fact(
        kind="type",
        weight=Weight.DIFFERS if fits else Weight.BREAKS,
        object=object_name(mine),
        message=f"The type of column {object_name(mine)} differs: {wanted} in the models, {found} in {MIGRATED}.",
        why="The database takes values that the models do not expect."
        if fits
        else "Values that the models allow can be refused or come back changed.",
        expected=wanted,
        actual=found,
        repair=alter(scope, mine, f"TYPE {wanted} USING {column}::{wanted}"),
    )


def _not_null(scope: Scope, mine: SchemaObject, theirs: SchemaObject) -> Iterator[Fact]:
    wanted, found = bool(mine.attributes["not_null"]), bool(theirs.attributes["not_null"])
    if wanted == found:
        return
    words = ("NOT NULL", "nullable")
    yield Fact(
        kind="not-null",
        weight=Weight.BREAKS,
        object=object_name(mine),
        message=f"Column {object_name(mine)} is {words[not wanted]} in the models, {words[not found]} in {MIGRATED}.",
        why="Rows with NULL can get in, which the models do not expect."
        if wanted
        else "An INSERT or UPDATE that leaves it NULL, which the models allow, fails.",
        expected=words[not wanted],
        actual=words[not found],
        repair=(
            f"op.alter_column({quoted(str(mine.table))}, {quoted(mine.name)}, nullable={not wanted}"
            f"{scope.schema_argument(mine.schema)})",
        ),
    )


def _sequence_range(scope: Scope, mine: SchemaObject, theirs: SchemaObject) -> Iterator[Fact]:
    wanted, found = mine.attributes["sequence_max"], theirs.attributes["sequence_max"]
    same = mine.attributes["type"] == theirs.attributes["type"]
    if not (same and isinstance(wanted, int) and isinstance(found, int) and found < wanted):
        return
    sequence = str(theirs.attributes["default"]).removeprefix("nextval('").removesuffix("'::regclass)")
    yield Fact(
        kind="sequence-range",
        weight=Weight.DIFFERS,
        object=object_name(mine),
        message=f"The sequence of column {object_name(mine)} ends at {found} in {MIGRATED};"
        f" the models' goes on to {wanted}.",
        why="Once the sequence is used up, every INSERT fails although the column has room.",
        expected=f"MAXVALUE {wanted}",
        actual=f"MAXVALUE {found}",
        repair=(execute(f"ALTER SEQUENCE {sequence} AS {mine.attributes['type']}"),),
    )


def _collation(scope: Scope, mine: SchemaObject, theirs: SchemaObject) -> Iterator[Fact]:
    wanted, found = mine.attributes["collation"], theirs.attributes["collation"]
    if wanted == found:
        return
    target = wanted or '"default"'
    change = f"TYPE {mine.attributes['type']} COLLATE {target}"
    yield Fact(
        kind="collation",
        weight=Weight.DIFFERS,
        object=object_name(mine),
        message=f"The collation of column {object_name(mine)} differs: {wanted or 'the default'} in the models,"
        f" {found or 'the default'} in {MIGRATED}.",
        why="Comparison, ORDER BY and unique indexes work by other rules than the models say.",
        expected=str(wanted or "default"),
        actual=str(found or "default"),
        repair=alter(scope, mine, change),
    )


def _comment(scope: Scope, mine: SchemaObject, theirs: SchemaObject) -> Iterator[Fact]:
    wanted, found = mine.attributes["comment"], theirs.attributes["comment"]
    if wanted == found:
        return
    table = f"{scope.sql(mine.schema, str(mine.table))}.{identifier(mine.name)}"
    text = "NULL" if wanted is None else literal(str(wanted))
    yield Fact(
        kind="comment",
        weight=Weight.COSMETIC,
        object=object_name(mine),
        message=f"The comment of column {object_name(mine)} differs between the models and {MIGRATED}.",
        why="Only what people read in the database differs.",
        expected=wanted if wanted is None else str(wanted),
        actual=found if found is None else str(found),
        repair=(execute(f"COMMENT ON COLUMN {table} IS {text}"),),
    )
