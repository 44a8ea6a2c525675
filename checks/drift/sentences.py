"""The sentences about a change where the models are compared with the migrations: what differs, and why it matters."""

from __future__ import annotations

from typing import Literal, TypeAlias

from checks.comparison.change import Change, Weight
from checks.comparison.change import ChangeKind as Kind
from checks.comparison.relations import is_unique, type_of
from checks.drift.evidence import in_database, in_models
from checks.recording.schema import Attribute, SchemaObject
from checks.sql import literal

# Every `match` below is over a closed set of kinds, so mypy names the one that a new kind is forgotten in.
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
MIGRATED = "the database that the migrations build"
TITLES = {
    "primary key": "Primary key",
    "unique": "Unique constraint",
    "foreign key": "Foreign key",
    "check": "CHECK constraint",
    "exclusion": "Exclusion constraint",
}


def object_name(change: Change) -> str:
    """Return the full name of what the change is about."""
    return ".".join(change.path)


def message(change: Change) -> str:
    """Say what differs, in one sentence."""
    name, wanted, found = object_name(change), in_models(change), in_database(change)
    match change.kind:
        case Kind.TABLE_MISSING | Kind.COLUMN_MISSING | Kind.CONSTRAINT_MISSING | Kind.INDEX_MISSING:
            return f"{_title(change)} is in the models but not in {MIGRATED}."
        case Kind.ENUM_MISSING | Kind.ENUM_VALUE_MISSING | Kind.DOMAIN_MISSING | Kind.SEQUENCE_MISSING:
            return f"{_title(change)} is in the models but not in {MIGRATED}."
        case Kind.TABLE_EXTRA | Kind.COLUMN_EXTRA | Kind.CONSTRAINT_EXTRA | Kind.INDEX_EXTRA | Kind.ENUM_VALUE_EXTRA:
            return f"{_title(change)} is in {MIGRATED} but not in the models."
        case Kind.ENUM_EXTRA:
            return f"{_title(change)} is in {MIGRATED}, but no model and no column uses it."
        case Kind.CONSTRAINT_CHANGED | Kind.INDEX_CHANGED | Kind.DOMAIN | Kind.SEQUENCE:
            return f"{_title(change)} differs between the models and {MIGRATED}."
        case Kind.ENUM_ORDER:
            return f"The order of the values of enum {name} differs between the models and {MIGRATED}."
        case Kind.COMMENT:
            owner = name if change.key.kind == "constraint" else f"{change.key.kind} {name}"
            return f"The comment of {owner} differs between the models and {MIGRATED}."
        case Kind.DEFAULT | Kind.SERIAL | Kind.IDENTITY | Kind.GENERATED | Kind.VALUE:
            return f"{_SOURCES[change.kind]} of column {name} {_presence(wanted, found)}."
        case Kind.PERSISTENCE | Kind.PARTITION_KEY | Kind.PARENTS | Kind.OPTIONS | Kind.TABLESPACE | Kind.ACCESS_METHOD:
            setting = change.kind.value.replace("-", " ")
            return f"The {setting} of table {name} differs: {wanted} in the models, {found or 'none'} in {MIGRATED}."
        case Kind.TYPE:
            return f"The type of column {name} differs: {wanted} in the models, {found} in {MIGRATED}."
        case Kind.NOT_NULL:
            return f"Column {name} is {wanted} in the models, {found} in {MIGRATED}."
        case Kind.COLLATION | Kind.SEQUENCE_RANGE:
            return _limits(change)
        case Kind.INDEX_INVALID | Kind.NAME | Kind.FORM:
            return f"{_title(change)} {_otherwise(change.kind, change.before)} in {MIGRATED}."


def _title(change: Change) -> str:
    """Return the sort of the object and its name, at the start of a sentence."""
    if change.part is not None:
        return f"Value {literal(change.part)} of enum {'.'.join(change.key.path)}"
    item = change.after if change.after is not None else change.before
    if item is None or item.kind not in ("constraint", "index"):
        return f"{change.key.kind.capitalize()} {object_name(change)}"
    return f"{_sort(item)} {item.name} of table {item.schema}.{item.table}"


def _sort(item: SchemaObject) -> str:
    if item.kind == "index":
        return "Unique index" if item.attributes["unique"] else "Index"
    return TITLES[type_of(item)]


_SOURCES = {
    Kind.DEFAULT: "The default",
    Kind.IDENTITY: "The identity",
    Kind.SERIAL: "The sequence",
    Kind.GENERATED: "The generation expression",
    Kind.VALUE: "The source of values",
}


def _presence(wanted: str | None, found: str | None) -> str:
    if wanted is None:
        return f"is in {MIGRATED} but not in the models"
    if found is None:
        return f"is in the models but not in {MIGRATED}"
    return f"differs between the models and {MIGRATED}"


def _limits(change: Change) -> str:
    name = object_name(change)
    wanted, found = (_attribute(item, change.attributes[0]) for item in (change.after, change.before))
    if change.kind is Kind.SEQUENCE_RANGE:
        return f"The sequence of column {name} ends at {found} in {MIGRATED}; the models' goes on to {wanted}."
    return (
        f"The collation of column {name} differs: {wanted or 'the default'} in the models,"
        f" {found or 'the default'} in {MIGRATED}."
    )


def _otherwise(kind: Literal[Kind.INDEX_INVALID, Kind.NAME, Kind.FORM], before: SchemaObject | None) -> str:
    if before is None or kind is Kind.INDEX_INVALID:
        return "is INVALID"
    return f"has the name {before.name}" if kind is Kind.NAME else f"is a {_sort(before).lower()} ({before.name})"


