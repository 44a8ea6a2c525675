"""Write the lines that set what an object has besides its definition: comments, privileges, options, states."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from checks.comparison import privileges
from checks.comparison.names import Names
from checks.comparison.object_names import comment_line, named, with_kind
from checks.comparison.privileges import without
from checks.recording.schema import Attribute, SchemaObject
from checks.sql import execute, identifier

_COMMENT = re.compile(r'(?P<column>"(?:[^"]|"")*"|[^" ]+) IS .*', re.DOTALL)
_STATES = {None: "ENABLE", "DISABLED": "DISABLE", "REPLICA": "ENABLE REPLICA", "ALWAYS": "ENABLE ALWAYS"}
_GRANTED_AS = {
    "aggregate": "FUNCTION",
    "server": "FOREIGN SERVER",
    "enum": "TYPE",
    "domain": "TYPE",
    "composite type": "TYPE",
    "range type": "TYPE",
}


def settings(
    names: Names, item: SchemaObject, wanted: Mapping[str, Attribute], found: Mapping[str, Attribute]
) -> Iterator[str]:
    """Yield the lines that make the attributes ``wanted`` of those that the object has: ``found``."""
    for name, write in _LINES.items():
        old, new = wanted.get(name), found.get(name)
        if old != new:
            yield from write(names, item, old, new)


def _comment(names: Names, item: SchemaObject, wanted: Attribute, _: Attribute) -> Iterator[str]:
    yield comment_line(names, item, wanted)


def _column_comments(names: Names, item: SchemaObject, wanted: Attribute, found: Attribute) -> Iterator[str]:
    for entry in without(wanted, found):
        yield execute(f"COMMENT ON COLUMN {named(names, item)}.{entry}")
    kept = {column_of(entry) for entry in without(wanted)}
    for column in (column_of(entry) for entry in without(found, wanted)):
        if column not in kept:
            yield execute(f"COMMENT ON COLUMN {named(names, item)}.{column} IS NULL")


def column_of(entry: str) -> str:
    """Return the column that an entry of ``column_comments`` is about, as SQL."""
    parts = _COMMENT.fullmatch(entry)
    return parts["column"] if parts is not None else entry


def _privileges(names: Names, item: SchemaObject, wanted: Attribute, found: Attribute) -> Iterator[str]:
    match item.kind:
        case "default privileges":
            role, objects = item.attributes.get("role"), str(item.attributes["objects"])
            of_role = f" FOR ROLE {identifier(str(role))}" if role else ""
            within = f" IN SCHEMA {identifier(item.schema)}" if item.schema else ""
            before = f"ALTER DEFAULT PRIVILEGES{of_role}{within} "
            yield from privileges.lines(objects, wanted, found, before=before)
        case "column":
            yield from privileges.lines(names.table_of(item), wanted, found, column=identifier(item.name))
        case "view" | "materialized view":
            yield from privileges.lines(named(names, item), wanted, found)
        case kind:
            subject = f"{_GRANTED_AS.get(kind, kind.upper())} {named(names, item)}"
            yield from privileges.lines(subject, wanted, found)


def _options(names: Names, item: SchemaObject, wanted: Attribute, found: Attribute) -> Iterator[str]:
    alter = _altering(names, item)
    kept = {entry.partition("=")[0] for entry in without(wanted)}
    for option in (entry.partition("=")[0] for entry in without(found, wanted)):
        if option not in kept:
            yield execute(f"{alter} RESET ({option})")
    for entry in without(wanted, found):
        yield execute(f"{alter} SET ({entry})")


def _tablespace(names: Names, item: SchemaObject, wanted: Attribute, _: Attribute) -> Iterator[str]:
    yield execute(f"{_altering(names, item)} SET TABLESPACE {identifier(str(wanted or 'pg_default'))}")


def _access_method(names: Names, item: SchemaObject, wanted: Attribute, _: Attribute) -> Iterator[str]:
    yield execute(f"{_altering(names, item)} SET ACCESS METHOD {identifier(str(wanted or 'heap'))}")


def _state(names: Names, item: SchemaObject, wanted: Attribute, _: Attribute) -> Iterator[str]:
    does = _STATES[None if wanted is None else str(wanted)]
    if item.table:
        yield execute(f"ALTER TABLE {names.table_of(item)} {does} {item.kind.upper()} {identifier(item.name)}")
    else:
        yield execute(f"{_altering(names, item)} {does}")


def _statistics(names: Names, item: SchemaObject, wanted: Attribute, found: Attribute) -> Iterator[str]:
    alter = _altering(names, item)
    if item.kind != "index":
        yield execute(f"{alter} SET STATISTICS {-1 if wanted is None else wanted}")
        return
    old, new = (dict(entry.split("=") for entry in without(side)) for side in (wanted, found))
    for number in dict.fromkeys((*old, *new)):
        if old.get(number) != new.get(number):
            yield execute(f"{alter} ALTER COLUMN {number} SET STATISTICS {old.get(number, -1)}")


def _compression(names: Names, item: SchemaObject, wanted: Attribute, _: Attribute) -> Iterator[str]:
    yield execute(f"{_altering(names, item)} SET COMPRESSION {wanted or 'default'}")


def _altering(names: Names, item: SchemaObject) -> str:
    if item.kind == "column":
        return f"ALTER TABLE {names.table_of(item)} ALTER COLUMN {identifier(item.name)}"
    return f"ALTER {with_kind(names, item)}"


_LINES: dict[str, Callable[[Names, SchemaObject, Attribute, Attribute], Iterator[str]]] = {
    "options": _options,
    "tablespace": _tablespace,
    "access_method": _access_method,
    "state": _state,
    "statistics": _statistics,
    "compression": _compression,
    "comment": _comment,
    "column_comments": _column_comments,
    "privileges": _privileges,
}
SETTINGS = frozenset(_LINES)
"""The attributes that are set on an object that is there."""
