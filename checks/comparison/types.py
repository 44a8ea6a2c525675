"""Differences between the named types and sequences of the models and those of the migrated database."""

from __future__ import annotations

import json
from collections.abc import Iterator

from checks.comparison.facts import MIGRATED, Fact, Scope, Weight
from checks.recording.schema import SchemaObject
from checks.sql import execute, literal


def compare_types(scope: Scope) -> Iterator[Fact]:
    """Yield the differences of enums, domains and sequences that the models declare, and the enums left over."""
    for kind, names in (("enum", scope.models.enums), ("domain", scope.models.enums)):
        for name in names:
            mine, theirs = (side.alone.get((kind, *name)) for side in (scope.modelled, scope.migrated))
            if mine is not None and theirs is not None:
                yield from _enum(scope, mine, theirs) if kind == "enum" else _domain(mine, theirs)
            elif mine is not None and not _comes_with_table(scope, mine):
                yield _missing_type(scope, mine)
    for name in scope.models.sequences:
        yield from _sequence(scope, name)
    yield from _left_over(scope)


def _full(item: SchemaObject) -> str:
    return f"{item.schema}.{item.name}"


def _labels(item: SchemaObject) -> list[str]:
    labels: list[str] = json.loads(str(item.attributes["values"]))
    return labels


def _listed(labels: list[str]) -> str:
    return ", ".join(literal(label) for label in labels)


def _uses(item: SchemaObject, column: SchemaObject) -> bool:
    name = str(item.attributes["sql_name"])
    return str(column.attributes["type"]) in (name, f"{name}[]")


def _comes_with_table(scope: Scope, item: SchemaObject) -> bool:
    """Tell whether only tables that are missing as a whole, or hidden, use the type."""
    using = [
        (table, column.name)
        for table, columns in scope.modelled.columns.items()
        for column in columns.values()
        if table in scope.named and _uses(item, column)
    ]
    return bool(using) and all(
        table not in scope.migrated.tables or table not in scope.tables or scope.hides("column", table, name)
        for table, name in using
    )


def _missing_type(scope: Scope, item: SchemaObject) -> Fact:
    if item.kind == "enum":
        made = f"AS ENUM ({_listed(_labels(item))})"
        repair = (execute(f"CREATE TYPE {scope.sql(item.schema, item.name)} {made}"),)
    else:
        made = _domain_text(item)
        repair = (execute(f"CREATE DOMAIN {scope.sql(item.schema, item.name)} AS {made}"),)
    return Fact(
        kind=f"{item.kind}-missing",
        weight=Weight.BREAKS,
        object=_full(item),
        message=f"{item.kind.capitalize()} {_full(item)} is in the models but not in {MIGRATED}.",
        why="Queries of the models cast to the type and fail.",
        expected=made,
        repair=repair,
    )


def _enum(scope: Scope, mine: SchemaObject, theirs: SchemaObject) -> Iterator[Fact]:
    wanted, found = _labels(mine), _labels(theirs)
    for label in wanted:
        if label not in found:
            yield _missing_label(scope, mine, theirs, label)
    for label in found:
        if label not in wanted:
            yield _extra_label(mine, theirs, label)
    common = [label for label in found if label in wanted]
    if common != [label for label in wanted if label in found]:
        yield Fact(
            kind="enum-order",
            weight=Weight.DIFFERS,
            object=_full(mine),
            message=f"The order of the values of enum {_full(mine)} differs between the models and {MIGRATED}.",
            why="ORDER BY and comparisons of the column follow the order of the values in the database.",
            expected=_listed(wanted),
            actual=_listed(found),
        )


def _missing_label(scope: Scope, mine: SchemaObject, theirs: SchemaObject, label: str) -> Fact:
    wanted, found = _labels(mine), _labels(theirs)
    after = next((other for other in wanted[wanted.index(label) + 1 :] if other in found), None)
    place = f" BEFORE {literal(after)}" if after is not None else ""
    return Fact(
        kind="enum-value-missing",
        weight=Weight.BREAKS,
        object=f"{_full(mine)}.{label}",
        message=f"Value {literal(label)} of enum {_full(mine)} is in the models but not in {MIGRATED}.",
        why="Writing the value, or asking for it, fails: invalid input value for enum.",
        expected=_listed(wanted),
        actual=_listed(found),
        repair=(execute(f"ALTER TYPE {scope.sql(mine.schema, mine.name)} ADD VALUE {literal(label)}{place}"),),
    )


