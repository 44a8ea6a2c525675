"""Write what differs between models and migrations, in a sentence."""

from __future__ import annotations

from typing import Literal, TypeAlias

from checks.comparison.change import Change
from checks.comparison.change import ChangeKind as Kind
from checks.comparison.definitions import type_of
from checks.drift.evidence import attribute, in_database, in_models
from checks.recording.schema import Attribute, SchemaObject
from checks.sql import literal

# Each `match` below covers a closed set of kinds, so mypy reports the one that misses a new kind.
ValueKind: TypeAlias = Literal[Kind.DEFAULT, Kind.SERIAL, Kind.IDENTITY, Kind.GENERATED, Kind.VALUE]
DeclaredKind: TypeAlias = Literal[Kind.FETCHED, Kind.FROZEN, Kind.QUOTED, Kind.REFUSED]
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
    if change.unproven:
        differently = "is written differently in the models and the migrations"
        return _sentence(f"{_unproven(change)} {differently}, and may be the same.")
    return _difference(change)


def _difference(change: Change) -> str:
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
        case Kind.FETCHED | Kind.FROZEN | Kind.QUOTED | Kind.REFUSED:
            return _declared_value(change.kind, name, str(wanted), attribute(change.after, "type"))
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
    return f"{kind_of(item)} {item.name} of table {item.schema}.{item.table}"


def kind_of(item: SchemaObject) -> str:
    """Return the kind of a constraint or an index, in the words of a user."""
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


def _unproven(change: Change) -> str:
    if change.after is not None and change.after.kind == "column":
        source = SOURCES[Kind.GENERATED if change.kind is Kind.GENERATED else Kind.DEFAULT]
        return f"the {source} of column {object_name(change)}"
    return described(change)


def _declared_value(kind: DeclaredKind, column: str, words: str, type_name: Attribute) -> str:
    """Return what is wrong with the way in which a model says where the value of its column comes from."""
    default = f"The default of column {column} is the string {words}"
    match kind:
        case Kind.FETCHED:
            return f"The models leave the value of column {column} to the database, but no migration gives it one."
        case Kind.FROZEN:
            return f"{default}, so PostgreSQL computes it only once, when the default is created."
        case Kind.QUOTED:
            return f"{default}, so PostgreSQL stores these words and does not call the function."
        case Kind.REFUSED:
            return f"{default}, which PostgreSQL refuses for type {type_name}."


def _limits(change: Change) -> str:
    name = object_name(change)
    wanted, found = (attribute(item, change.attributes[0]) for item in (change.after, change.before))
    if change.kind is Kind.SEQUENCE_RANGE:
        return f"The sequence of column {name} ends at {found} in the migrations, but at {wanted} in the models."
    return (
        f"The collation of column {name} differs: {wanted or 'the default'} in the models,"
        f" {found or 'the default'} in the migrations."
    )


def _other_form(kind: Literal[Kind.NAME, Kind.FORM], before: SchemaObject | None) -> str:
    if before is None:
        return "differs"
    return f"has the name {before.name}" if kind is Kind.NAME else f"is a {kind_of(before)} ({before.name})"
