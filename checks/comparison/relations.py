"""Compare the constraints and indexes of a table."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial

from checks.comparison.by_table import SchemaByTable, TableName, tuple_of
from checks.comparison.change import Change, ChangeKind, Weight
from checks.comparison.comments import compare_comments
from checks.comparison.definitions import relation as definition
from checks.comparison.definitions import type_of
from checks.comparison.relation_lines import create, drop, on_table, reindex, rename
from checks.comparison.sides import Sides
from checks.comparison.spellings import relation_spelling
from checks.recording.expressions import Compared, Equivalence
from checks.recording.schema import SchemaObject

Pair = tuple[SchemaObject, SchemaObject]
DEFINITION = {"constraint": ("type", "definition"), "index": ("unique", "definition")}
"""The attributes that are part of a definition, by kind of object."""
HIDDEN_AS = {"unique": "unique_constraint", "foreign key": "foreign_key_constraint", "check": "check_constraint"}
"""What ``include_object`` calls each type of constraint."""
# The end of the name that PostgreSQL gives to a constraint without a name (ChooseConstraintName in its source).
SUFFIXES = {"primary key": "pkey", "unique": "key", "foreign key": "fkey", "check": "check", "exclusion": "excl"}
SHORTENED = 54
"""Bytes that two long names share: PostgreSQL cuts a name at 63 bytes, SQLAlchemy cuts it and adds a hash."""


def compare_relations(sides: Sides, table: TableName) -> Iterator[Change]:
    """Yield the differences between two versions of a table; match constraints by definition first, then by name."""
    before, after = _counted(sides, table, sides.before), _counted(sides, table, sides.after)
    for alike, differences in (
        (lambda a, b: _same(sides, a, b) and a.name == b.name, _details),
        (partial(_same, sides), _renamed),
        (_same_form, _form),
        (lambda a, b: _unproven(sides, a, b) and a.name == b.name, _changed),
        (partial(_unproven, sides), _changed),
        (lambda a, b: type_of(a) == type_of(b) and a.name == b.name, _changed),
        (_akin, _changed),
    ):
        for one, two in _matched(before, after, alike):
            yield from differences(sides, one, two)
    yield from (_missing(sides, item) for item in after)
    yield from (_extra(sides, item) for item in before if not _may_stay(sides, table, item))


def is_unique(item: SchemaObject) -> bool:
    """Return whether the constraint or index refuses duplicates."""
    return type_of(item) in ("primary key", "unique") or bool(item.attributes.get("unique"))


def _counted(sides: Sides, table: TableName, side: SchemaByTable) -> list[SchemaObject]:
    items = [*side.constraints.get(table, []), *side.indexes.get(table, [])]
    return [item for item in items if not _hidden(sides, table, item)]


def _hidden(sides: Sides, table: TableName, item: SchemaObject) -> bool:
    kind = HIDDEN_AS.get(type_of(item), item.kind)
    by_columns = ", ".join(tuple_of(item, "columns"))  # the name of an unnamed constraint in the filters
    return sides.hides(kind, table, item.name, by_columns) or sides.hides_column_of(table, item)


def _may_stay(sides: Sides, table: TableName, item: SchemaObject) -> bool:
    """Return whether an extra object is hidden, or belongs to another object."""
    kind = HIDDEN_AS.get(type_of(item), item.kind)
    return sides.hides_extra(kind, table, item.name) or _belongs_to_another_object(sides, table, item)


def _matched(
    before: list[SchemaObject], after: list[SchemaObject], alike: Callable[[SchemaObject, SchemaObject], bool]
) -> Iterator[Pair]:
    """Yield the pairs that are alike, in the order of ``after``, and remove them from both lists."""
    for wanted in list(after):
        found = next((item for item in before if alike(item, wanted)), None)
        if found is not None:
            before.remove(found)
            after.remove(wanted)
            yield found, wanted


def _same(sides: Sides, one: SchemaObject, two: SchemaObject) -> bool:
    if type_of(one) != type_of(two):
        return False
    return definition(one) == definition(two) or _sameness(sides, one, two) is Equivalence.SAME


def _unproven(sides: Sides, one: SchemaObject, two: SchemaObject) -> bool:
    return type_of(one) == type_of(two) and _sameness(sides, one, two) is Equivalence.UNPROVEN


def _sameness(sides: Sides, one: SchemaObject, two: SchemaObject) -> Equivalence:
    """Return what the server made of their expressions, where nothing else of them differs."""
    compared = _compared(sides, one, two)
    flags = ("validated", "no_inherit") if type_of(one) == "check" else ()
    same_flags = all(one.attributes[flag] == two.attributes[flag] for flag in flags)
    return compared.sameness if compared is not None and same_flags else Equivalence.DIFFERENT


def _compared(sides: Sides, one: SchemaObject, two: SchemaObject) -> Compared | None:
    return sides.compared(relation_spelling(one, two)) if type_of(two) in ("check", "index", "exclusion") else None


def _same_form(one: SchemaObject, two: SchemaObject) -> bool:
    """Return whether one is a unique constraint and the other a unique index that refuses the same rows."""
    if {type_of(one), type_of(two)} != {"unique", "index"}:
        return False
    constraint, index = (one, two) if type_of(one) == "unique" else (two, one)
    if constraint.attributes["deferrable"] or not (index.attributes["unique"] and index.attributes["valid"]):
        return False
    return constraint.attributes["index"] == index.attributes["definition"]


def _akin(one: SchemaObject, two: SchemaObject) -> bool:
    """Return whether both are primary keys, or keys of one type on the same columns."""
    if type_of(one) != type_of(two) or type_of(one) in ("check", "exclusion", "index"):
        return False
    return type_of(one) == "primary key" or set(tuple_of(one, "columns")) == set(tuple_of(two, "columns"))


def _belongs_to_another_object(sides: Sides, table: TableName, item: SchemaObject) -> bool:
    """Return whether an extra object comes from a parent table or disappears with an extra column."""
    if item.attributes.get("inherited") or item.attributes.get("is_partition"):
        return True
    columns = sides.after.columns.get(table, {})
    return any(name not in columns for name in tuple_of(item, "columns"))


def _details(sides: Sides, before: SchemaObject, after: SchemaObject) -> Iterator[Change]:
    """Yield differences of an object whose name and definition match: an INVALID index, a comment."""
    if before.attributes.get("valid") is False and after.attributes.get("valid"):
        yield Change(
            kind=ChangeKind.INDEX_INVALID,
            key=after.key,
            before=before,
            after=after,
            weight=Weight.BREAKS if is_unique(after) else Weight.DIFFERS,
            attributes=("valid", "unique", "definition"),
            repair=(reindex(sides, before),),
        )
    if after.kind == "constraint" and after.attributes["comment"] is not None:
        yield from compare_comments(before, after, on_table(sides, before))


def _renamed(sides: Sides, before: SchemaObject, after: SchemaObject) -> Iterator[Change]:
    if not (_has_automatic_name(after) or _cut_alike(after.name, before.name)):
        yield Change(
            kind=ChangeKind.NAME,
            key=after.key,
            before=before,
            after=after,
            weight=Weight.COSMETIC,
            repair=(rename(sides, before, after.name),),
        )
    yield from _details(sides, before, after)


def _has_automatic_name(item: SchemaObject) -> bool:
    """Return whether the model leaves the name to PostgreSQL, so that any name matches."""
    if item.kind == "index":
        return False
    start = re.escape(str(item.table)[:25])
    return re.fullmatch(rf"{start}.*_{SUFFIXES[type_of(item)]}\d*", item.name) is not None


def _cut_alike(one: str, two: str) -> bool:
    return min(len(one), len(two)) >= SHORTENED and one[:SHORTENED] == two[:SHORTENED]


def _form(sides: Sides, before: SchemaObject, after: SchemaObject) -> Iterator[Change]:
    yield Change(
        kind=ChangeKind.FORM,
        key=after.key,
        before=before,
        after=after,
        weight=Weight.COSMETIC,
        attributes=("definition",),
        repair=(drop(sides, before), create(sides, after)),
    )


def _changed(sides: Sides, before: SchemaObject, after: SchemaObject) -> Iterator[Change]:
    columns = [set(tuple_of(item, "columns")) for item in (before, after)]
    lost = is_unique(after) and (not is_unique(before) or columns[0] != columns[1])
    compared = _compared(sides, before, after)
    unproven = _unproven(sides, before, after)
    yield Change(
        kind=ChangeKind(f"{after.kind}-changed"),
        key=after.key,
        before=before,
        after=after,
        weight=Weight.COSMETIC if unproven else Weight.BREAKS if lost else Weight.DIFFERS,
        attributes=DEFINITION[after.kind],
        unproven=unproven,
        witness=None if compared is None else compared.witness,
        repair=() if unproven else (drop(sides, before), create(sides, after)),
    )


def _missing(sides: Sides, item: SchemaObject) -> Change:
    return Change(
        kind=ChangeKind(f"{item.kind}-missing"),
        key=item.key,
        before=None,
        after=item,
        weight=Weight.BREAKS if is_unique(item) else Weight.DIFFERS,
        attributes=DEFINITION[item.kind],
        repair=(create(sides, item),),
    )


def _extra(sides: Sides, item: SchemaObject) -> Change:
    return Change(
        kind=ChangeKind(f"{item.kind}-extra"),
        key=item.key,
        before=item,
        after=None,
        weight=Weight.DIFFERS,
        attributes=DEFINITION[item.kind],
        repair=(drop(sides, item),),
    )
