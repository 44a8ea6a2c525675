"""Write the lines that give a column its former type, NOT NULL and source of values."""

from __future__ import annotations

from collections.abc import Iterator

from checks.comparison.column_lines import add_column, alter, drop_column, set_nullable
from checks.comparison.definitions import source
from checks.comparison.names import Names
from checks.recording.schema import SchemaObject
from checks.sql import identifier

_GENERATED = ("generated", "generated_kind")
_SOURCE = ("default", "identity", "identity_options")


def altered(names: Names, found: SchemaObject, wanted: SchemaObject) -> Iterator[str]:
    """Yield the lines that make ``wanted`` of a column."""
    if _differ(found, wanted, *_GENERATED) and wanted.attributes["generated"] is not None:
        yield drop_column(names, wanted)
        yield add_column(names, wanted)
        return
    replaced = _differ(found, wanted, *_SOURCE, *_GENERATED)
    if replaced:
        yield from _without_source(names, found)
    yield from _type(names, found, wanted)
    if _differ(found, wanted, "not_null"):
        yield set_nullable(names, wanted, nullable=not wanted.attributes["not_null"])
    if replaced:
        yield from _with_source(names, wanted)


def _differ(one: SchemaObject, other: SchemaObject, *attributes: str) -> bool:
    return any(one.attributes[name] != other.attributes[name] for name in attributes)


def _without_source(names: Names, column: SchemaObject) -> Iterator[str]:
    kind, _ = source(column)
    if kind is not None:
        undo = {"identity": "DROP IDENTITY", "generated": "DROP EXPRESSION"}.get(kind, "DROP DEFAULT")
        yield from alter(names, column, undo)


def _with_source(names: Names, column: SchemaObject) -> Iterator[str]:
    kind, text = source(column)
    if kind == "identity":
        yield from alter(names, column, f"ADD {text}")
    elif kind is not None:
        yield from alter(names, column, f"SET DEFAULT {text}")


def _type(names: Names, found: SchemaObject, wanted: SchemaObject) -> Iterator[str]:
    if not _differ(found, wanted, "type", "collation"):
        return
    type_, name = wanted.attributes["type"], identifier(wanted.name)
    collation = wanted.attributes["collation"]
    if collation is None and found.attributes["collation"] is not None:
        collation = '"default"' if wanted.attributes["type"] == found.attributes["type"] else None
    collated = f" COLLATE {collation}" if collation else ""
    cast = f" USING {name}::{type_}" if _differ(found, wanted, "type") else ""
    yield from alter(names, wanted, f"TYPE {type_}{collated}{cast}")
