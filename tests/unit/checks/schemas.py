"""Small schemas written by hand, with the attributes that the catalog reader gives."""

from __future__ import annotations

from typing import Any

from checks.recording.absent import Absent
from checks.recording.models import Models
from checks.recording.schema import Attribute, Schema, SchemaObject

TABLE: dict[str, Attribute] = {
    "relation": "table",
    "persistence": None,
    "partition_key": None,
    "partition_bound": None,
    "parents": None,
    "is_partition": False,
    "comment": None,
    "options": None,
    "tablespace": None,
    "access_method": None,
    "row_security": False,
    "force_row_security": False,
    "replica_identity": None,
}
COLUMN: dict[str, Attribute] = {
    "type": "integer",
    "named_type": None,
    "not_null": False,
    "default": None,
    "sequence": None,
    "serial": False,
    "sequence_max": None,
    "generated": None,
    "generated_kind": None,
    "identity": None,
    "identity_options": None,
    "collation": None,
    "comment": None,
    "inherited": False,
    "storage": None,
}


def table(name: str, *parts: SchemaObject, schema: str = "public", **attributes: Attribute) -> list[SchemaObject]:
    """Return a table and its parts."""
    own = SchemaObject(kind="table", schema=schema, table=None, name=name, attributes={**TABLE, **attributes})
    moved = [SchemaObject(kind=p.kind, schema=schema, table=name, name=p.name, attributes=p.attributes) for p in parts]
    return [own, *moved]


def column(name: str, **attributes: Attribute) -> SchemaObject:
    return SchemaObject(kind="column", schema="", table="", name=name, attributes={**COLUMN, **attributes})


def constraint(name: str, kind: str, definition: str, *columns: str, **attributes: Attribute) -> SchemaObject:
    own: dict[str, Attribute] = {
        "type": kind,
        "definition": definition,
        "columns": columns,
        "expression": None,
        "validated": True,
        "no_inherit": False,
        "deferrable": False,
        "deferred": False,
        "inherited": False,
        "comment": None,
        "index": None,
    }
    return SchemaObject(kind="constraint", schema="", table="", name=name, attributes={**own, **attributes})


def index(name: str, definition: str, *columns: str, unique: bool = False) -> SchemaObject:
    attributes: dict[str, Attribute] = {
        "definition": definition,
        "unique": unique,
        "valid": True,
        "columns": columns,
        "is_partition": False,
        "comment": None,
        "tablespace": None,
    }
    return SchemaObject(kind="index", schema="", table="", name=name, attributes=attributes)


def alone(kind: str, name: str, schema: str = "public", on: str | None = None, **attributes: Attribute) -> SchemaObject:
    return SchemaObject(kind=kind, schema=schema, table=on, name=name, attributes=attributes)


def schema_of(*parts: list[SchemaObject] | SchemaObject) -> Schema:
    objects = [item for part in parts for item in (part if isinstance(part, list) else [part])]
    return Schema(objects=tuple(sorted(objects, key=lambda item: item.key)))


def models(migrated: Schema, modelled: Schema | Absent, **more: Any) -> Models:
    """Return what the rehearsal would record: every table of the second schema is a model's."""
    objects = () if isinstance(modelled, Absent) else modelled.objects
    named = tuple((o.schema, o.name) for o in objects if o.kind == "table")
    return Models(migrated=migrated, modelled=modelled, **{"tables": named, "schemas": ("public",), **more})
