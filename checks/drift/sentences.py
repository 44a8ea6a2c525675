"""Write the sentences of a finding: what differs between models and migrations, why it matters, and how to fix it."""

from __future__ import annotations

from typing import Literal, TypeAlias

from checks.comparison.change import Change, Weight
from checks.comparison.change import ChangeKind as Kind
from checks.comparison.relations import is_unique, type_of
from checks.drift.evidence import in_database, in_models
from checks.recording.schema import Attribute, SchemaObject
from checks.sql import literal

# Each `match` below covers a closed set of kinds, so mypy reports the one that misses a new kind.
ColumnKind: TypeAlias = Literal[
    Kind.COLUMN_MISSING, Kind.COLUMN_EXTRA, Kind.TYPE, Kind.NOT_NULL, Kind.COLLATION, Kind.SEQUENCE_RANGE
]
RelationKind: TypeAlias = Literal[
    Kind.CONSTRAINT_MISSING,
    Kind.CONSTRAINT_EXTRA,
    Kind.CONSTRAINT_CHANGED,
    Kind.INDEX_MISSING,
    Kind.INDEX_EXTRA,
    Kind.INDEX_CHANGED,
    Kind.INDEX_INVALID,
    Kind.NAME,
    Kind.FORM,
]
TypeKind: TypeAlias = Literal[
    Kind.ENUM_MISSING,
    Kind.ENUM_EXTRA,
    Kind.ENUM_VALUE_MISSING,
    Kind.ENUM_VALUE_EXTRA,
    Kind.ENUM_ORDER,
    Kind.DOMAIN_MISSING,
    Kind.DOMAIN,
    Kind.SEQUENCE_MISSING,
    Kind.SEQUENCE,
]
ValueKind: TypeAlias = Literal[Kind.DEFAULT, Kind.SERIAL, Kind.IDENTITY, Kind.GENERATED, Kind.VALUE]
CONSTRAINTS = {
    "primary key": "primary key",
    "unique": "unique constraint",
    "foreign key": "foreign key",
    "check": "CHECK constraint",
    "exclusion": "exclusion constraint",
}
"""The types of constraints in the words of a user."""
SOURCES = {
    Kind.DEFAULT: "default",
    Kind.IDENTITY: "identity",
    Kind.SERIAL: "sequence",
    Kind.GENERATED: "generation expression",
    Kind.VALUE: "source of values",
}
"""Where the value of a column comes from, in the words of a user."""


def object_name(change: Change) -> str:
    """Return the full name of the object that differs, such as ``public.book.isbn``."""
    return ".".join(change.path)


def message(change: Change) -> str:
    """Return the sentence about what differs."""
    name, wanted, found = object_name(change), in_models(change), in_database(change)
    match change.kind:
        case Kind.TABLE_MISSING | Kind.COLUMN_MISSING | Kind.CONSTRAINT_MISSING | Kind.INDEX_MISSING:
            return _sentence(f"{described(change)} is in the models, but no migration creates it.")
        case Kind.ENUM_MISSING | Kind.DOMAIN_MISSING | Kind.SEQUENCE_MISSING:
            return _sentence(f"{described(change)} is in the models, but no migration creates it.")
        case Kind.TABLE_EXTRA | Kind.COLUMN_EXTRA | Kind.CONSTRAINT_EXTRA | Kind.INDEX_EXTRA:
            return f"The migrations create {described(change)}, but it is not in the models."
        case Kind.ENUM_EXTRA:
            return f"The migrations create {described(change)}, but no model and no column uses it."
        case Kind.ENUM_VALUE_MISSING:
            return f"Value {_enum_value(change, 'of')} is in the models, but no migration adds it."
        case Kind.ENUM_VALUE_EXTRA:
            return f"The migrations add value {_enum_value(change, 'to')}, but it is not in the models."
        case Kind.CONSTRAINT_CHANGED | Kind.INDEX_CHANGED | Kind.DOMAIN | Kind.SEQUENCE:
            return _sentence(f"{described(change)} differs between the models and the migrations.")
        case Kind.ENUM_ORDER:
            return f"The order of the values of enum {name} differs between the models and the migrations."
        case Kind.COMMENT:
            return f"The comment of {change.key.kind} {name} differs between the models and the migrations."
        case Kind.DEFAULT | Kind.SERIAL | Kind.IDENTITY | Kind.GENERATED | Kind.VALUE:
            return _value_source(change.kind, name, wanted, found)
        case Kind.PERSISTENCE | Kind.PARTITION_KEY | Kind.PARENTS | Kind.OPTIONS | Kind.TABLESPACE | Kind.ACCESS_METHOD:
            verb = "differ" if change.kind in (Kind.PARENTS, Kind.OPTIONS) else "differs"
            setting = f"The {change.kind.value.replace('-', ' ')} of table {name} {verb}"
            return f"{setting}: {wanted} in the models, {found or 'none'} in the migrations."
        case Kind.TYPE:
            return f"The type of column {name} differs: {wanted} in the models, {found} in the migrations."
        case Kind.NOT_NULL:
            return f"Column {name} is {wanted} in the models, but {found} in the migrations."
        case Kind.COLLATION | Kind.SEQUENCE_RANGE:
            return _limits(change)
        case Kind.INDEX_INVALID:
            return f"The migrations leave {described(change)} INVALID."
        case Kind.NAME | Kind.FORM:
            return _sentence(f"{described(change)} {_other_form(change.kind, change.before)} in the migrations.")


