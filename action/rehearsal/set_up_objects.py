"""What ``postgres-setup`` has created is no difference between the migrations and the models."""

from __future__ import annotations

from action.postgres.databases import Databases
from action.rehearsal.database_state import schema_of
from checks.recording.schema import Schema


def without_set_up(databases: Databases, migrated: Schema, modelled: Schema | None) -> Schema:
    """Return a migrated schema without what was there before any migration, is unchanged, and is in no model."""
    if databases.initial is None:
        return migrated
    before = {item.key: item for item in schema_of(databases, databases.initial).objects}
    wanted = {item.key for item in modelled.objects} if modelled is not None else set()
    return Schema(
        objects=tuple(item for item in migrated.objects if item.key in wanted or before.get(item.key) != item)
    )


def is_untouched(databases: Databases, database: str, without: tuple[str, str]) -> bool:
    """Return whether a database has no table or view but those that were there before, and the version table."""
    before = {item.key for item in schema_of(databases, databases.initial).objects} if databases.initial else set()
    return all(
        (item.schema, item.name) == without or item.key in before
        for item in schema_of(databases, database).objects
        if item.kind in ("table", "view", "materialized view")
    )
