"""Write the SQL of a difference, as the models declare it and as the migrations create it."""

from __future__ import annotations

from checks.comparison import definitions
from checks.comparison.change import Change
from checks.comparison.change import ChangeKind as Kind
from checks.recording.schema import Attribute, SchemaObject
from checks.sql import literal


def in_models(change: Change) -> str | None:
    """Return the SQL of the object in the models, as PostgreSQL writes it; None where the models do not have it."""
    if change.words is not None:
        return literal(change.words)
    return _shown(change, change.after)


def in_database(change: Change) -> str | None:
    """Return the SQL of the object in the migrated database, as PostgreSQL writes it; None where it is missing."""
    return _shown(change, change.before)


def attribute(item: SchemaObject | None, name: str) -> Attribute:
    """Return an attribute of one side of a difference; None where that side lacks the object."""
    return None if item is None else item.attributes[name]


def _shown(change: Change, item: SchemaObject | None) -> str | None:
    if item is None:
        return None
    match change.kind:
        case Kind.TABLE_MISSING | Kind.TABLE_EXTRA:
            return "\n".join(f"{column.name} {definitions.column(column)}" for column in change.columns)
        case Kind.COLUMN_MISSING | Kind.COLUMN_EXTRA:
            return definitions.column(item)
        case Kind.NOT_NULL:
            return "NOT NULL" if item.attributes["not_null"] else "nullable"
        case Kind.COLLATION:
            return str(item.attributes["collation"] or "default")
        case Kind.DEFAULT | Kind.SERIAL | Kind.IDENTITY | Kind.GENERATED | Kind.VALUE | Kind.FETCHED:
            return definitions.source(item)[1]
        case Kind.FROZEN | Kind.QUOTED | Kind.REFUSED:
            return None  # a fault of the model alone
        case Kind.SEQUENCE_RANGE:
            return f"MAXVALUE {item.attributes['sequence_max']}"
        case Kind.CONSTRAINT_MISSING | Kind.CONSTRAINT_EXTRA | Kind.CONSTRAINT_CHANGED | Kind.FORM:
            return definitions.relation(item)
        case Kind.INDEX_MISSING | Kind.INDEX_EXTRA | Kind.INDEX_CHANGED:
            return definitions.relation(item)
        case Kind.INDEX_INVALID:
            return definitions.relation(item) + ("" if item.attributes["valid"] else " (INVALID)")
        case Kind.NAME:
            return item.name
        case Kind.ENUM_MISSING | Kind.ENUM_EXTRA:
            return f"AS ENUM ({definitions.values(item)})"
        case Kind.ENUM_VALUE_MISSING | Kind.ENUM_VALUE_EXTRA | Kind.ENUM_ORDER:
            return definitions.values(item)
        case Kind.DOMAIN_MISSING | Kind.DOMAIN:
            return definitions.domain(item)
        case Kind.SEQUENCE_MISSING | Kind.SEQUENCE:
            return definitions.sequence(item)
        case Kind.PERSISTENCE | Kind.PARTITION_KEY | Kind.PARENTS | Kind.OPTIONS | Kind.TABLESPACE | Kind.ACCESS_METHOD:
            return _text(item.attributes[change.attributes[0]])
        case Kind.TYPE | Kind.COMMENT:
            return _text(item.attributes[change.attributes[0]])


def _text(value: Attribute) -> str | None:
    if value is None:
        return None
    return ", ".join(value) if isinstance(value, tuple) else str(value)