def _sentence(text: str) -> str:
    """Return the text with a capital letter at its start."""
    return text[0].upper() + text[1:]


def described(change: Change) -> str:
    """Return the kind and the name of the object, such as ``index ix_title of table public.book``."""
    item = change.after if change.after is not None else change.before
    if item is None or item.kind not in ("constraint", "index"):
        return f"{change.key.kind} {object_name(change)}"
    return f"{_kind(item)} {item.name} of table {item.schema}.{item.table}"


def _kind(item: SchemaObject) -> str:
    if item.kind == "index":
        return "unique index" if item.attributes["unique"] else "index"
    return CONSTRAINTS[type_of(item)]


def _enum_value(change: Change, preposition: str) -> str:
    return f"{literal(str(change.part))} {preposition} enum {'.'.join(change.key.path)}"


def _value_source(kind: ValueKind, column: str, wanted: str | None, found: str | None) -> str:
    source = f"{SOURCES[kind]} of column {column}"
    if wanted is None:
        return f"The migrations set the {source}, but it is not in the models."
    if found is None:
        return f"The {source} is in the models, but no migration sets it."
    return f"The {source} differs between the models and the migrations."


def _limits(change: Change) -> str:
    name = object_name(change)
    wanted, found = (_attribute(item, change.attributes[0]) for item in (change.after, change.before))
    if change.kind is Kind.SEQUENCE_RANGE:
        return f"The sequence of column {name} ends at {found} in the migrations, but at {wanted} in the models."
    return (
        f"The collation of column {name} differs: {wanted or 'the default'} in the models,"
        f" {found or 'the default'} in the migrations."
    )


def _other_form(kind: Literal[Kind.NAME, Kind.FORM], before: SchemaObject | None) -> str:
    if before is None:
        return "differs"
    return f"has the name {before.name}" if kind is Kind.NAME else f"is a {_kind(before)} ({before.name})"


def _attribute(item: SchemaObject | None, name: str) -> Attribute:
    return None if item is None else item.attributes[name]


def why(change: Change) -> str:
    """Return the consequence for code that uses the models."""
    breaks = change.weight is Weight.BREAKS
    match change.kind:
        case Kind.TABLE_MISSING:
            return "Every query on this model will fail: the table does not exist."
        case Kind.TABLE_EXTRA:
            return "No model that env.py imports describes this table, so autogenerate would drop it."
        case Kind.PERSISTENCE | Kind.PARTITION_KEY | Kind.PARENTS | Kind.OPTIONS | Kind.TABLESPACE | Kind.ACCESS_METHOD:
            return "PostgreSQL does not store this table as the models declare."
        case Kind.COLUMN_MISSING | Kind.COLUMN_EXTRA | Kind.TYPE | Kind.NOT_NULL | Kind.COLLATION | Kind.SEQUENCE_RANGE:
            return _why_column(change.kind, breaks, bool(_attribute(change.after, "not_null")))
        case Kind.DEFAULT | Kind.SERIAL | Kind.IDENTITY | Kind.GENERATED | Kind.VALUE:
            return _why_value(in_models(change), in_database(change), breaks)
        case Kind.CONSTRAINT_MISSING | Kind.CONSTRAINT_EXTRA | Kind.CONSTRAINT_CHANGED | Kind.NAME | Kind.FORM:
            return _why_relation(change.kind, change.after or change.before, breaks)
        case Kind.INDEX_MISSING | Kind.INDEX_EXTRA | Kind.INDEX_CHANGED | Kind.INDEX_INVALID:
            return _why_relation(change.kind, change.after or change.before, breaks)
        case Kind.ENUM_MISSING | Kind.ENUM_EXTRA | Kind.ENUM_VALUE_MISSING | Kind.ENUM_VALUE_EXTRA | Kind.ENUM_ORDER:
            return _why_type(change.kind)
        case Kind.DOMAIN_MISSING | Kind.DOMAIN | Kind.SEQUENCE_MISSING | Kind.SEQUENCE:
            return _why_type(change.kind)
        case Kind.COMMENT:
            return "The comment does not affect any query."


