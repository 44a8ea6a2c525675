"""Differences between the constraints and indexes of a table in the models and in the migrated database."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from checks.comparison import spelling
from checks.comparison.columns import retyped
from checks.comparison.facts import MIGRATED, Catalog, Fact, Scope, TableName, Weight, column_names
from checks.recording.schema import SchemaObject
from checks.sql import execute, identifier, literal, quoted

Pair = tuple[SchemaObject, SchemaObject]
HIDDEN_AS = {"unique": "unique_constraint", "foreign key": "foreign_key_constraint"}
TITLES = {
    "primary key": "Primary key",
    "unique": "Unique constraint",
    "foreign key": "Foreign key",
    "check": "CHECK constraint",
    "exclusion": "Exclusion constraint",
}
OPERATIONS = {"primary key": "primary", "unique": "unique", "foreign key": "foreignkey", "check": "check"}
# What the server calls a constraint that is given no name (ChooseConstraintName in its source).
SUFFIXES = {"primary key": "pkey", "unique": "key", "foreign key": "fkey", "check": "check", "exclusion": "excl"}
SHORTENED = 54
"""Bytes that two names share when one was cut at 63 by the server and the other by SQLAlchemy, which adds a hash."""


def compare_relations(scope: Scope, table: TableName) -> Iterator[Fact]:
    """Yield the differences of a table that both sides have: matched by definition first, then by name."""
    changed = retyped(scope, table)
    mine, theirs = _counted(scope, table, scope.modelled), _counted(scope, table, scope.migrated)
    for alike, told in (
        (lambda a, b: _same(a, b) and a.name == b.name, _details),
        (_same, _renamed),
        (lambda a, b: changed and _same_but_for_casts(a, b), _details),
        (_same_form, _form),
        (lambda a, b: _type(a) == _type(b) and a.name == b.name, _changed),
        (_akin, _changed),
    ):
        for one, two in _matched(mine, theirs, alike):
            yield from told(scope, one, two)
    yield from (_missing(scope, item) for item in mine)
    yield from (_extra(scope, item) for item in theirs if not _goes_along(scope, table, item))


def _counted(scope: Scope, table: TableName, catalog: Catalog) -> list[SchemaObject]:
    items = [*catalog.constraints.get(table, []), *catalog.indexes.get(table, [])]
    return [item for item in items if not _hidden(scope, table, item)]


def _hidden(scope: Scope, table: TableName, item: SchemaObject) -> bool:
    kind = HIDDEN_AS.get(_type(item), item.kind)
    by_columns = ", ".join(column_names(item))
    return scope.hides(kind, table, item.name, by_columns) or scope.hides_column_of(table, item)


def _matched(
    mine: list[SchemaObject], theirs: list[SchemaObject], alike: Callable[[SchemaObject, SchemaObject], bool]
) -> Iterator[Pair]:
    """Take the pairs that are alike out of both lists."""
    for one in list(mine):
        two = next((item for item in theirs if alike(one, item)), None)
        if two is not None:
            mine.remove(one)
            theirs.remove(two)
            yield one, two


def _type(item: SchemaObject) -> str:
    return "index" if item.kind == "index" else str(item.attributes["type"])


def _definition(item: SchemaObject) -> str:
    return str(item.attributes["definition"])


def _same(one: SchemaObject, two: SchemaObject) -> bool:
    return _type(one) == _type(two) and (spelling.canonical(_definition(one)) == spelling.canonical(_definition(two)))


def _same_but_for_casts(one: SchemaObject, two: SchemaObject) -> bool:
    return _type(one) == _type(two) and (
        spelling.without_casts(_definition(one)) == spelling.without_casts(_definition(two))
    )


def _same_form(one: SchemaObject, two: SchemaObject) -> bool:
    """Tell whether one is a unique constraint and the other a unique index that refuses the same rows."""
    if {_type(one), _type(two)} != {"unique", "index"}:
        return False
    constraint, index = (one, two) if _type(one) == "unique" else (two, one)
    deferrable = "DEFERRABLE" in _definition(constraint)
    return not deferrable and bool(index.attributes["valid"]) and constraint.attributes["index"] == _definition(index)


def _akin(one: SchemaObject, two: SchemaObject) -> bool:
    """Tell whether two constraints are meant to be the same one: primary keys, or keys on the same columns."""
    if _type(one) != _type(two) or _type(one) in ("check", "exclusion", "index"):
        return False
    return _type(one) == "primary key" or set(column_names(one)) == set(column_names(two))


def _goes_along(scope: Scope, table: TableName, item: SchemaObject) -> bool:
    """Tell whether what only the database has comes from a parent or goes with a column that only it has."""
    if item.attributes.get("inherited") or item.attributes.get("is_partition"):
        return True
    columns = scope.modelled.columns.get(table, {})
    return any(name not in columns for name in column_names(item))


def _object(item: SchemaObject) -> str:
    return f"{item.schema}.{item.table}.{item.name}"


def _title(item: SchemaObject) -> str:
    if item.kind == "index":
        return "Unique index" if item.attributes["unique"] else "Index"
    return TITLES[_type(item)]


def _named(item: SchemaObject) -> str:
    return f"{_title(item)} {item.name} of table {item.schema}.{item.table}"


def _unique(item: SchemaObject) -> bool:
    return _type(item) in ("primary key", "unique") or bool(item.attributes.get("unique"))


def _details(scope: Scope, mine: SchemaObject, theirs: SchemaObject) -> Iterator[Fact]:
    """Yield what can differ when name and definition are the same."""
    if theirs.attributes.get("valid") is False and mine.attributes.get("valid"):
        yield Fact(
            kind="index-invalid",
            weight=Weight.BREAKS if _unique(mine) else Weight.DIFFERS,
            object=_object(mine),
            message=f"{_named(theirs)} is INVALID in {MIGRATED}.",
            why="PostgreSQL does not use it; a CREATE INDEX CONCURRENTLY that failed, or ON ONLY, leaves this behind.",
            expected=_definition(mine),
            actual=f"{_definition(theirs)} (INVALID)",
            repair=(execute(f"REINDEX INDEX {scope.sql(theirs.schema, theirs.name)}"),),
        )
    comment = mine.attributes["comment"]
    if mine.kind == "constraint" and comment is not None and comment != theirs.attributes["comment"]:
        table = scope.sql(mine.schema, str(mine.table))
        sql = f"COMMENT ON CONSTRAINT {identifier(theirs.name)} ON {table} IS {literal(str(comment))}"
        yield Fact(
            kind="comment",
            weight=Weight.COSMETIC,
            object=_object(mine),
            message=f"The comment of {_object(mine)} differs between the models and {MIGRATED}.",
            why="Only what people read in the database differs.",
            expected=str(comment),
            actual=None if theirs.attributes["comment"] is None else str(theirs.attributes["comment"]),
            repair=(execute(sql),),
        )


def _renamed(scope: Scope, mine: SchemaObject, theirs: SchemaObject) -> Iterator[Fact]:
    if not (_left_to_server(mine) or _cut_alike(mine.name, theirs.name)):
        yield Fact(
            kind="name",
            weight=Weight.COSMETIC,
            object=_object(mine),
            message=f"{_named(mine)} has the name {theirs.name} in {MIGRATED}.",
            why="Rules and columns are the same; a migration that drops it by the models' name fails.",
            expected=mine.name,
            actual=theirs.name,
            repair=(_rename(scope, mine, theirs),),
        )
    yield from _details(scope, mine, theirs)


def _rename(scope: Scope, mine: SchemaObject, theirs: SchemaObject) -> str:
    old, new = identifier(theirs.name), identifier(mine.name)
    if mine.kind == "index":
        return execute(f"ALTER INDEX {scope.sql(theirs.schema, theirs.name)} RENAME TO {new}")
    return execute(f"ALTER TABLE {scope.sql(mine.schema, str(mine.table))} RENAME CONSTRAINT {old} TO {new}")


def _left_to_server(item: SchemaObject) -> bool:
    """Tell whether the model leaves the name to the server, and so does not care which it is."""
    if item.kind == "index":
        return False
    start = re.escape(str(item.table)[:25])
    return re.fullmatch(rf"{start}.*_{SUFFIXES[_type(item)]}\d*", item.name) is not None


def _cut_alike(one: str, two: str) -> bool:
    return min(len(one), len(two)) >= SHORTENED and one[:SHORTENED] == two[:SHORTENED]


def _form(scope: Scope, mine: SchemaObject, theirs: SchemaObject) -> Iterator[Fact]:
    yield Fact(
        kind="form",
        weight=Weight.COSMETIC,
        object=_object(mine),
        message=f"{_named(mine)} is a {_title(theirs).lower()} ({theirs.name}) in {MIGRATED}.",
        why="Both refuse the same rows; ON CONFLICT ON CONSTRAINT takes only a constraint.",
        expected=_definition(mine),
        actual=_definition(theirs),
        repair=(_drop(scope, theirs), _create(scope, mine)),
    )


def _changed(scope: Scope, mine: SchemaObject, theirs: SchemaObject) -> Iterator[Fact]:
    lost = _unique(mine) and (not _unique(theirs) or set(column_names(mine)) != set(column_names(theirs)))
    yield Fact(
        kind="changed",
        weight=Weight.BREAKS if lost else Weight.DIFFERS,
        object=_object(mine),
        message=f"{_named(mine)} differs between the models and {MIGRATED}.",
        why="Other rows are unique than the models say: ON CONFLICT fails, duplicates get in or good rows are refused."
        if lost
        else _WHY[_type(mine)],
        expected=_definition(mine),
        actual=_definition(theirs),
        repair=(_drop(scope, theirs), _create(scope, mine)),
    )


_WHY = {
    "primary key": "The key works by other rules than the models say.",
    "unique": "The rows are the same, but when or how they are checked is not.",
    "foreign key": "Deleting, updating or checking rows works by other rules than the models say.",
    "check": "The database accepts other rows than the models say.",
    "exclusion": "The database accepts other rows than the models say.",
    "index": "Queries that the index is meant for may not use it.",
}
_WHY_MISSING = {
    "primary key": "Duplicates get in, and ON CONFLICT and foreign keys that need the key fail.",
    "unique": "Duplicates get in, and ON CONFLICT on these columns fails.",
    "foreign key": "Rows can point at nothing, and ON DELETE or ON UPDATE actions do not happen.",
    "check": "Rows get in that the models rule out.",
    "exclusion": "Rows get in that the models rule out.",
    "index": "Queries that need the index read the whole table.",
}


def _missing(scope: Scope, item: SchemaObject) -> Fact:
    return Fact(
        kind="missing",
        weight=Weight.BREAKS if _unique(item) else Weight.DIFFERS,
        object=_object(item),
        message=f"{_named(item)} is in the models but not in {MIGRATED}.",
        why=_WHY_MISSING["unique" if _unique(item) and item.kind == "index" else _type(item)],
        expected=_definition(item),
        repair=(_create(scope, item),),
    )


def _extra(scope: Scope, item: SchemaObject) -> Fact:
    return Fact(
        kind="extra",
        weight=Weight.DIFFERS,
        object=_object(item),
        message=f"{_named(item)} is in {MIGRATED} but not in the models.",
        why="It costs writes and serves nothing that the models know of."
        if item.kind == "index" and not _unique(item)
        else "The database refuses rows that the models allow.",
        actual=_definition(item),
        repair=(_drop(scope, item),),
    )


def _create(scope: Scope, item: SchemaObject) -> str:
    table, name = scope.sql(item.schema, str(item.table)), identifier(item.name)
    if item.kind == "index":
        unique = "UNIQUE " if item.attributes["unique"] else ""
        rest = _definition(item).removeprefix("UNIQUE ")
        return execute(f"CREATE {unique}INDEX {name} ON {table} {rest}")
    check = re.fullmatch(r"CHECK \(\((.*)\)\)", _definition(item), re.DOTALL)
    if check and check[1].count("(") == check[1].count(")"):
        # op.f: the name is final; a naming convention of the metadata would be applied to it once more.
        arguments = f"op.f({quoted(item.name)}), {quoted(str(item.table))}, {quoted(check[1])}"
        return f"op.create_check_constraint({arguments}{scope.schema_argument(item.schema)})"
    return execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {_definition(item)}")


def _drop(scope: Scope, item: SchemaObject) -> str:
    table, argument = quoted(str(item.table)), scope.schema_argument(item.schema)
    if item.kind == "index":
        return f"op.drop_index({quoted(item.name)}, table_name={table}{argument})"
    if _type(item) not in OPERATIONS:
        return execute(f"ALTER TABLE {scope.sql(item.schema, str(item.table))} DROP CONSTRAINT {identifier(item.name)}")
    return f"op.drop_constraint(op.f({quoted(item.name)}), {table}, type_={quoted(OPERATIONS[_type(item)])}{argument})"
