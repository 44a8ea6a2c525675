"""Find a rename that was written as a drop and an add: same type, similar name or the same place in the model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from checks.comparison.names import Names
from checks.comparison.rename_lines import rename_column, rename_table
from checks.loss.judged_loss import dotted
from checks.recording.losses import Added, Dropped, Loss, Mapped, Values

_SIMILAR = 0.6
_MOST_COLUMNS = 0.75
"""The part of the columns of two tables that have to be the same."""


@dataclass(frozen=True, slots=True)
class Rename:
    """What a dropped object should have been renamed to."""

    added: Added
    because: str
    """Why it is taken for a rename: a sentence."""

    @property
    def new(self) -> str:
        """Return the full name of the new object."""
        return dotted(self.added.schema, self.added.table, self.added.name)


def renames(loss: Loss) -> Mapping[Dropped, Rename]:
    """Return the dropped objects that were meant to be renamed; each new object is taken once."""
    found: dict[Dropped, Rename] = {}
    pairs = sorted(
        ((_likeness(one, other), -place, one, other) for place, one in enumerate(loss.dropped) for other in loss.added),
        key=lambda pair: pair[:2],
        reverse=True,
    )
    for likeness, _, one, other in pairs:
        taken = any(rename.added is other for rename in found.values())
        if likeness > 0 and one not in found and not taken:
            found[one] = Rename(other, _because(one, other))
    return found


def _likeness(one: Dropped, other: Added) -> float:
    """Return how much a new object is like the dropped one; 0 for one that is another."""
    if one.again or one.is_computed or one.values is not Values.GONE or one.mapped in (Mapped.NO, Mapped.UNREAD):
        return 0
    if one.kind == "column":
        if (one.schema, one.table, one.type) != (other.schema, other.table, other.type):
            return 0
        likeness = _name_likeness(one.name, other.name)
        is_in_place = one.place is not None and one.place == other.place
        return likeness + is_in_place if likeness >= _SIMILAR or is_in_place else 0
    if one.kind != "table" or other.table:
        return 0
    same, every = set(one.columns) & set(other.columns), set(one.columns) | set(other.columns)
    part = len(same) / len(every) if every else 0
    likeness = _name_likeness(one.name, other.name)
    enough = len(same) > 2 or likeness >= _SIMILAR
    return part + likeness if part >= _MOST_COLUMNS and enough else 0


def _name_likeness(one: str, other: str) -> float:
    words, others = set(one.lower().split("_")), set(other.lower().split("_"))
    if words <= others or others <= words:
        return 0.9
    return SequenceMatcher(None, one.lower(), other.lower(), autojunk=False).ratio()


def _because(one: Dropped, other: Added) -> str:
    if one.kind == "table":
        return "Both tables have almost the same columns."
    if one.place is not None and one.place == other.place:
        return f"Both columns are {one.type}, and they have the same place in the model."
    return f"Both columns are {one.type}, and their names are similar."


def written(one: Dropped, rename: Rename) -> str:
    """Return the lines of Alembic that rename an object, and that undo it."""
    names, schema, new = Names(), one.schema, rename.added.name
    if one.kind == "table":
        up, down = (rename_table(names, schema, *pair) for pair in ((one.name, new), (new, one.name)))
    else:
        table = (schema, one.table)
        up, down = (rename_column(names, table, *pair) for pair in ((one.name, new), (new, one.name)))
    return f"# upgrade()\n{up}\n# downgrade()\n{down}"
