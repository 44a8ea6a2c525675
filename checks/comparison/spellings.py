"""The pairs of expressions that only the server can compare, because PostgreSQL writes one meaning in several ways."""

from __future__ import annotations

from collections.abc import Iterator

from checks.comparison.by_table import SchemaByTable, TableName, tuple_of
from checks.comparison.definitions import relation, source, type_of
from checks.comparison.sides import Sides
from checks.recording.absent import Absent
from checks.recording.expressions import ExpressionKind, Spelling
from checks.recording.models import Models
from checks.recording.schema import SchemaObject

_KINDS = {"check": ExpressionKind.CHECK, "index": ExpressionKind.INDEX, "exclusion": ExpressionKind.EXCLUSION}


def undecided_spellings(models: Models) -> tuple[Spelling, ...]:
    """Return the pairs of the two schemas whose texts differ; empty where the models could not be created."""
    if isinstance(models.modelled, Absent):
        return ()
    sides = Sides(models, models.modelled, None)
    known = {compared.spelling for compared in models.spellings}
    found = (pair for table in sides.tables if table in sides.before.tables for pair in _of_table(sides, table))
    return tuple(pair for pair in dict.fromkeys(found) if pair not in known)


def _of_table(sides: Sides, table: TableName) -> Iterator[Spelling]:
    before, after = sides.before.columns.get(table, {}), sides.after.columns.get(table, {})
    for name in sorted(before.keys() & after.keys()):
        pair = value_spelling(before[name], after[name])
        if pair is not None and pair.found != pair.wanted:
            yield pair
    rest, wanted = _relations(sides.before, table), _relations(sides.after, table)
    for two in wanted:
        if not any(type_of(one) == type_of(two) and relation(one) == relation(two) for one in rest):
            yield from (relation_spelling(one, two) for one in rest if _may_match(one, two))


def _relations(side: SchemaByTable, table: TableName) -> list[SchemaObject]:
    items = [*side.constraints.get(table, []), *side.indexes.get(table, [])]
    return [item for item in items if type_of(item) in _KINDS]


def _may_match(one: SchemaObject, two: SchemaObject) -> bool:
    """Return whether the two can be one object: the same name, or the same columns in any order."""
    columns = [sorted(tuple_of(item, "columns")) for item in (one, two)]
    return type_of(one) == type_of(two) and (one.name == two.name or columns[0] == columns[1])


def value_spelling(before: SchemaObject, after: SchemaObject) -> Spelling | None:
    """Return the pair of the expressions that give a column its value; None where it has other sources."""
    (kind, found), (other, wanted) = source(before), source(after)
    if kind == other == "generated":
        texts = [str(item.attributes["generated"]) for item in (before, after)]
        return Spelling(ExpressionKind.GENERATED, after.schema, str(after.table), after.name, *texts)
    if kind == other == "default":
        return Spelling(ExpressionKind.DEFAULT, after.schema, str(after.table), after.name, str(found), str(wanted))
    return None


def relation_spelling(before: SchemaObject, after: SchemaObject) -> Spelling:
    """Return the pair of a CHECK, an index or an exclusion constraint."""
    kind = _KINDS[type_of(after)]
    texts = [
        str(item.attributes["expression"]) if kind is ExpressionKind.CHECK else relation(item)
        for item in (before, after)
    ]
    return Spelling(kind, after.schema, str(after.table), "", *texts)
