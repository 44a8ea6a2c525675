"""Write the lines that turn a column, table, enum or sequence that is still there back into what it was."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from checks.comparison import definitions
from checks.comparison.column_lines import add_column, drop_column
from checks.comparison.names import Names
from checks.comparison.object_names import comment_line, named
from checks.downgrade.settings import settings
from checks.recording.schema import ObjectChange, SchemaObject
from checks.sql import escaped, execute, identifier, literal, quoted


def _column(names: Names, change: ObjectChange) -> Iterator[str]:
    before, after, attributes = change.before, change.after, change.attributes
    assert before is not None
    assert after is not None
    table, name, argument = quoted(str(before.table)), identifier(before.name), names.schema_argument(before.schema)
    alter = f"ALTER TABLE {names.table_of(before)} ALTER COLUMN {name}"
    (kind, old), (other, new) = definitions.source(before), definitions.source(after)
    if "generated" in (kind, other) and (kind, old) != (other, new):
        if kind == "generated":
            yield drop_column(names, after)
            yield add_column(names, before)
            return
        yield execute(f"{alter} DROP EXPRESSION")
    moved = {"type", "collation"} & attributes.keys()
    if moved:
        yield from _typed(alter, before, name, drops_default=other == "default")
    if "not_null" in attributes:
        yield f"op.alter_column({table}, {quoted(before.name)}, nullable={not before.attributes['not_null']}{argument})"
    if (kind, old) != (other, new) or (moved and kind == "default"):
        yield from _value(alter, (kind, old), (other, new), f"op.alter_column({table}, {quoted(before.name)}", argument)
    yield from settings(names, before, before.attributes, after.attributes)
    if "storage" in attributes and before.attributes["storage"]:
        storage = {"p": "PLAIN", "e": "EXTERNAL", "x": "EXTENDED", "m": "MAIN"}[str(before.attributes["storage"])]
        yield execute(f"{alter} SET STORAGE {storage}")


def _typed(alter: str, before: SchemaObject, name: str, *, drops_default: bool) -> Iterator[str]:
    if drops_default:
        yield execute(f"{alter} DROP DEFAULT")
    kind, collation = before.attributes["type"], before.attributes["collation"]
    collated = f" COLLATE {collation}" if collation else ""
    yield execute(f"{alter} TYPE {kind}{collated} USING {name}::text::{kind}")


def _value(
    alter: str, before: tuple[str | None, str | None], after: tuple[str | None, str | None], call: str, argument: str
) -> Iterator[str]:
    (kind, old), (other, _) = before, after
    if other == "identity":
        yield execute(f"{alter} DROP IDENTITY")
    if kind == "identity":
        if other in ("default", "serial"):
            yield execute(f"{alter} DROP DEFAULT")
        yield execute(f"{alter} ADD {old}")
    elif kind in ("default", "serial"):
        yield f"{call}, server_default=sa.text({escaped(str(old))}){argument})"
    elif other in ("default", "serial"):
        yield f"{call}, server_default=None{argument})"


def _table(names: Names, change: ObjectChange) -> Iterator[str]:
    before, after = change.before, change.after
    assert before is not None
    assert after is not None
    table = f"ALTER TABLE {names.sql(before.schema, before.name)}"
    for attribute, (old, new) in change.attributes.items():
        match attribute:
            case "comment":
                yield comment_line(names, before, old)
            case "row_security":
                yield execute(f"{table} {'ENABLE' if old else 'DISABLE'} ROW LEVEL SECURITY")
            case "force_row_security":
                yield execute(f"{table} {'' if old else 'NO '}FORCE ROW LEVEL SECURITY")
            case "persistence":
                yield execute(f"{table} SET {old or 'LOGGED'}")
            case "tablespace":
                yield execute(f"{table} SET TABLESPACE {identifier(str(old or 'pg_default'))}")
            case "replica_identity" if old != "USING INDEX":  # whose index is gone
                yield execute(f"{table} REPLICA IDENTITY {_with_index(str(old or 'DEFAULT'))}")
            case "clustered":
                yield execute(f"{table} {f'CLUSTER ON {identifier(str(old))}' if old else 'SET WITHOUT CLUSTER'}")
            case "options":
                wanted, found = (set(value) if isinstance(value, tuple) else set() for value in (old, new))
                for gone in sorted(found - wanted):
                    yield execute(f"{table} RESET ({gone.partition('=')[0]})")
                for missing in sorted(wanted - found):
                    yield execute(f"{table} SET ({missing})")
            case _:
                pass


def _with_index(replica_identity: str) -> str:
    words, index, name = replica_identity.partition("USING INDEX ")
    return f"{words}{index}{identifier(name)}" if index else replica_identity


def _enum(names: Names, change: ObjectChange) -> Iterator[str]:
    before, after = change.before, change.after
    assert before is not None
    assert after is not None
    wanted, found = (item.attributes["values"] for item in (before, after))
    name = named(names, before)
    if isinstance(wanted, tuple) and isinstance(found, tuple) and wanted != found:
        if set(found) < set(wanted):
            for value in wanted:
                if value not in found:
                    yield execute(f"ALTER TYPE {name} ADD VALUE IF NOT EXISTS {literal(value)}{_place(wanted, value)}")
        else:
            old = identifier(f"{before.name}_old")
            yield execute(f"ALTER TYPE {name} RENAME TO {old}")
            yield execute(f"CREATE TYPE {name} AS ENUM ({definitions.values(before)})")
            yield "# The same for each column of this type, after its rows with another value are changed:"
            yield execute(f"ALTER TABLE … ALTER COLUMN … TYPE {name} USING …::text::{name}")
            yield execute(f"DROP TYPE {names.sql(before.schema, f'{before.name}_old')}")
    yield from settings(names, before, before.attributes, after.attributes)


def _place(values: tuple[str, ...], value: str) -> str:
    number = values.index(value)
    if number:
        return f" AFTER {literal(values[number - 1])}"
    return f" BEFORE {literal(values[1])}" if values[1:] else ""


_DEFAULTS = {
    "INCREMENT BY": "INCREMENT BY 1",
    "MINVALUE": "NO MINVALUE",
    "MAXVALUE": "NO MAXVALUE",
    "START WITH": "START WITH 1",
    "CACHE": "CACHE 1",
    "CYCLE": "NO CYCLE",
}
"""The options of a sequence with what sets them back."""


def _defaults(change: ObjectChange) -> str:
    """Return the options that the sequence had not before the upgrade, as they are by default."""
    old, new = (str(value or "") for value in change.attributes.get("options", ("", "")))
    return "".join(f" {default}" for option, default in _DEFAULTS.items() if option in new and option not in old)


def _sequence(names: Names, change: ObjectChange) -> Iterator[str]:
    before = change.before
    assert before is not None
    owner = before.attributes["owned_by"]
    sequence = f"ALTER SEQUENCE {named(names, before)}"
    if {"type", "options"} & change.attributes.keys():
        yield execute(f"{sequence} {definitions.sequence(before)}{_defaults(change)}")
    if "owned_by" in change.attributes:
        yield execute(f"{sequence} OWNED BY {names.sql(*owner) if isinstance(owner, tuple) else 'NONE'}")
    if "comment" in change.attributes:
        yield comment_line(names, before, before.attributes["comment"])


ALTERATIONS: dict[str, Callable[[Names, ObjectChange], Iterator[str]]] = {
    "column": _column,
    "table": _table,
    "enum": _enum,
    "sequence": _sequence,
}
"""By kind: the lines that turn an object that is still there back into what it was."""
