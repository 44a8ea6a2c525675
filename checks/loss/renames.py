"""Find a rename that was written as a drop and an add: same type, and a similar name, place, attribute or class."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from checks.comparison.names import Names
from checks.comparison.rename_lines import move, rename_column, rename_table
from checks.loss.judged_loss import dotted
from checks.recording.losses import Added, Carried, Dropped, Loss, Mapped, Values
from checks.sql import quoted

_SIMILAR = 0.6
_MOST_COLUMNS = 0.75
"""The part of the columns of two tables that have to be the same."""
_MOST_OF_ONE_CLASS = 0.6
"""The same where one class maps both tables."""


@dataclass(frozen=True, slots=True)
class Rename:
    """What a dropped object should have been renamed to."""

    added: Added
    carried: Carried | None
    """The attribute or class that maps both; None where none is known to."""

    @property
    def new(self) -> str:
        """Return the full name of the new object."""
        return dotted(self.added.schema, self.added.table, self.added.name)

    def because(self, one: Dropped, base: str) -> str:
        """Return why it is taken for a rename: a sentence."""
        if one.kind == "table":
            if self.carried is None:
                return "Both tables have almost the same columns."
            return (
                f"Most columns of both tables are the same, and class {self.carried.owner} maps {one.name} on {base} "
                f"and {self.added.name} in this change."
            )
        if self.carried is not None:
            return (
                f"Both columns are {one.type}, and {_attribute(self.carried)} maps {one.name} on {base} and "
                f"{self.added.name} in this change."
            )
        if _is_in_place(one, self.added):
            return f"Both columns are {one.type}, and they have the same place in the model."
        return f"Both columns are {one.type}, and their names are similar."


def renames(loss: Loss) -> Mapping[Dropped, Rename]:
    """Return the dropped objects that were meant to be renamed; each new object is taken once."""
    found: dict[Dropped, Rename] = {}
    pairs = [(_likeness(one, other), -place, one, other) for place, one, other in _candidates(loss)]
    # An attribute that says one thing where a name says another is no evidence for either.
    for likeness, _, one, other in sorted(pairs, key=lambda pair: pair[:2], reverse=True):
        taken = any(rename.added is other for rename in found.values())
        if likeness > 0 and one not in found and not taken and not _is_disputed(one, other, loss):
            found[one] = Rename(other, _shared(one, other))
    return found


def _candidates(loss: Loss) -> Iterator[tuple[int, Dropped, Added]]:
    """Yield each dropped object, with its place among them, and each new one that can hold what was in it."""
    for place, one in enumerate(loss.dropped):
        if one.again or one.is_computed or one.values is not Values.GONE or one.mapped is Mapped.NO:
            continue
        yield from ((place, one, other) for other in loss.added if _can_hold(one, other))


def _can_hold(one: Dropped, other: Added) -> bool:
    if one.kind == "column":
        return (one.schema, one.table, one.type) == (other.schema, other.table, other.type)
    return one.kind == "table" and not other.table


def _likeness(one: Dropped, other: Added) -> float:
    """Return how much a new object is like the dropped one; 0 for one that is another."""
    shared, likeness = _shared(one, other), _name_likeness(one.name, other.name)
    if shared is None and one.mapped is Mapped.UNREAD:
        return 0  # the first of two steps was done
    if one.kind == "column":
        is_in_place = _is_in_place(one, other)
        is_like = shared is not None or likeness >= _SIMILAR or is_in_place
        return likeness + is_in_place + 2 * (shared is not None) if is_like else 0
    same, every = set(one.columns) & set(other.columns), set(one.columns) | set(other.columns)
    part = len(same) / len(every) if every else 0
    if shared is not None:
        return part + likeness + 2 if part >= _MOST_OF_ONE_CLASS else 0
    enough = len(same) > 2 or likeness >= _SIMILAR
    return part + likeness if part >= _MOST_COLUMNS and enough else 0


def _shared(one: Dropped, other: Added) -> Carried | None:
    """Return what maps both: the same attribute of the same class, or the same class."""
    known = {(carried.owner, carried.attribute) for carried in other.carried}
    return next((carried for carried in one.carried if (carried.owner, carried.attribute) in known), None)


def _is_disputed(one: Dropped, other: Added, loss: Loss) -> bool:
    """Return whether the models and the names say different things of a pair."""
    if _shared(one, other) is None:
        return any(carried.others for carried in (*one.carried, *other.carried))
    own = _name_likeness(one.name, other.name)
    if own >= _SIMILAR:
        return False
    known = [pair for pair in _candidates(loss) if (pair[1] is one) != (pair[2] is other)]
    return any(_name_likeness(dropped.name, added.name) >= _SIMILAR for _, dropped, added in known)


def _is_in_place(one: Dropped, other: Added) -> bool:
    return one.place is not None and one.place == other.place


def _name_likeness(one: str, other: str) -> float:
    words, others = set(one.lower().split("_")), set(other.lower().split("_"))
    if words <= others or others <= words:
        return 0.9
    return SequenceMatcher(None, one.lower(), other.lower(), autojunk=False).ratio()


def _attribute(carried: Carried) -> str:
    """Return what maps a column, as the subject of a sentence."""
    if carried.owner:
        return f"attribute {carried.owner}.{carried.attribute}"
    return f"key {quoted(carried.attribute)} of the Table"


def written(one: Dropped, rename: Rename) -> str:
    """Return the lines of Alembic that rename an object, and that undo it."""
    names, old, new = Names(), (one.schema, one.name), (rename.added.schema, rename.added.name)
    if one.kind == "table":
        up, down = _table_lines(old, new), _table_lines(new, old)
    else:
        table = (one.schema, one.table)
        up, down = ([rename_column(names, table, *pair)] for pair in ((one.name, new[1]), (new[1], one.name)))
    return "\n".join(["# upgrade()", *up, "# downgrade()", *down])


def _table_lines(old: tuple[str, str], new: tuple[str, str]) -> list[str]:
    """Return the lines that give a table another name, another schema, or both."""
    lines = [rename_table(Names(), old[0], old[1], new[1])] if old[1] != new[1] else []
    return [*lines, move(Names(), "table", new[1], old[0], new[0])] if old[0] != new[0] else lines
