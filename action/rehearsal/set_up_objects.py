"""What ``postgres-setup`` has created is no difference between the migrations and the models."""

from __future__ import annotations

from collections.abc import Collection

from action.postgres.databases import Databases
from action.rehearsal.database_state import schema_of
from checks.recording.schema import Schema


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
            if before.get(item.key) != item or (item.schema, item.table or item.name) in described
        )
    )


def is_untouched(databases: Databases, database: str, without: tuple[str, str]) -> bool:
    """Return whether a database has no table or view but those that were there before, and the version table."""
    before = {item.key for item in schema_of(databases, databases.initial).objects} if databases.initial else set()
    return all(
        (item.schema, item.name) == without or item.key in before
        for item in schema_of(databases, database).objects
        if item.kind in ("table", "view", "materialized view")
    )
