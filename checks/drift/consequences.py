"""Write why a difference between models and migrations matters: who is hurt, and how."""

from __future__ import annotations

from typing import Literal, TypeAlias

from checks.comparison.change import Change, Weight
from checks.comparison.change import ChangeKind as Kind
from checks.comparison.definitions import type_of
from checks.comparison.relations import is_unique
from checks.drift.evidence import attribute, in_database, in_models
from checks.recording.schema import SchemaObject

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
StringKind: TypeAlias = Literal[Kind.FROZEN, Kind.QUOTED, Kind.REFUSED]


def why(change: Change) -> str:
    """Return the consequence for code that uses the models."""
    breaks = change.weight is Weight.BREAKS
    if change.unproven:
        return "It could not be proven that the two expressions mean the same."
    match change.kind:
        case Kind.TABLE_MISSING:
            return "Every query on this model will fail: the table does not exist."
        case Kind.TABLE_EXTRA:
            return "No model that env.py imports describes this table, so autogenerate would drop it."
        case Kind.PERSISTENCE | Kind.PARTITION_KEY | Kind.PARENTS | Kind.OPTIONS | Kind.TABLESPACE | Kind.ACCESS_METHOD:
            return "PostgreSQL does not store this table as the models declare."
        case Kind.COLUMN_MISSING | Kind.COLUMN_EXTRA | Kind.TYPE | Kind.NOT_NULL | Kind.COLLATION | Kind.SEQUENCE_RANGE:
            return _why_column(change.kind, breaks, bool(attribute(change.after, "not_null")))
        case Kind.FETCHED:
            return _why_value(change)
        case Kind.FROZEN | Kind.QUOTED | Kind.REFUSED:
            return _why_string(change.kind)
        case Kind.DEFAULT | Kind.SERIAL | Kind.IDENTITY | Kind.GENERATED | Kind.VALUE:
            return _why_value(change)
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
            return "Nobody is hurt: the column holds every value that the models allow."
        case Kind.NOT_NULL if not_null:
            return "The database will accept NULL, which the models forbid."
        case Kind.NOT_NULL:
            return "The database refuses NULL, which the models allow."
        case Kind.COLLATION:
            return "Comparisons, ORDER BY and unique indexes follow different rules from the models."
        case Kind.SEQUENCE_RANGE:
            return "Every INSERT will fail once the sequence reaches its end, although the column holds larger numbers."


def _why_value(change: Change) -> str:
    wanted, found = in_models(change), in_database(change)
    required = any(attribute(item, "not_null") for item in (change.after, change.before))
    match change.weight:
        case Weight.COSMETIC if wanted is None:
            return "Nobody is hurt: PostgreSQL uses it only where an INSERT omits the column."
        case Weight.COSMETIC:
            return "Nobody is hurt: both draw the next number from a sequence."
        case Weight.OUTSIDE if required:
            return "The models send a value, but raw SQL and bulk loads that omit this NOT NULL column fail."
        case Weight.OUTSIDE:
            return "The models send a value, but raw SQL and bulk loads that omit this column store NULL."
        case Weight.BREAKS if found is None:
            return "An INSERT fails when it leaves this value to the database, as the models do."
        case Weight.BREAKS:
            return "The database refuses an INSERT that sets this column, which the models allow."
        case Weight.DIFFERS if found is None:
            return "An INSERT that omits this column stores NULL."
        case Weight.DIFFERS:
            return "An INSERT that omits this column stores a different value from the one in the models."


def _why_string(kind: StringKind) -> str:
    match kind:
        case Kind.FROZEN:
            return "Each row gets the time at which the default was created, not its own."
        case Kind.QUOTED:
            return "Each row that omits this column gets the same words."
        case Kind.REFUSED:
            return "metadata.create_all() fails, and so does a migration that autogenerate writes from this model."


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
