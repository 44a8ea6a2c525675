"""Differences in where a value comes from that an INSERT leaves out: default, identity, serial, generated."""

from __future__ import annotations

from collections.abc import Iterator

from checks.comparison import spelling
from checks.comparison.facts import MIGRATED, Fact, Scope, Weight
from checks.recording.schema import SchemaObject
from checks.sql import escaped, execute, identifier, literal, quoted

SERIALS = {"smallint": "smallserial", "integer": "serial", "bigint": "bigserial"}


def definition(column: SchemaObject) -> str:
    """Return the column as it would stand in CREATE TABLE."""
    a = column.attributes
    kind, text = source(column)
    parts = [SERIALS.get(str(a["type"]), str(a["type"])) if kind == "serial" else str(a["type"])]
    parts += [f"COLLATE {a['collation']}"] if a["collation"] else []
    parts += ["NOT NULL"] if a["not_null"] and kind != "serial" else []
    parts += [f"DEFAULT {text}"] if kind == "default" else [str(text)] if kind in ("identity", "generated") else []
    return " ".join(parts)


def source(column: SchemaObject) -> tuple[str | None, str | None]:
    """Return where the column's value comes from when an INSERT leaves it out: the kind and the SQL."""
    a = column.attributes
    if a["generated"] is not None:
        return "generated", f"GENERATED ALWAYS AS ({a['generated']}) {a['generated_kind']}"
    if a["identity"] is not None:
        options = f" ({a['identity_options']})" if a["identity_options"] else ""
        return "identity", f"GENERATED {a['identity']} AS IDENTITY{options}"
    if a["serial"]:
        return "serial", str(a["default"])
    text = None if a["default"] is None else str(a["default"])
    return (None, None) if spelling.default(text) is None else ("default", text)


def object_name(column: SchemaObject) -> str:
    """Return the column's full name, to be read."""
    return f"{column.schema}.{column.table}.{column.name}"


def alter(scope: Scope, column: SchemaObject, change: str) -> tuple[str, ...]:
    """Return the operation that changes the column."""
    table = scope.sql(column.schema, str(column.table))
    return (execute(f"ALTER TABLE {table} ALTER COLUMN {identifier(column.name)} {change}"),)


def compare_values(scope: Scope, mine: SchemaObject, theirs: SchemaObject) -> Iterator[Fact]:
    """Yield the one difference there can be."""
    (kind, wanted), (other, found) = source(mine), source(theirs)
    if _same_value(mine, theirs):
        return
    name = _named(kind or other, kind is not None and other is not None and kind != other)
    yield Fact(
        kind=name,
        weight=_value_weight(mine, theirs),
        object=object_name(mine),
        message=f"{_TITLES[name]} of column {object_name(mine)} {_value_words(kind, other)}.",
        why=_value_why(mine, theirs),
        expected=wanted,
        actual=found,
        repair=_value_repair(scope, mine, theirs),
    )


_TITLES = {
    "default": "The default",
    "identity": "The identity",
    "serial": "The sequence",
    "generated": "The generation expression",
    "value": "The source of values",
}


def _named(kind: str | None, mixed: bool) -> str:
    return "value" if mixed or kind is None else kind


def _value_words(kind: str | None, other: str | None) -> str:
    if kind is None:
        return f"is in {MIGRATED} but not in the models"
    if other is None:
        return f"is in the models but not in {MIGRATED}"
    return f"differs between the models and {MIGRATED}"


def _same_value(mine: SchemaObject, theirs: SchemaObject) -> bool:
    (kind, wanted), (other, found) = source(mine), source(theirs)
    drawn = (found or "").startswith("nextval(")
    if kind == "serial" and drawn:
        return True
    if {kind, other} <= {"default", "serial"}:
        one, two = spelling.default(wanted) or "", spelling.default(found) or ""
        if mine.attributes["type"] != theirs.attributes["type"]:
            one, two = spelling.without_casts(one), spelling.without_casts(two)
        return one == two
    if kind == other == "identity" and mine.attributes["type"] != theirs.attributes["type"]:
        return mine.attributes["identity"] == theirs.attributes["identity"]
    return kind == other and spelling.canonical(wanted or "") == spelling.canonical(found or "")


