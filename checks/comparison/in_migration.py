"""Decide which differences the proposed migration ends, and which types it has to create first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from checks.comparison import definitions
from checks.comparison.by_table import SchemaByTable
from checks.comparison.change import STRINGS, Change, ChangeKind, Weight
from checks.recording.absent import Absent
from checks.recording.models import Models
from checks.recording.schema import SchemaObject
from checks.sql import identifier

WITH_TYPES = (ChangeKind.COLUMN_MISSING, ChangeKind.TYPE)
"""Differences whose operation needs a type that exists: ALTER TABLE does not create it, as CREATE TABLE does."""


def belongs_in_migration(change: Change) -> bool:
    """Return whether the proposed migration ends the difference: the only place that decides what it holds.

    What hurts nobody needs no migration, though a comment costs nothing; a fault of a model alone is not ended by one.
    """
    return (change.weight is not Weight.COSMETIC or change.kind is ChangeKind.COMMENT) and change.kind not in STRINGS


def needs_lines(change: Change) -> bool:
    """Return whether the lines of the difference are added where autogenerate does not see it."""
    return belongs_in_migration(change) and change.weight is not Weight.COSMETIC and bool(change.repair)


@dataclass(frozen=True, slots=True, kw_only=True)
class NeededType:
    """An enum or a domain that a new column uses, and no operation of a table creates."""

    name: str
    create: str
    """The SQL statement that creates it."""
    drop: str


def needed_types(models: Models, changes: Iterable[Change]) -> tuple[NeededType, ...]:
    """Return the types that have to be created before the changes, enums first, because domains can use them."""
    if isinstance(models.modelled, Absent):
        return ()
    changes = tuple(changes)
    before, after = SchemaByTable(models.migrated), SchemaByTable(models.modelled)
    made = {(c.key.schema, c.key.name) for c in changes if c.kind is ChangeKind.TABLE_MISSING}
    by_table = {
        name
        for name, columns in after.columns_of_type.items()
        if any((column.schema, column.table) in made for column in columns)
    }
    wanted = dict.fromkeys((*_of_objects(changes), *_of_columns(changes)))
    found = [
        (kind, after.alone[kind, *name])
        for kind in ("enum", "domain")
        for name in wanted
        if (kind, *name) in after.alone and (kind, *name) not in before.alone and name not in by_table
    ]
    return tuple(_needed(kind, item, models.default_schema) for kind, item in found)


def _of_objects(changes: Iterable[Change]) -> Iterator[tuple[str, str]]:
    for change in changes:
        if change.kind in (ChangeKind.ENUM_MISSING, ChangeKind.DOMAIN_MISSING):
            yield change.key.schema, change.key.name


def _of_columns(changes: Iterable[Change]) -> Iterator[tuple[str, str]]:
    for change in changes:
        named = change.after.attributes.get("named_type") if change.after and change.kind in WITH_TYPES else None
        if isinstance(named, tuple):
            yield named[0], named[1]


def _needed(kind: str, item: SchemaObject, default_schema: str) -> NeededType:
    names = (item.name,) if item.schema == default_schema else (item.schema, item.name)
    name = ".".join(map(identifier, names))
    if kind == "enum":
        create = f"CREATE TYPE {name} AS ENUM ({definitions.values(item)})"
    else:
        create = f"CREATE DOMAIN {name} AS {definitions.domain(item)}"
    return NeededType(name=item.name, create=create, drop=f"DROP {'TYPE' if kind == 'enum' else 'DOMAIN'} {name}")
