"""Name an object in a sentence, as the reader of a migration knows it."""

from __future__ import annotations

from checks.comparison.privileges import lost_and_left, role_named
from checks.plural import joined
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
            return f"{'unique ' if item.attributes['unique'] else ''}index {item.name} of {_relation(item)} {table}"
        case "trigger" | "policy" | "rule":
            return f"{item.kind} {item.name} of {_relation(item)} {table}"
        case "grant":
            return f"privileges {item.attributes['definition']} of {whose(item)}"
        case "default privileges":
            given, taken = lost_and_left((), item.attributes.get("privileges"))[::-1]
            parts = [*given, *(f"no {one}" for one in taken)]
            return f"default privileges {joined(parts)} for {_new_objects(item)}"
        case "user mapping":
            return f"user mapping of {role_named(item.name)} for server {item.table}"
        case "schema" | "extension" | "event trigger" | "foreign data wrapper" | "server":
            return f"{item.kind} {item.name}"
        case _:
            return f"{item.kind} {'.'.join(item.key.path)}"


def whose(item: SchemaObject) -> str:
    """Return what has changed where its privileges alone have: whose they are, and on what."""
    if item.kind == "grant":
        sequence = "sequence " if item.attributes.get("relation") == "sequence" else ""
        return f"{role_named(item.name)} on {sequence}{item.schema}.{item.table}"
    if item.kind == "default privileges":
        return f"the default privileges for {_new_objects(item)}"
    return described(item)


def _relation(item: SchemaObject) -> str:
    return str(item.attributes.get("relation") or "table")


def _new_objects(item: SchemaObject) -> str:
    """Return the objects that default privileges are for, such as ``new tables in schema sales``."""
    role = f" of role {item.attributes['role']}" if item.attributes.get("role") else ""
    schema = f" in schema {item.schema}" if item.schema else ""
    return f"new {str(item.attributes['objects']).lower()}{role}{schema}"


def object_of(item: SchemaObject) -> str:
    """Return the full name of an object, as a finding has it."""
    return item.name if item.kind == "schema" else ".".join(item.key.path)


def item_of(change: ObjectChange) -> SchemaObject:
    """Return the object as it was before the upgrade; as it came, where it was not there."""
    item = change.before if change.before is not None else change.after
    assert item is not None
    return item
