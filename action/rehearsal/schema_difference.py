"""The objects in which two scratch databases differ, without those that are only written differently."""

from __future__ import annotations

from action.postgres.sql_tokens import tokens
from checks.comparison.objects import changed_objects
from checks.recording.schema import ObjectChange, Schema


def differing_objects(before: Schema, after: Schema, version_table: tuple[str, str]) -> tuple[ObjectChange, ...]:
    """Return the objects that differ; a function whose body has other white space or comments is the same.

    PostgreSQL keeps the text of a body as it was sent; every other definition is its own.
    """
    changes = changed_objects(before, after, without=(version_table,))
    return tuple(change for change in changes if not _is_same_code(change))


def _is_same_code(change: ObjectChange) -> bool:
    if change.key.kind not in ("function", "procedure") or change.attributes.keys() != {"definition"}:
        return False
    old, new = change.attributes["definition"]
    return isinstance(old, str) and isinstance(new, str) and tokens(old) == tokens(new)
