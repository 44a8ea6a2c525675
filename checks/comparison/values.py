"""Compare where the value of a column comes from: default, identity, serial or generated."""

from __future__ import annotations

from collections.abc import Iterator

from checks.comparison.change import Change, ChangeKind, Weight
from checks.comparison.column_lines import add_column, alter, drop_column
from checks.comparison.definitions import source
from checks.comparison.frozen import frozen
from checks.comparison.sides import Sides
from checks.comparison.spellings import value_spelling
from checks.recording.expressions import Equivalence
from checks.recording.schema import SchemaObject
from checks.sql import escaped, execute, identifier, literal, quoted

VALUE = ("default", "serial", "generated", "generated_kind", "identity", "identity_options")
"""The attributes of a column that define where its value comes from."""


def compare_values(sides: Sides, before: SchemaObject, after: SchemaObject) -> Iterator[Change]:
    """Yield the difference in the source of a column's value, if there is one."""
    literal = sides.literal(after)
    string = frozen(literal, after)
    if literal is not None and string is not None:
        words = literal.words
        yield Change(kind=string, key=after.key, before=before, after=after, weight=Weight.OUTSIDE, words=words)
    (found, _), (wanted, _) = source(before), source(after)
    if sides.fetches(after):
        if not sides.gets_value(before):
            yield _change(sides, before, after, ChangeKind.FETCHED)
        return
    # What the models would freeze says nothing about the database's own default.
    if (string is not None and found == "default") or _same_source(sides, before, after):
        return
    either = {kind for kind in (found, wanted) if kind is not None}
    yield _change(sides, before, after, ChangeKind(either.pop()) if len(either) == 1 else ChangeKind.VALUE)


def _change(sides: Sides, before: SchemaObject, after: SchemaObject, kind: ChangeKind) -> Change:
    pair = value_spelling(before, after)
    compared = None if pair is None else sides.compared(pair)
    unproven = compared is not None and compared.sameness is Equivalence.UNPROVEN
    weight = Weight.COSMETIC if unproven else _weight(sides, before, after)
    return Change(
        kind=kind,
        key=after.key,
        before=before,
        after=after,
        weight=weight,
        attributes=VALUE,
        unproven=unproven,
        witness=None if compared is None else compared.witness,
        repair=() if weight is Weight.COSMETIC or kind is ChangeKind.FETCHED else _repair(sides, before, after),
    )


def _same_source(sides: Sides, before: SchemaObject, after: SchemaObject) -> bool:
    (kind, wanted), (other, found) = source(after), source(before)
    if kind == "serial" and _uses_sequence(before):
        return True
    retyped = after.attributes["type"] != before.attributes["type"]
    if kind == other == "identity" and retyped:
        return after.attributes["identity"] == before.attributes["identity"]
    pair, kinds = value_spelling(before, after), {kind, other}
    if pair is not None and pair.found != pair.wanted:
        same_kind = before.attributes["generated_kind"] == after.attributes["generated_kind"]
        return same_kind and sides.compared(pair).sameness is Equivalence.SAME
    return (len(kinds) == 1 or kinds == {"default", "serial"}) and wanted == found


def _weight(sides: Sides, before: SchemaObject, after: SchemaObject) -> Weight:
    (kind, _), (other, _) = source(after), source(before)
    if other is None:
        return _missing_weight(sides, before, after)
    if other == "generated" and kind != "generated":
        return Weight.BREAKS
    always = before.attributes["identity"] == "ALWAYS"
    if kind is None:
        return Weight.BREAKS if always else Weight.COSMETIC
    numbers = {kind, other} == {"serial", "identity"} and not always
    return Weight.COSMETIC if numbers else Weight.DIFFERS


def _missing_weight(sides: Sides, before: SchemaObject, after: SchemaObject) -> Weight:
    """Return how much it matters that the migrated database has no value for a column that an INSERT omits."""
    if sides.supplies(after):
        return Weight.OUTSIDE
    kind, _ = source(after)
    required = bool(after.attributes["not_null"] or before.attributes["not_null"])
    return Weight.BREAKS if required or kind in ("serial", "identity") else Weight.DIFFERS


def _repair(sides: Sides, before: SchemaObject, after: SchemaObject) -> tuple[str, ...]:
    (kind, wanted), (other, _) = source(after), source(before)
    undo = {"identity": "DROP IDENTITY", "generated": "DROP EXPRESSION"}.get(other or "", "DROP DEFAULT")
    cleared = alter(sides, after, undo) if other and kind != other else ()
    if kind == "generated":
        return (drop_column(sides, after), add_column(sides, after))
    if kind == "identity" and other == "identity":
        return (*alter(sides, after, "DROP IDENTITY"), *alter(sides, after, f"ADD {wanted}"))
    if kind == "identity":
        return (*cleared, *alter(sides, after, f"ADD {wanted}"))
    if kind == "serial":
        return (*cleared, *_serial_repair(sides, after))
    if kind == "default" and other != "identity" and other != "generated":
        table, column = quoted(str(after.table)), quoted(after.name)
        text = f"sa.text({escaped(str(wanted))})"
        return (f"op.alter_column({table}, {column}, server_default={text}{sides.schema_argument(after.schema)})",)
    return (*cleared, *(alter(sides, after, f"SET DEFAULT {wanted}") if kind == "default" else ()))


def _serial_repair(sides: Sides, after: SchemaObject) -> tuple[str, ...]:
    table, column = sides.table_of(after), identifier(after.name)
    name = _owned_sequence(sides, after)
    if name is not None:
        return alter(sides, after, f"SET DEFAULT nextval({literal(sides.sql(after.schema, name))})")
    taken = {name for kind, schema, name in sides.before.alone if kind == "sequence" and schema == after.schema}
    names = (f"{after.table}_{after.name}_seq{number or ''}" for number in range(len(taken) + 1))
    sequence = sides.sql(after.schema, next(name for name in names if name not in taken))
    highest = f"COALESCE((SELECT max({column}) FROM {table}), 0)"
    return (
        execute(f"CREATE SEQUENCE {sequence} AS {after.attributes['type']} OWNED BY {table}.{column}"),
        execute(f"SELECT setval({literal(sequence)}, {highest} + 1, false)"),
        *alter(sides, after, f"SET DEFAULT nextval({literal(sequence)})"),
    )


def _uses_sequence(column: SchemaObject) -> bool:
    """Return whether the default takes its value from any sequence."""
    # The catalog has no dependency for nextval('s'::text): PostgreSQL looks up the name at each INSERT.
    return column.attributes["sequence"] is not None or str(column.attributes["default"]).startswith("nextval(")


def _owned_sequence(sides: Sides, after: SchemaObject) -> str | None:
    """Return the sequence that the column owns, although its default does not use it."""
    owner = (after.schema, str(after.table), after.name)
    for (kind, schema, name), item in sides.before.alone.items():
        if kind == "sequence" and schema == after.schema and item.attributes["owned_by"] == owner:
            return None if item.attributes["identity"] else name
    return None
