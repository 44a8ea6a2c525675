"""Compares the comments of tables, columns and constraints."""

from __future__ import annotations

from collections.abc import Iterator

from checks.comparison.change import Change, ChangeKind, Weight
from checks.recording.schema import SchemaObject
from checks.sql import execute, literal


def compare_comments(before: SchemaObject, after: SchemaObject, named: str) -> Iterator[Change]:
    """Yield the change of the object's comment; ``named`` is the object in SQL, as COMMENT ON names it."""
    wanted = after.attributes["comment"]
    if wanted == before.attributes["comment"]:
        return
    text = "NULL" if wanted is None else literal(str(wanted))
    yield Change(
        kind=ChangeKind.COMMENT,
        key=after.key,
        before=before,
        after=after,
        weight=Weight.COSMETIC,
        attributes=("comment",),
        repair=(execute(f"COMMENT ON {named} IS {text}"),),
    )
