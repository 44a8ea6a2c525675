"""Find objects that migrations create and models cannot describe: the check does not compare them."""

from __future__ import annotations

from dataclasses import dataclass

from checks.recording.absent import Absent
from checks.recording.models import Models
from checks.recording.schema import ObjectKey, SchemaObject

HAND_KINDS = (
    "extension",
    "view",
    "materialized view",
    "function",
    "procedure",
    "aggregate",
    "trigger",
    "event trigger",
    "rule",
    "policy",
    "statistics",
    "composite type",
    "range type",
    "collation",
    "domain",
    "sequence",
    "grant",
)
STORAGE = "storage"
"""The kind of a storage setting of a table or a column, such as fillfactor."""
SETTINGS = (
    "persistence",
    "partition_key",
    "parents",
    "options",
    "tablespace",
    "access_method",
    "row_security",
    "force_row_security",
    "replica_identity",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HandMade:
    """An object, or a storage setting, that only a migration can create."""

    kind: str
    """The kind of the object, or ``storage``."""
    key: ObjectKey
    settings: tuple[str, ...] = ()
    """The attributes of a table that the migrations set and the models do not."""


def made_by_hand(models: Models) -> tuple[HandMade, ...]:
    """Return the objects of the migrated database that models cannot describe, sorted by kind."""
    declared = {*models.enums, *models.sequences, *models.views}
    children = {
        (o.schema, o.name) for o in models.migrated.objects if o.kind == "table" and o.attributes["is_partition"]
    }
    modelled = {
        o.key: o for o in (() if isinstance(models.modelled, Absent) else models.modelled.objects) if o.kind == "table"
    }
    found: list[HandMade] = []
    for item in models.migrated.objects:
        counted = item.schema in models.schemas or not item.schema
        if not counted or (item.schema, item.table) in children or (item.schema, item.name) in declared:
            continue
        if item.kind in HAND_KINDS and not item.attributes.get("owned_by"):
            found.append(HandMade(kind=item.kind, key=item.key))
        elif item.kind == "table" and (item.schema, item.name) not in children:
            found += _storage(modelled.get(item.key), item)
        elif item.kind == "column" and item.attributes["storage"]:
            found.append(HandMade(kind=STORAGE, key=item.key))
    return tuple(sorted(found, key=_order))


def _storage(modelled: SchemaObject | None, item: SchemaObject) -> list[HandMade]:
    if modelled is None:
        return []
    settings = tuple(name for name in SETTINGS if item.attributes[name] and not modelled.attributes[name])
    return [HandMade(kind=STORAGE, key=item.key, settings=settings)] if settings else []


def _order(made: HandMade) -> tuple[int, tuple[str, ...]]:
    return HAND_KINDS.index(made.kind) if made.kind in HAND_KINDS else len(HAND_KINDS), made.key.path