def _value_weight(mine: SchemaObject, theirs: SchemaObject) -> Weight:
    (kind, _), (other, _) = source(mine), source(theirs)
    required = bool(mine.attributes["not_null"] or theirs.attributes["not_null"])
    if other is None:
        return Weight.BREAKS if required or kind in ("serial", "identity") else Weight.DIFFERS
    refused = other == "generated" and kind != "generated"
    refused = refused or (kind is None and theirs.attributes["identity"] == "ALWAYS")
    return Weight.BREAKS if refused else Weight.DIFFERS


def _value_why(mine: SchemaObject, theirs: SchemaObject) -> str:
    (_, wanted), (other, _) = source(mine), source(theirs)
    if _value_weight(mine, theirs) is Weight.BREAKS:
        if other is None:
            return "An INSERT that leaves the column to the database, as the models do, fails."
        return "The database refuses an INSERT that gives the column a value, as the models do."
    if other is None:
        return "An INSERT that leaves the column out stores NULL."
    if wanted is None:
        return "An INSERT that leaves the column out stores a value that the models do not know of."
    return "An INSERT that leaves the column out stores another value than the models say."


def _value_repair(scope: Scope, mine: SchemaObject, theirs: SchemaObject) -> tuple[str, ...]:
    (kind, wanted), (other, _) = source(mine), source(theirs)
    undo = {"identity": "DROP IDENTITY", "generated": "DROP EXPRESSION"}.get(other or "", "DROP DEFAULT")
    cleared = alter(scope, mine, undo) if other and kind != other else ()
    table, column = quoted(str(mine.table)), quoted(mine.name)
    if kind == "generated" or (kind == "identity" and other == "identity"):
        drop = f"op.drop_column({table}, {column}{scope.schema_argument(mine.schema)})"
        add = f"ALTER TABLE {scope.sql(mine.schema, str(mine.table))} ADD COLUMN {identifier(mine.name)}"
        if kind == "generated":
            return (drop, execute(f"{add} {definition(mine)}"))
        return (*alter(scope, mine, "DROP IDENTITY"), *alter(scope, mine, f"ADD {wanted}"))
    if kind == "identity":
        return (*cleared, *alter(scope, mine, f"ADD {wanted}"))
    if kind == "serial":
        return (*cleared, *_serial_repair(scope, mine))
    if kind == "default" and other != "identity" and other != "generated":
        text = f"sa.text({escaped(str(wanted))})"
        return (f"op.alter_column({table}, {column}, server_default={text}{scope.schema_argument(mine.schema)})",)
    return (*cleared, *(alter(scope, mine, f"SET DEFAULT {wanted}") if kind == "default" else ()))


def _serial_repair(scope: Scope, mine: SchemaObject) -> tuple[str, ...]:
    table, column = scope.sql(mine.schema, str(mine.table)), identifier(mine.name)
    name = _owned_sequence(scope, mine)
    if name is not None:
        return alter(scope, mine, f"SET DEFAULT nextval({literal(scope.sql(mine.schema, name))})")
    taken = {name for kind, schema, name in scope.migrated.alone if kind == "sequence" and schema == mine.schema}
    names = (f"{mine.table}_{mine.name}_seq{number or ''}" for number in range(len(taken) + 1))
    sequence = scope.sql(mine.schema, next(name for name in names if name not in taken))
    highest = f"COALESCE((SELECT max({column}) FROM {table}), 0)"
    return (
        execute(f"CREATE SEQUENCE {sequence} AS {mine.attributes['type']} OWNED BY {table}.{column}"),
        execute(f"SELECT setval({literal(sequence)}, {highest} + 1, false)"),
        *alter(scope, mine, f"SET DEFAULT nextval({literal(sequence)})"),
    )


def _owned_sequence(scope: Scope, mine: SchemaObject) -> str | None:
    """Return the sequence that the column owns although it has lost the default."""
    owner = ".".join(identifier(name) for name in (mine.schema, str(mine.table), mine.name))
    for (kind, schema, name), item in scope.migrated.alone.items():
        if kind == "sequence" and schema == mine.schema and item.attributes["owned_by"] == owner:
            return None if item.attributes["identity"] else name
    return None
