"""What ``postgres-setup`` has created is no difference between the migrations and the models."""

from __future__ import annotations

from collections.abc import Collection

from action.postgres.databases import Databases
from action.rehearsal.database_state import schema_of
from checks.comparison.by_hand import HAND_KINDS
from checks.comparison.settings import SETTINGS
from checks.recording.schema import Schema, SchemaObject


def without_set_up(databases: Databases, schema: Schema, described: Collection[tuple[str, str]]) -> Schema:
    """Return a schema without what was there before any migration and is unchanged.

    ``described`` are the tables, enums and sequences of the models, each as schema and name: these stay.
    """
    if databases.initial is None:
        return schema
    before = {item.key: item for item in schema_of(databases, databases.initial).objects}
    return Schema(
        objects=tuple(
            item
            for item in schema.objects
            if not _is_as_before(item, before.get(item.key)) or (item.schema, item.table or item.name) in described
        )
    )


def _is_as_before(item: SchemaObject, before: SchemaObject | None) -> bool:
    """Return whether an object is as it was; what a migration sets on one that no model describes does not count."""
    if before is None or item.kind not in HAND_KINDS:
        return item == before
    own, old = (
        {name: value for name, value in one.attributes.items() if name not in SETTINGS} for one in (item, before)
    )
    return own == old


def is_untouched(databases: Databases, database: str, without: tuple[str, str]) -> bool:
    """Return whether a database has no table or view but those that were there before, and the version table."""
    before = {item.key for item in schema_of(databases, databases.initial).objects} if databases.initial else set()
    return all(
        (item.schema, item.name) == without or item.key in before
        for item in schema_of(databases, database).objects
        if item.kind in ("table", "view", "materialized view")
    )