def _extra_label(mine: SchemaObject, theirs: SchemaObject, label: str) -> Fact:
    return Fact(
        kind="enum-value-extra",
        weight=Weight.DIFFERS,
        object=f"{_full(mine)}.{label}",
        message=f"Value {literal(label)} of enum {_full(mine)} is in {MIGRATED} but not in the models.",
        why="Reading a row that holds it raises LookupError; PostgreSQL cannot drop a value from an enum.",
        expected=_listed(_labels(mine)),
        actual=_listed(_labels(theirs)),
    )


def _domain_text(item: SchemaObject) -> str:
    a = item.attributes
    parts = [str(a["type"]), f"COLLATE {a['collation']}" if a["collation"] else "", "NOT NULL" if a["not_null"] else ""]
    parts += [f"DEFAULT {a['default']}" if a["default"] else "", *json.loads(str(a["checks"]))]
    return " ".join(part for part in parts if part)


def _domain(mine: SchemaObject, theirs: SchemaObject) -> Iterator[Fact]:
    if _domain_text(mine) != _domain_text(theirs):
        yield Fact(
            kind="domain",
            weight=Weight.BREAKS if mine.attributes["type"] != theirs.attributes["type"] else Weight.DIFFERS,
            object=_full(mine),
            message=f"Domain {_full(mine)} differs between the models and {MIGRATED}.",
            why="Columns of the domain accept other values than the models say.",
            expected=_domain_text(mine),
            actual=_domain_text(theirs),
        )


def _sequence(scope: Scope, name: tuple[str, str]) -> Iterator[Fact]:
    mine, theirs = (side.alone.get(("sequence", *name)) for side in (scope.modelled, scope.migrated))
    if mine is None:
        return
    wanted = _sequence_text(mine)
    if theirs is None:
        yield Fact(
            kind="sequence-missing",
            weight=Weight.BREAKS,
            object=_full(mine),
            message=f"Sequence {_full(mine)} is in the models but not in {MIGRATED}.",
            why="An INSERT that takes its value from the sequence fails.",
            expected=wanted,
            repair=(execute(f"CREATE SEQUENCE {scope.sql(*name)} {wanted}"),),
        )
    elif theirs.attributes["owned_by"] is None and wanted != _sequence_text(theirs):
        yield Fact(
            kind="sequence",
            weight=Weight.DIFFERS,
            object=_full(mine),
            message=f"Sequence {_full(mine)} differs between the models and {MIGRATED}.",
            why="It gives out other numbers than the models say.",
            expected=wanted,
            actual=_sequence_text(theirs),
        )


def _sequence_text(item: SchemaObject) -> str:
    return f"AS {item.attributes['type']} {item.attributes['options'] or ''}".rstrip()


def _left_over(scope: Scope) -> Iterator[Fact]:
    """Yield enums that no model declares and no column uses: a migration dropped the column and forgot its type."""
    columns = [column for table in scope.migrated.columns.values() for column in table.values()]
    for (kind, schema, name), item in scope.migrated.alone.items():
        if kind != "enum" or schema not in scope.models.schemas or (schema, name) in scope.models.enums:
            continue
        if any(_uses(item, column) for column in columns):
            continue
        yield Fact(
            kind="enum-extra",
            weight=Weight.DIFFERS,
            object=_full(item),
            message=f"Enum {_full(item)} is in {MIGRATED}, but no model and no column uses it.",
            why="A later migration that creates a type of this name fails.",
            actual=f"AS ENUM ({_listed(_labels(item))})",
            repair=(execute(f"DROP TYPE {scope.sql(schema, name)}"),),
        )
