"""Leave out of a comparison what two databases only write differently: the server reads both spellings as the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from action.postgres.databases import Databases
from action.postgres.sameness import compare_spellings
from checks.comparison.definitions import type_of
from checks.comparison.spellings import relation_spelling, value_spelling
from checks.recording.expressions import Equivalence, ExpressionKind, Spelling
from checks.recording.schema import Attribute, ObjectChange

_SPELLED = {
    ExpressionKind.DEFAULT: ("default",),
    ExpressionKind.GENERATED: ("generated",),
    ExpressionKind.CHECK: ("definition", "expression"),
    ExpressionKind.INDEX: ("definition", "columns"),
    ExpressionKind.EXCLUSION: ("definition", "columns", "index"),
}
"""The attributes that a spelling says."""
_COMPARABLE = ("check", "index", "exclusion")


def without_same_meaning(
    changes: Sequence[ObjectChange], databases: Databases, database: str
) -> tuple[ObjectChange, ...]:
    """Return the changes without the expressions that mean the same, such as ``now()`` and ``CURRENT_TIMESTAMP``.

    ``database`` has the tables that the expressions belong to; it is only asked where two spellings differ.
    """
    spelled = {id(change): pair for change in changes if (pair := _spelling(change)) is not None}
    if not spelled:
        return tuple(changes)
    with databases.connect(database) as connection:
        compared = compare_spellings(connection, tuple(dict.fromkeys(spelled.values())))
    same = {one.spelling for one in compared if one.sameness is Equivalence.SAME}
    kept = (
        _as_before(change, spelled[id(change)]) if spelled.get(id(change)) in same else change for change in changes
    )
    return tuple(change for change in kept if change.attributes or change.before is None or change.after is None)


def _spelling(change: ObjectChange) -> Spelling | None:
    """Return the two spellings of an object that is there in both; None where they are equal or no expressions."""
    before, after = change.before, change.after
    if before is None or after is None:
        return None
    pair = None
    if before.kind == "column":
        pair = value_spelling(before, after)
    elif before.kind in ("constraint", "index") and type_of(before) == type_of(after) in _COMPARABLE:
        pair = relation_spelling(before, after)
        if not change.attributes.keys() <= set(_SPELLED[pair.kind]):
            return None  # NOT VALID and its like are no expressions
    return None if pair is None or pair.found == pair.wanted else pair


def _as_before(change: ObjectChange, spelling: Spelling) -> ObjectChange:
    """Return the change with the spelling of before on both sides."""
    assert change.before is not None
    assert change.after is not None
    old: Mapping[str, Attribute] = change.before.attributes
    written = {name: old[name] for name in _SPELLED[spelling.kind]}
    return replace(change, after=replace(change.after, attributes={**change.after.attributes, **written}))
