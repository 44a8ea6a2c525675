"""The SQL that drops what a migration has left in the database, one statement for each object."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from checks.comparison.names import Names
from checks.comparison.object_names import with_kind
from checks.recording.schema import Fate, ObjectChange, ObjectKey, SchemaObject
from checks.sql import identifier

_NAMES = Names("")
"""With every schema: these lines run in a session of whoever has to."""
_GOES = {
    *("table", "enum", "sequence", "view", "materialized view", "domain", "extension", "schema", "composite type"),
    "server",
}
_ADDED = {"column": "COLUMN", "constraint": "CONSTRAINT"}
_PARTS = ("grant", "policy", "trigger", "statistics", "default privileges")
"""Kinds that are left out: they go with the table, or do not stand in the way."""
_HARMLESS = {"privileges", "column_comments", "statistics", "options", "compression", "clustered", "state"}
"""Attributes that do not stand in the way either."""


def drop_lines(changed: Sequence[ObjectChange], counts: Callable[[ObjectKey], bool]) -> list[str] | None:
    """Return the statements that drop what came, of what ``counts``; None where something is not undone by that."""
    relations = ("table", "materialized view")
    tables = {change.key.path for change in changed if change.key.kind in relations and change.fate is Fate.CAME}
    lines = []
    for change in reversed(changed):
        key = change.key
        goes_along = (key.schema, key.table) in tables or (change.after and change.after.attributes.get("inherited"))
        is_harmless = change.fate is Fate.CHANGED and change.attributes.keys() <= _HARMLESS
        if not counts(key) or key.kind in _PARTS or goes_along or is_harmless:
            continue
        line = _drop(change.after) if change.before is None and change.after is not None else None
        if line is None:
            return None
        lines.append(line)
    return lines


def dropped(index: SchemaObject) -> str:
    """Return the statement that drops an index while others use the table."""
    return f"DROP INDEX CONCURRENTLY {_NAMES.sql(index.schema, index.name)};"


def _drop(item: SchemaObject) -> str | None:
    if item.kind == "index":
        return dropped(item)
    if item.kind in _ADDED:
        return f"ALTER TABLE {_NAMES.table_of(item)} DROP {_ADDED[item.kind]} {identifier(item.name)};"
    return f"DROP {with_kind(_NAMES, item)};" if item.kind in _GOES else None
