"""Write the lines that turn a column, table, enum or sequence that is still there back into what it was."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from checks.comparison import definitions
from checks.comparison.by_table import tuple_of
from checks.comparison.column_lines import add_column, drop_column
from checks.comparison.names import Names
from checks.comparison.object_names import named
from checks.comparison.settings import settings
from checks.recording.schema import ObjectChange, SchemaObject
from checks.sql import escaped, execute, identifier, literal, quoted


def _column(names: Names, change: ObjectChange) -> Iterator[str]:
    before, after, attributes = change.before, change.after, change.attributes
    assert before is not None
    assert after is not None
    table, name, argument = quoted(str(before.table)), identifier(before.name), names.schema_argument(before.schema)
    alter, operation = f"ALTER TABLE {names.table_of(before)} ALTER COLUMN {name}", f"op.alter_column({table}, "
    (kind, old), (other, new) = definitions.source(before), definitions.source(after)
    is_replaced, is_moved = (kind, old) != (other, new), bool({"type", "collation"} & attributes.keys())
    if is_replaced and kind == "generated":
        yield drop_column(names, after)
        yield add_column(names, before)
        return
    # Neither a default of another type nor the NULL of an identity is allowed, so the source goes first.
    if is_replaced and other in ("generated", "identity"):
        yield execute(f"{alter} DROP {'EXPRESSION' if other == 'generated' else 'IDENTITY'}")
    elif other in ("default", "serial") and (is_moved or (is_replaced and kind in (None, "identity"))):
        yield f"{operation}{quoted(before.name)}, server_default=None{argument})"
    if is_moved:
        yield _typed(alter, before, after)
    if "not_null" in attributes:
        yield f"{operation}{quoted(before.name)}, nullable={not before.attributes['not_null']}{argument})"
    if is_replaced and kind == "identity":
        yield execute(f"{alter} ADD {old}")
    elif kind in ("default", "serial") and (is_replaced or is_moved):
        yield f"{operation}{quoted(before.name)}, server_default=sa.text({escaped(str(old))}){argument})"
    yield from settings(names, before, before.attributes, after.attributes)
    if "storage" in attributes:
        of_before, of_after = (str(item.attributes["storage"] or "").split(" ") for item in (before, after))
        yield execute(f"{alter} SET STORAGE {of_before[0] or of_after[-1]}")


def _typed(alter: str, before: SchemaObject, after: SchemaObject) -> str:
    kind, collation, name = before.attributes["type"], before.attributes["collation"], identifier(before.name)
    is_same_type = kind == after.attributes["type"]
    if collation is None and is_same_type:
        collation = '"default"'
    collated = f" COLLATE {collation}" if collation else ""
    # One enum has no cast to another; any other type has one to text that loses more than a direct one, 1.5 to 2 say.
    through = "::text" if before.attributes["named_type"] or after.attributes["named_type"] else ""
    cast = "" if is_same_type else f" USING {name}{through}::{kind}"
    return execute(f"{alter} TYPE {kind}{collated}{cast}")


def _table(names: Names, change: ObjectChange) -> Iterator[str]:
    before, after = change.before, change.after
    assert before is not None
    assert after is not None
    table = f"ALTER TABLE {names.sql(before.schema, before.name)}"
    if {"parents", "partition_bound"} & change.attributes.keys():
        yield from _inherited(names, before, after)
    for attribute, (old, new) in change.attributes.items():
        match attribute:
            case "comment" | "tablespace" | "options":
                yield from settings(names, before, {attribute: old}, {attribute: new})
            case "row_security":
                yield execute(f"{table} {'ENABLE' if old else 'DISABLE'} ROW LEVEL SECURITY")
            case "force_row_security":
                yield execute(f"{table} {'' if old else 'NO '}FORCE ROW LEVEL SECURITY")
            case "persistence":
                yield execute(f"{table} SET {old or 'LOGGED'}")
            case "replica_identity" if old != "USING INDEX":  # whose index is gone
                yield execute(f"{table} REPLICA IDENTITY {_with_index(str(old or 'DEFAULT'))}")
            case "clustered":
                yield execute(f"{table} {f'CLUSTER ON {identifier(str(old))}' if old else 'SET WITHOUT CLUSTER'}")
            case _:
                pass


def _inherited(names: Names, before: SchemaObject, after: SchemaObject) -> Iterator[str]:
    """Yield the lines that make a table inherit, or be a partition, of what it was."""
    table = names.sql(before.schema, before.name)
    wanted, found = (tuple_of(item, "parents") for item in (before, after))
    is_bound_anew = before.attributes["partition_bound"] != after.attributes["partition_bound"]
    for parent in found:
        if after.attributes["is_partition"] and (is_bound_anew or parent not in wanted):
            yield execute(f"ALTER TABLE {parent} DETACH PARTITION {table}")
        elif parent not in wanted:
            yield execute(f"ALTER TABLE {table} NO INHERIT {parent}")
    for parent in wanted:
        if before.attributes["is_partition"] and (is_bound_anew or parent not in found):
            yield execute(f"ALTER TABLE {parent} ATTACH PARTITION {table} {before.attributes['partition_bound']}")
        elif parent not in found:
            yield execute(f"ALTER TABLE {table} INHERIT {parent}")


def _domain(names: Names, change: ObjectChange) -> Iterator[str]:
    before, after = change.before, change.after
    assert before is not None
    assert after is not None
    alter = f"ALTER DOMAIN {named(names, before)}"
    if {"type", "collation"} & change.attributes.keys():
        yield execute(f"DROP DOMAIN {named(names, after)}")
        yield execute(f"CREATE DOMAIN {named(names, before)} AS {definitions.domain(before)}")
        yield from settings(names, before, before.attributes, {})
        return
    wanted, found = (
        dict(zip(tuple_of(item, "check_names"), tuple_of(item, "checks"), strict=True)) for item in (before, after)
    )
    for name in found:
        if found[name] != wanted.get(name):
            yield execute(f"{alter} DROP CONSTRAINT {identifier(name)}")
    if "default" in change.attributes:
        default = before.attributes["default"]
        yield execute(f"{alter} {f'SET DEFAULT {default}' if default else 'DROP DEFAULT'}")
    if "not_null" in change.attributes:
        yield execute(f"{alter} {'SET' if before.attributes['not_null'] else 'DROP'} NOT NULL")
    for name, check in wanted.items():
        if check != found.get(name):
            yield execute(f"{alter} ADD CONSTRAINT {identifier(name)} {check}")
    yield from settings(names, before, before.attributes, after.attributes)


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
        new = [(one, other) for one, other in zip(found, wanted, strict=False) if one != other]
        if len(found) == len(wanted) and not set(found) & {other for _, other in new}:
            for one, other in new:
                yield execute(f"ALTER TYPE {name} RENAME VALUE {literal(one)} TO {literal(other)}")
        elif set(found) < set(wanted):
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


def owned(names: Names, sequence: SchemaObject) -> str:
    """Return the line that makes a sequence go with its column, or with none."""
    owner = sequence.attributes["owned_by"]
    column = names.sql(*owner) if isinstance(owner, tuple) else "NONE"
    return execute(f"ALTER SEQUENCE {named(names, sequence)} OWNED BY {column}")


def _sequence(names: Names, change: ObjectChange) -> Iterator[str]:
    before = change.before
    assert before is not None
    assert change.after is not None
    if {"type", "options"} & change.attributes.keys():
        yield execute(f"ALTER SEQUENCE {named(names, before)} {definitions.sequence(before)}{_defaults(change)}")
    if "owned_by" in change.attributes:
        yield owned(names, before)
    yield from settings(names, before, before.attributes, change.after.attributes)


ALTERATIONS: dict[str, Callable[[Names, ObjectChange], Iterator[str]]] = {
    "column": _column,
    "table": _table,
    "enum": _enum,
    "domain": _domain,
    "sequence": _sequence,
}
"""By kind: the lines that turn an object that is still there back into what it was."""
