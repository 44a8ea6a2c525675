"""Compare enums, domains and sequences."""

from __future__ import annotations

from collections.abc import Iterator

from checks.comparison import definitions
from checks.comparison.by_table import TypeName, tuple_of
from checks.comparison.change import Change, ChangeKind, Weight
from checks.comparison.sides import Sides
from checks.recording.schema import SchemaObject
from checks.sql import execute, literal

DOMAIN = ("type", "collation", "not_null", "default", "checks")
SEQUENCE = ("type", "options")


def compare_types(sides: Sides) -> Iterator[Change]:
    """Yield the differences of the enums, domains and sequences of the models, and the enums that nothing uses."""
    for kind in ("enum", "domain"):
        for name in sides.models.enums:
            before, after = (side.alone.get((kind, *name)) for side in (sides.before, sides.after))
            if after is not None and before is not None:
                yield from _enum(sides, before, after) if kind == "enum" else _domain(before, after)
            elif after is not None and not _belongs_to_missing_tables(sides, name):
                yield _missing(sides, after)
    for name in sides.models.sequences:
        yield from _sequence(sides, name)
    yield from _unused_enums(sides)


def _belongs_to_missing_tables(sides: Sides, name: TypeName) -> bool:
    """Return whether only missing or hidden tables use the type: the migration of such a table creates it."""
    using = [
        ((column.schema, str(column.table)), column.name)
        for column in sides.after.columns_of_type.get(name, [])
        if (column.schema, column.table) in sides.named
    ]
    return bool(using) and all(
        table not in sides.before.tables or table not in sides.tables or sides.hides("column", table, column)
        for table, column in using
    )


def _missing(sides: Sides, item: SchemaObject) -> Change:
    name = sides.sql(item.schema, item.name)
    if item.kind == "enum":
        made = f"CREATE TYPE {name} AS ENUM ({definitions.values(item)})"
    else:
        made = f"CREATE DOMAIN {name} AS {definitions.domain(item)}"
    return Change(
        kind=ChangeKind(f"{item.kind}-missing"),
        key=item.key,
        before=None,
        after=item,
        weight=Weight.BREAKS,
        attributes=("values",) if item.kind == "enum" else DOMAIN,
        repair=(execute(made),),
    )


def _enum(sides: Sides, before: SchemaObject, after: SchemaObject) -> Iterator[Change]:
    wanted, found = tuple_of(after, "values"), tuple_of(before, "values")
    for label in wanted:
        if label not in found:
            yield _missing_value(sides, before, after, label)
    for label in found:
        if label not in wanted:
            yield Change(
                kind=ChangeKind.ENUM_VALUE_EXTRA,
                key=after.key,
                part=label,
                before=before,
                after=after,
                weight=Weight.OUTSIDE,
                attributes=("values",),
            )
    if [label for label in found if label in wanted] != [label for label in wanted if label in found]:
        yield Change(
            kind=ChangeKind.ENUM_ORDER,
            key=after.key,
            before=before,
            after=after,
            weight=Weight.DIFFERS,
            attributes=("values",),
        )


def _missing_value(sides: Sides, before: SchemaObject, after: SchemaObject, label: str) -> Change:
    wanted, found = tuple_of(after, "values"), tuple_of(before, "values")
    following = next((other for other in wanted[wanted.index(label) + 1 :] if other in found), None)
    place = f" BEFORE {literal(following)}" if following is not None else ""
    name = sides.sql(after.schema, after.name)
    return Change(
        kind=ChangeKind.ENUM_VALUE_MISSING,
        key=after.key,
        part=label,
        before=before,
        after=after,
        weight=Weight.BREAKS,
        attributes=("values",),
        repair=(execute(f"ALTER TYPE {name} ADD VALUE IF NOT EXISTS {literal(label)}{place}"),),
    )


def _domain(before: SchemaObject, after: SchemaObject) -> Iterator[Change]:
    if _differ(before, after, DOMAIN):
        yield Change(
            kind=ChangeKind.DOMAIN,
            key=after.key,
            before=before,
            after=after,
            weight=Weight.BREAKS if before.attributes["type"] != after.attributes["type"] else Weight.DIFFERS,
            attributes=DOMAIN,
        )


def _differ(before: SchemaObject, after: SchemaObject, attributes: tuple[str, ...]) -> bool:
    return any(before.attributes[name] != after.attributes[name] for name in attributes)


def _sequence(sides: Sides, name: TypeName) -> Iterator[Change]:
    before, after = (side.alone.get(("sequence", *name)) for side in (sides.before, sides.after))
    if after is None:
        return
    if before is None:
        yield Change(
            kind=ChangeKind.SEQUENCE_MISSING,
            key=after.key,
            before=None,
            after=after,
            weight=Weight.BREAKS,
            attributes=SEQUENCE,
            repair=(execute(f"CREATE SEQUENCE {sides.sql(*name)} {definitions.sequence(after)}"),),
        )
    elif before.attributes["owned_by"] is None and _differ(before, after, SEQUENCE):
        yield Change(
            kind=ChangeKind.SEQUENCE,
            key=after.key,
            before=before,
            after=after,
            weight=Weight.DIFFERS,
            attributes=SEQUENCE,
        )


def _unused_enums(sides: Sides) -> Iterator[Change]:
    """Yield enums that no model and no column uses: a migration dropped the column, but not its type."""
    for (kind, schema, name), item in sides.before.alone.items():
        if kind != "enum" or schema not in sides.models.schemas or (schema, name) in sides.models.enums:
            continue
        if (schema, name) not in sides.before.columns_of_type:
            yield Change(
                kind=ChangeKind.ENUM_EXTRA,
                key=item.key,
                before=item,
                after=None,
                weight=Weight.COSMETIC,
                attributes=("values",),
                repair=(execute(f"DROP TYPE {sides.sql(schema, name)}"),),
            )
