"""Compare two schemas of one database, object by object, such as before and after a migration."""

from __future__ import annotations

from collections.abc import Collection

from checks.comparison.by_table import TableName
from checks.recording.schema import ObjectChange, ObjectKey, Schema


def changed_objects(before: Schema, after: Schema, without: Collection[TableName] = ()) -> tuple[ObjectChange, ...]:
    """Return the objects that were created, dropped or changed, in the order of their keys.

    A table that was created or dropped is one change, without its columns, constraints, indexes, extended statistics
    and the sequences that belong to its columns. The tables in ``without`` are left out with all their parts.
    """
    old, new = ({item.key: item for item in schema.objects} for schema in (before, after))
    changes = {key: ObjectChange(before=item, after=new.get(key)) for key, item in old.items() if item != new.get(key)}
    changes |= {key: ObjectChange(before=None, after=new[key]) for key in new.keys() - old.keys()}
    left_out = {*without, *((key.schema, key.name) for key in old.keys() ^ new.keys() if key.kind == "table")}
    sequences = {
        (key.schema, key.name) for key in changes if key.kind == "sequence" and _owner(changes[key]) in left_out
    }
    left_out |= sequences  # with the privileges on them
    return tuple(
        changes[key]
        for key in sorted(changes)
        if (key.schema, key.table) not in left_out
        and not _is_table(key, without)
        and _owner(changes[key]) not in left_out
    )


def _owner(change: ObjectChange) -> TableName | None:
    """Return the table that a sequence or extended statistics belong to."""
    item = change.after or change.before
    owned = (item.attributes.get("owned_by") or item.attributes.get("of_table")) if item is not None else None
    return (owned[0], owned[1]) if isinstance(owned, tuple) else None


def _is_table(key: ObjectKey, tables: Collection[TableName]) -> bool:
    return key.kind == "table" and (key.schema, key.name) in tables