def _attribute(item: SchemaObject | None, name: str) -> Attribute:
    return None if item is None else item.attributes[name]


def why(change: Change) -> str:
    """Say what follows for code that is written for the models."""
    breaks = change.weight is Weight.BREAKS
    match change.kind:
        case Kind.TABLE_MISSING:
            return "Every query of the model fails."
        case Kind.TABLE_EXTRA:
            return "Its model is gone, is not imported by env.py, or never was; autogenerate would drop the table."
        case Kind.PERSISTENCE | Kind.PARTITION_KEY | Kind.PARENTS | Kind.OPTIONS | Kind.TABLESPACE | Kind.ACCESS_METHOD:
            return "The table is stored in another way than the models say."
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
            return "Only what people read in the database differs."


def _why_column(kind: ColumnKind, breaks: bool, not_null: bool) -> str:
    match kind:
        case Kind.COLUMN_MISSING:
            return "Every query of the model names the column and fails."
        case Kind.COLUMN_EXTRA if breaks:
            return "It is NOT NULL without a default: an INSERT of the model leaves it out and fails."
        case Kind.COLUMN_EXTRA:
            return "The models neither read nor write it."
        case Kind.TYPE if breaks:
            return "Values that the models allow can be refused or come back changed."
        case Kind.TYPE:
            return "The database takes values that the models do not expect."
        case Kind.NOT_NULL if not_null:
            return "Rows with NULL can get in, which the models do not expect."
        case Kind.NOT_NULL:
            return "An INSERT or UPDATE that leaves it NULL, which the models allow, fails."
        case Kind.COLLATION:
            return "Comparison, ORDER BY and unique indexes work by other rules than the models say."
        case Kind.SEQUENCE_RANGE:
            return "Once the sequence is used up, every INSERT fails although the column has room."


def _why_value(wanted: str | None, found: str | None, breaks: bool) -> str:
    if breaks and found is None:
        return "An INSERT that leaves the column to the database, as the models do, fails."
    if breaks:
        return "The database refuses an INSERT that gives the column a value, as the models do."
    if found is None:
        return "An INSERT that leaves the column out stores NULL."
    if wanted is None:
        return "An INSERT that leaves the column out stores a value that the models do not know of."
    return "An INSERT that leaves the column out stores another value than the models say."


_WHY_CHANGED = {
    "primary key": "The key works by other rules than the models say.",
    "unique": "The rows are the same, but when or how they are checked is not.",
    "foreign key": "Deleting, updating or checking rows works by other rules than the models say.",
    "check": "The database accepts other rows than the models say.",
    "exclusion": "The database accepts other rows than the models say.",
    "index": "Queries that the index is meant for may not use it.",
}
_WHY_MISSING = {
    "primary key": "Duplicates get in, and ON CONFLICT and foreign keys that need the key fail.",
    "unique": "Duplicates get in, and ON CONFLICT on these columns fails.",
    "foreign key": "Rows can point at nothing, and ON DELETE or ON UPDATE actions do not happen.",
    "check": "Rows get in that the models rule out.",
    "exclusion": "Rows get in that the models rule out.",
    "index": "Queries that need the index read the whole table.",
}


def _why_relation(kind: RelationKind, item: SchemaObject | None, breaks: bool) -> str:
    sort = "index" if item is None else type_of(item)
    unique = item is not None and is_unique(item)
    match kind:
        case Kind.CONSTRAINT_MISSING | Kind.INDEX_MISSING:
            return _WHY_MISSING["unique" if unique and sort == "index" else sort]
        case Kind.CONSTRAINT_EXTRA:
            return "The database refuses rows that the models allow."
        case Kind.INDEX_EXTRA if unique:
            return "The database refuses rows that the models allow."
        case Kind.INDEX_EXTRA:
            return "It costs writes and serves nothing that the models know of."
        case Kind.CONSTRAINT_CHANGED | Kind.INDEX_CHANGED if breaks:
            return (
                "Other rows are unique than the models say: ON CONFLICT fails, duplicates get in or good rows are"
                " refused."
            )
        case Kind.CONSTRAINT_CHANGED | Kind.INDEX_CHANGED:
            return _WHY_CHANGED[sort]
        case Kind.INDEX_INVALID:
            return (
                "PostgreSQL does not use it; a CREATE INDEX CONCURRENTLY that failed, or ON ONLY, leaves this behind."
            )
        case Kind.NAME:
            return "Rules and columns are the same; a migration that drops it by the models' name fails."
        case Kind.FORM:
            return "Both refuse the same rows; ON CONFLICT ON CONSTRAINT takes only a constraint."


def _why_type(kind: TypeKind) -> str:
    match kind:
        case Kind.ENUM_MISSING | Kind.DOMAIN_MISSING:
            return "Queries of the models cast to the type and fail."
        case Kind.ENUM_EXTRA:
            return "A later migration that creates a type of this name fails."
        case Kind.ENUM_VALUE_MISSING:
            return "Writing the value, or asking for it, fails: invalid input value for enum."
        case Kind.ENUM_VALUE_EXTRA:
            return "Reading a row that holds it raises LookupError; PostgreSQL cannot drop a value from an enum."
        case Kind.ENUM_ORDER:
            return "ORDER BY and comparisons of the column follow the order of the values in the database."
        case Kind.DOMAIN:
            return "Columns of the domain accept other values than the models say."
        case Kind.SEQUENCE_MISSING:
            return "An INSERT that takes its value from the sequence fails."
        case Kind.SEQUENCE:
            return "It gives out other numbers than the models say."
