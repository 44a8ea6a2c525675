"""The objects of a table in the models and in the database, in pairs, as Alembic shows them to a filter of env.py."""

from __future__ import annotations

from itertools import chain
from typing import Any, Dict, Iterator, List, NamedTuple, Optional, Tuple

from sqlalchemy import CheckConstraint

CHECK, FOREIGN_KEY, INDEX, UNIQUE = "check_constraint", "foreign_key_constraint", "index", "unique_constraint"


class Pair(NamedTuple):
    """One question to ``include_object``."""

    item: Any
    name: Optional[str]
    """As Alembic gives it: None for a constraint without a name."""
    kind: str
    reflected: bool
    other: Any
    """``compare_to``: the same object on the other side."""

    @property
    def label(self) -> str:
        """Return the name, or the columns of a constraint without one."""
        return self.name or ", ".join(str(column.name) for column in self.item.columns)

    @property
    def renamed(self) -> Optional[str]:
        """Return the name on the other side, where it is another one."""
        other = None if self.other is None else _name(self.other)
        return other if other != self.name else None


def pairs(table: Any, other: Any) -> Iterator[Pair]:
    """Yield what Alembic asks about a table of the models and its counterpart in the database, None where it is new."""
    if other is None:  # its columns and constraints are part of the table
        for index in table.indexes:
            yield Pair(index, _name(index), INDEX, False, None)
        return
    yield from _columns(table, other)
    yield from _named(_of_kind(table, INDEX), _of_kind(other, INDEX), INDEX)
    yield from _uniques(_of_kind(table, UNIQUE), _of_kind(other, UNIQUE))
    yield from _foreign_keys(_of_kind(table, FOREIGN_KEY), _of_kind(other, FOREIGN_KEY))
    # Checks without a name are no concern of Alembic's on the models' side; in the database, all have one.
    yield from _named([check for check in _of_kind(table, CHECK) if _name(check)], _of_kind(other, CHECK), CHECK)


def _columns(table: Any, other: Any) -> Iterator[Pair]:
    mine = [column for column in table.columns if not column.system]
    yield from _named(mine, list(other.columns), "column")


def _named(mine: List[Any], theirs: List[Any], kind: str) -> Iterator[Pair]:
    """Pair what has the same name; what is left in the database is what the models lack."""
    by_name = {_name(item): item for item in theirs}
    for item in mine:
        yield Pair(item, _name(item), kind, False, by_name.get(_name(item)))
    known = {_name(item) for item in mine}
    yield from (Pair(item, _name(item), kind, True, None) for item in theirs if _name(item) not in known)


def _uniques(mine: List[Any], theirs: List[Any]) -> Iterator[Pair]:
    """Pair by name, and those without one by their columns."""
    named = [item for item in mine if _name(item)]
    by_columns = {frozenset(c.name for c in item.columns): item for item in theirs}
    matched = []
    for item in mine:
        if not _name(item):
            other = by_columns.get(frozenset(c.name for c in item.columns))
            matched += [other] if other is not None else []
            yield Pair(item, None, UNIQUE, False, other)
    yield from _named(named, [item for item in theirs if not any(item is other for other in matched)], UNIQUE)


def _foreign_keys(mine: List[Any], theirs: List[Any]) -> Iterator[Pair]:
    """Pair by what they do; of those that differ, ``compare_to`` is the one of the same name, as in Alembic."""
    there: Dict[Any, Any] = {_signature(item): item for item in theirs}
    here: Dict[Any, Any] = {_signature(item): item for item in mine}
    names_there = {_name(item): item for item in theirs}
    names_here = {_name(item): item for item in mine if _name(item)}
    for item in theirs:
        if _signature(item) not in here:
            yield Pair(item, _name(item), FOREIGN_KEY, True, names_here.get(_name(item)))
    for item in mine:
        other = there.get(_signature(item)) or (names_there.get(_name(item)) if _name(item) else None)
        yield Pair(item, _name(item), FOREIGN_KEY, False, other)


def _signature(key: Any) -> Tuple[Any, ...]:
    """Return what Alembic tells foreign keys apart by, but for the target's schema."""
    targets = tuple(tuple(element.target_fullname.rsplit(".", 2)[-2:]) for element in key.elements)
    actions = tuple(_action(action) for action in (key.ondelete, key.onupdate))
    deferred = (key.initially or "").lower() if key.deferrable else None
    return (tuple(element.parent.name for element in key.elements), targets, actions, bool(key.deferrable), deferred)


def _action(action: Optional[str]) -> Optional[str]:
    return None if action is None or action.lower() == "no action" else action.lower()


def _of_kind(table: Any, kind: str) -> List[Any]:
    if kind == INDEX:
        return list(table.indexes)
    if kind == CHECK:
        every = chain(table.constraints, *(column.constraints for column in table.columns))
        return [constraint for constraint in every if isinstance(constraint, CheckConstraint)]
    return [constraint for constraint in table.constraints if constraint.__visit_name__ == kind]


def _name(item: Any) -> Optional[str]:
    return str(item.name) if isinstance(item.name, str) else None
