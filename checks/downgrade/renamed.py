"""Recognise what has another name or schema after a downgrade, and what differs only because that name stands in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from checks.comparison.names import Names
from checks.comparison.relation_lines import rename
from checks.comparison.rename_lines import move, rename_column, rename_other, rename_table
from checks.recording.schema import Attribute, Fate, ObjectChange, SchemaObject
from checks.sql import identifier

_BY_WHAT_IT_DOES = ("constraint", "index")
_BY_SQL = ("table", "column", "enum", "domain", "composite type", "sequence", "view", "materialized view")
_ALIAS = re.compile(r"(?<![\w.])(?P<column>(?:\w+\.)?(?P<name>\w+|\"[^\"]+\")) AS (?P=name)(?![\w\"])")
"""What PostgreSQL writes in a view for a column that was renamed after the view was made."""


@dataclass(frozen=True, slots=True)
class Renamed:
    """One object, as it was and as it is; each of the two is a change."""

    gone: ObjectChange
    came: ObjectChange

    @property
    def before(self) -> SchemaObject:
        """Return the object as it was."""
        assert self.gone.before is not None
        return self.gone.before

    @property
    def after(self) -> SchemaObject:
        """Return the object as it is."""
        assert self.came.after is not None
        return self.came.after


def renamed(changes: Sequence[ObjectChange], sent: str) -> list[Renamed]:
    """Return the objects that are there under another name; ``sent`` is the SQL of the upgrade.

    A constraint or an index is known by what it does, another object only by SQL that renames it: to rename what is
    another object would destroy rows.
    """
    found = []
    gone = [change for change in changes if change.fate is Fate.WENT]
    came = [change for change in changes if change.fate is Fate.CAME]
    for old in gone:
        same = [new for new in came if _is_one(old, new, sent)]
        rivals = [other for other in gone if any(_is_one(other, new, sent) for new in same)]
        if len(same) == 1 and len(rivals) == 1:
            found.append(Renamed(old, same[0]))
    return found


def _is_one(old: ObjectChange, new: ObjectChange, sent: str) -> bool:
    before, after = old.before, new.after
    if before is None or after is None or (before.kind, before.table) != (after.kind, after.table):
        return False
    if before.kind in _BY_WHAT_IT_DOES:
        return before.schema == after.schema and before.attributes == after.attributes
    if before.kind not in _BY_SQL:
        return False
    if before.schema != after.schema:
        moves = rf'\b{re.escape(before.name)}"?\s+SET\s+SCHEMA\s+"?{re.escape(after.schema)}\b'
        return before.name == after.name and re.search(moves, sent, re.IGNORECASE) is not None
    names = rf'{re.escape(before.name)}"?\s+(?:RENAME\s+)?TO\s+"?{re.escape(after.name)}\b'
    return re.search(rf"\bRENAME\b[^;]*\b{names}|\b{names}", sent, re.IGNORECASE) is not None


def follows(change: ObjectChange, names: Sequence[Renamed]) -> Renamed | None:
    """Return the renamed object whose old name makes the change undone; None where something else differs."""
    if change.before is None or change.after is None:
        return None
    for one in names:
        if change in (one.gone, one.came):
            continue
        back = {name: _with_old_name(value, one) for name, value in change.after.attributes.items()}
        if back == {name: _without_alias(value) for name, value in change.before.attributes.items()}:
            return one
    return None


def _with_old_name(value: Attribute, one: Renamed) -> Attribute:
    if isinstance(value, tuple):
        return tuple(str(_with_old_name(part, one)) for part in value)
    if not isinstance(value, str):
        return value
    for new, old in _names(one):
        value = re.sub(rf'(?<![\w"]){re.escape(new)}(?![\w"])', old.replace("\\", r"\\"), value)
    return _without_alias(value)


def _names(one: Renamed) -> Iterator[tuple[str, str]]:
    """Yield the forms of the new name in another object's text, each with what stood there before."""
    before, after = one.before, one.after
    if before.schema != after.schema:
        yield f"{identifier(after.schema)}.{identifier(after.name)}", f"{before.schema}.{identifier(before.name)}"
        yield after.schema, before.schema
        return
    yield identifier(after.name), identifier(before.name)
    yield after.name, before.name


def _without_alias(value: Attribute) -> Attribute:
    return _ALIAS.sub(lambda found: found["column"], value) if isinstance(value, str) else value


def line_back(names: Names, before: SchemaObject, after: SchemaObject) -> str:
    """Return the line that gives an object its old name and schema again."""
    if before.schema != after.schema:
        return move(names, before.kind, before.name, after.schema, before.schema)
    match before.kind:
        case "constraint" | "index":
            return rename(names, after, before.name)
        case "column":
            return rename_column(names, (before.schema, str(before.table)), after.name, before.name)
        case "table":
            return rename_table(names, before.schema, after.name, before.name)
        case kind:
            return rename_other(names, kind, before.schema, after.name, before.name)


def new_place(before: SchemaObject, after: SchemaObject) -> str:
    """Return where the object is now: ``under another name: title``."""
    return f"in schema {after.schema}" if before.schema != after.schema else f"under another name: {after.name}"
