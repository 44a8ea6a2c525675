"""The SQL that drops what a migration has left in the database, one statement for each object."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from checks.recording.schema import Fate, ObjectChange, ObjectKey
from checks.sql import identifier

_GOES = {
    "table": "TABLE",
    "enum": "TYPE",
    "sequence": "SEQUENCE",
    "view": "VIEW",
    "materialized view": "MATERIALIZED VIEW",
    "domain": "DOMAIN",
    "extension": "EXTENSION",
    "schema": "SCHEMA",
    "composite type": "TYPE",
    "server": "SERVER",
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
        line = _drop(key) if change.fate is Fate.CAME else None
        if line is None:
            return None
        lines.append(line)
    return lines


def dropped(key: ObjectKey) -> str:
    """Return the statement that drops an index while others use the table."""
    return f"DROP INDEX CONCURRENTLY {_path(key.schema, key.name)};"


def _drop(key: ObjectKey) -> str | None:
    if key.kind == "index":
        return dropped(key)
    if key.kind in _ADDED:
        return f"ALTER TABLE {_path(key.schema, key.table)} DROP {_ADDED[key.kind]} {identifier(key.name)};"
    return f"DROP {_GOES[key.kind]} {_path(*key.path)};" if key.kind in _GOES else None


def _path(*names: str) -> str:
    return ".".join(identifier(name) for name in names)
