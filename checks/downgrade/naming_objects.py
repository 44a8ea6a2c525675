"""Name an object in a sentence, as the reader of a migration knows it."""

from __future__ import annotations

from checks.recording.schema import ObjectChange, SchemaObject

_CONSTRAINTS = {
    "primary key": "primary key",
    "unique": "unique constraint",
    "foreign key": "foreign key",
    "check": "CHECK constraint",
    "exclusion": "exclusion constraint",
}


def described(item: SchemaObject) -> str:
    """Return the kind and the name, such as ``index ix_title of table public.book``."""
    table = f"{item.schema}.{item.table}"
    match item.kind:
        case "constraint":
            return f"{_CONSTRAINTS[str(item.attributes['type'])]} {item.name} of table {table}"
        case "index":
            return f"{'unique ' if item.attributes['unique'] else ''}index {item.name} of table {table}"
        case "trigger" | "policy" | "rule":
            return f"{item.kind} {item.name} of table {table}"
        case "grant":
            return f"privileges {item.attributes['definition']} of {whose(item)}"
        case "schema" | "extension" | "event trigger":
            return f"{item.kind} {item.name}"
        case _:
            return f"{item.kind} {'.'.join(item.key.path)}"


def whose(grant: SchemaObject) -> str:
    """Return who has privileges, and on what."""
    role = "PUBLIC" if grant.name == "PUBLIC" else f"role {grant.name}"
    return f"{role} on {grant.schema}.{grant.table}"


def object_of(item: SchemaObject) -> str:
    """Return the full name of an object, as a finding has it."""
    return item.name if item.kind == "schema" else ".".join(item.key.path)


def item_of(change: ObjectChange) -> SchemaObject:
    """Return the object as it was before the upgrade; as it came, where it was not there."""
    item = change.before if change.before is not None else change.after
    assert item is not None
    return item
