"""What a person runs by hand where a deploy has stopped half-way, so that the database goes on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from checks.findings import Snippet
from checks.recording.legs import Statement
from checks.recording.schema import Fate, ObjectChange, ObjectKey
from checks.replay.repeatable import finalizing, plain
from checks.sql import identifier

_ROWS = re.compile(r"INSERT|UPDATE|DELETE|TRUNCATE|WITH|MERGE|COPY|SELECT", re.IGNORECASE)
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
UNDO = "If it has happened, undo it by hand, then run alembic upgrade again"
FINISH = "If it has happened, do not run alembic upgrade again; run the rest by hand"
STAMP = "Then mark the revision as applied"
ONLY_STAMP = "If it has happened, do not run alembic upgrade again; mark the revision as applied"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftBehind:
    """What a stop left in the database, of one revision."""

    revision: str
    committed: Sequence[Statement]
    rest: Sequence[Statement]
    """What the revision had still to do, in its order."""
    during: Statement | None = None
    """The statement that was interrupted."""
    changed: Sequence[ObjectChange] = ()
    """Against the deployed database."""
    restores: bool = True
    """Whether it helps to undo by hand: not where the upgrade fails for another reason, or writes rows again."""


def way_out(left: LeftBehind) -> tuple[Snippet, ...]:
    """Return the SQL that undoes what is committed; where nothing undoes it, the rest of the revision and a stamp."""
    undoing = _undoing(left) if left.restores else None
    if undoing:
        return (Snippet(title=UNDO, text="\n".join(undoing), language="sql"),)
    rest = [finalizing(left.during.sql) if left.during is not None else None]
    rest += [f"{plain(statement.sql)};" for statement in left.rest if statement != left.during or not rest[0]]
    lines = [line for line in rest if line]
    stamp = Snippet(title=STAMP if lines else ONLY_STAMP, text=f"alembic stamp {left.revision}", language="shell")
    return (*([Snippet(title=FINISH, text="\n".join(lines), language="sql")] if lines else []), stamp)


def dropped(key: ObjectKey) -> str:
    """Return the statement that drops an index while others use the table."""
    return f"DROP INDEX CONCURRENTLY {_path(key.schema, key.name)};"


def _undoing(left: LeftBehind) -> list[str] | None:
    """Return the statements that undo what came; None where something is not undone by dropping it."""
    if any(_ROWS.match(plain(statement.sql)) for statement in left.committed):
        return None
    text = " ".join(statement.sql for statement in left.committed)
    relations = ("table", "materialized view")
    tables = {change.key.path for change in left.changed if change.key.kind in relations and change.fate is Fate.CAME}
    lines = []
    for change in reversed(left.changed):
        key = change.key
        goes_along = (key.schema, key.table) in tables or (change.after and change.after.attributes.get("inherited"))
        harmless = change.fate is Fate.CHANGED and change.attributes.keys() <= _HARMLESS
        if key.name not in text or key.kind in _PARTS or goes_along or harmless:
            continue
        line = _drop(key) if change.fate is Fate.CAME else None
        if line is None:
            return None
        lines.append(line)
    return lines


def _drop(key: ObjectKey) -> str | None:
    if key.kind == "index":
        return dropped(key)
    if key.kind in _ADDED:
        return f"ALTER TABLE {_path(key.schema, key.table)} DROP {_ADDED[key.kind]} {identifier(key.name)};"
    return f"DROP {_GOES[key.kind]} {_path(*key.path)};" if key.kind in _GOES else None


def _path(*names: str) -> str:
    return ".".join(identifier(name) for name in names)