def _why_column(kind: ColumnKind, breaks: bool, not_null: bool) -> str:
    match kind:
        case Kind.COLUMN_MISSING:
            return "Every query on this model will fail: the column does not exist."
        case Kind.COLUMN_EXTRA if breaks:
            return "Every INSERT of this model will fail: the column is NOT NULL and has no default."
        case Kind.COLUMN_EXTRA:
            return "The models neither read nor write this column."
        case Kind.TYPE if breaks:
            return "The database may refuse or change values that the models allow."
        case Kind.TYPE:
            return "The database will accept values that the models do not expect."
        case Kind.NOT_NULL if not_null:
            return "The database will accept NULL, which the models forbid."
        case Kind.NOT_NULL:
            return "The database refuses NULL, which the models allow."
        case Kind.COLLATION:
            return "Comparisons, ORDER BY and unique indexes follow different rules from the models."
        case Kind.SEQUENCE_RANGE:
            return "Every INSERT will fail once the sequence reaches its end, although the column holds larger numbers."


def _why_value(wanted: str | None, found: str | None, breaks: bool) -> str:
    if breaks and found is None:
        return "An INSERT fails when it leaves this value to the database, as the models do."
    if breaks:
        return "The database refuses an INSERT that sets this column, which the models allow."
    if found is None:
        return "An INSERT that omits this column stores NULL."
    if wanted is None:
        return "An INSERT that omits this column stores a value that the models do not expect."
    return "An INSERT that omits this column stores a different value from the one in the models."


_WHY_CHANGED = {
    "primary key": "The primary key follows different rules from the models.",
    "unique": "The unique constraint follows different rules from the models.",
    "foreign key": "Deletes, updates and checks of rows follow different rules from the models.",
    "check": "The database accepts different rows from the models.",
    "exclusion": "The database accepts different rows from the models.",
    "index": "Queries that need this index may not use it.",
}
_WHY_MISSING = {
    "primary key": "The database will accept duplicates, and ON CONFLICT and foreign keys that need this key fail.",
    "unique": "The database will accept duplicates, and ON CONFLICT on these columns fails.",
    "foreign key": "Rows can reference rows that do not exist, and ON DELETE and ON UPDATE actions do not run.",
    "check": "The database will accept rows that the models forbid.",
    "exclusion": "The database will accept rows that the models forbid.",
    "index": "Queries that need this index read the whole table.",
}


def _why_relation(kind: RelationKind, item: SchemaObject | None, breaks: bool) -> str:
    relation_type = "index" if item is None else type_of(item)
    unique = item is not None and is_unique(item)
    match kind:
        case Kind.CONSTRAINT_MISSING | Kind.INDEX_MISSING:
            return _WHY_MISSING["unique" if unique and relation_type == "index" else relation_type]
        case Kind.CONSTRAINT_EXTRA:
            return "The database refuses rows that the models allow."
        case Kind.INDEX_EXTRA if unique:
            return "The database refuses rows that the models allow."
        case Kind.INDEX_EXTRA:
            return "The index slows down writes, and no model declares it."
        case Kind.CONSTRAINT_CHANGED | Kind.INDEX_CHANGED if breaks:
            return "ON CONFLICT fails: the database follows different rules from the models for duplicates."
        case Kind.CONSTRAINT_CHANGED | Kind.INDEX_CHANGED:
            return _WHY_CHANGED[relation_type]
        case Kind.INDEX_INVALID:
            return (
                "PostgreSQL does not use an INVALID index."
                " CREATE INDEX ON ONLY leaves one behind, and so does a failed CREATE INDEX CONCURRENTLY."
            )
        case Kind.NAME:
            return "Only the name differs, but a migration that uses the name in the models will fail."
        case Kind.FORM:
            return "Both refuse the same rows, but ON CONFLICT ON CONSTRAINT works only with a constraint."


def _why_type(kind: TypeKind) -> str:
    match kind:
        case Kind.ENUM_MISSING | Kind.DOMAIN_MISSING:
            return "Queries that cast to this type will fail: the type does not exist."
        case Kind.ENUM_EXTRA:
            return "A later migration that creates a type with this name will fail."
        case Kind.ENUM_VALUE_MISSING:
            return "Inserting or filtering by this value fails: invalid input value for enum."
        case Kind.ENUM_VALUE_EXTRA:
            return "Reading a row with this value raises LookupError. PostgreSQL cannot drop a value from an enum."
        case Kind.ENUM_ORDER:
            return "Comparisons and ORDER BY follow different rules from the models."
        case Kind.DOMAIN:
            return "The database accepts different values from the models in columns of this domain."
        case Kind.SEQUENCE_MISSING:
            return "An INSERT that takes its value from this sequence fails."
        case Kind.SEQUENCE:
            return "The sequence follows different rules from the models."


def cosmetic_remedy(change: Change) -> str:
    """Return what to do about a cosmetic change, in words: a notice shows no code."""
    if change.kind is Kind.COMMENT:
        return "Add a migration that sets the comment, or change the comment in the model."
    if change.kind is Kind.NAME:
        return f"Add a migration that renames the {change.key.kind}, or change its name in the model."
    if change.before is None or change.after is None:
        return "Add a migration that makes this change, or change the model."
    found, wanted = _kind(change.before), _kind(change.after)
    return f"Add a migration that replaces the {found} with a {wanted}, or declare a {found} in the model."
