"""Find what a downgrade did not put back: the objects that differ, without those that go with another one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from checks.downgrade.naming_objects import item_of
from checks.downgrade.object_parts import differences
from checks.downgrade.renamed import follows, renamed
from checks.downgrade.undone import UndoneRevision
from checks.recording.schema import Fate, ObjectChange, SchemaObject

_OWNERS = ("table", "view", "materialized view")
_OF_RELATIONS = ("grant", "trigger", "rule", "policy")


@dataclass(frozen=True, slots=True, kw_only=True)
class Leftover:
    """One object that is not as before the upgrade."""

    change: ObjectChange
    """Before: at the revision's parents. After: when it was undone."""
    upgraded: ObjectChange | None
    """What the upgrade did to the object; None where the downgrade alone has changed it."""
    parts: tuple[ObjectChange, ...] = ()
    """What came or went with it, such as the index of a column."""
    other_name: SchemaObject | None = None
    """The same object under another name or in another schema, where it is there."""


def leftovers(subject: UndoneRevision) -> tuple[Leftover, ...]:
    """Return what a downgrade did not put back, in the order of the keys."""
    return _gathered(subject.trip.not_undone, subject)


def changes_of_upgrade(subject: UndoneRevision) -> tuple[Leftover, ...]:
    """Return what the upgrade has changed, as if its downgrade had put back nothing of it."""
    return _gathered(subject.trip.changed, subject)


def _gathered(changes: Iterable[ObjectChange], subject: UndoneRevision) -> tuple[Leftover, ...]:
    """Return the objects of some changes, each with what goes with it."""
    kept = [change for change in _once(changes) if not (_is_same(change) or _is_repaired(change))]
    upgraded = {change.key: change for change in subject.trip.changed}
    tables = {(c.key.schema, c.key.name): c for c in subject.trip.changed if c.key.kind == "table"}
    names = renamed(kept, subject.upgrade_sql)
    came_under_it = {id(one.came) for one in names}
    owners: dict[int, ObjectChange] = {}
    for part in kept:
        name = follows(part, names)
        owner = name.gone if name is not None else next((one for one in kept if _goes_with(part, one)), None)
        if owner is not None:
            owners[id(part)] = owner
    return tuple(
        Leftover(
            change=change,
            upgraded=upgraded.get(change.key) or tables.get((change.key.schema, change.key.table)),
            parts=tuple(part for part in kept if owners.get(id(part)) is change),
            other_name=next((one.after for one in names if one.gone is change), None),
        )
        for change in kept
        if id(change) not in owners and id(change) not in came_under_it
    )


def _once(changes: Iterable[ObjectChange]) -> list[ObjectChange]:
    """Return the changes without those that several databases have alike."""
    found: list[ObjectChange] = []
    for change in changes:
        if change not in found:
            found.append(change)
    return found


def _is_repaired(change: ObjectChange) -> bool:
    """Return whether a constraint was validated, or an invalid index rebuilt: nobody wants that undone."""
    before, after = change.before, change.after
    if before is None or after is None or not change.attributes.keys() <= {"validated", "valid", "definition"}:
        return False
    name = {"constraint": "validated", "index": "valid"}.get(before.kind, "")
    is_repaired = (before.attributes.get(name), after.attributes.get(name)) == (False, True)
    definition = str(before.attributes.get("definition")).removesuffix(" NOT VALID")
    return is_repaired and definition == after.attributes.get("definition")


def _is_same(change: ObjectChange) -> bool:
    """Return whether a database with the one object does the same as with the other."""
    if change.before is None or change.after is None:
        return False
    attributes = change.attributes
    if change.key.kind == "composite type":
        old, new = (sorted(str(value).split(", ")) for value in attributes["definition"])
        return old == new
    if change.key.kind in ("view", "materialized view"):
        views = [_in_any_order(str(value)) for value in attributes["definition"]]
        return views[0] == views[1]
    if change.key.kind == "table" and attributes.keys() == {"parents"}:
        parents = [sorted(value) if isinstance(value, tuple) else [] for value in attributes["parents"]]
        return parents[0] == parents[1]
    return not differences(change)


def _in_any_order(definition: str) -> tuple[list[str], str]:
    """Return the columns of a view, sorted, and the rest: their order follows that of the tables' columns."""
    head, separator, rest = definition.partition("\n   FROM ")
    columns = head.strip().removeprefix("SELECT ").removesuffix(";")
    return sorted(line.strip().rstrip(",") for line in columns.split("\n")), separator + rest


def _goes_with(part: ObjectChange, owner: ObjectChange) -> bool:
    """Return whether a part came or went because the other object did."""
    if part is owner or part.fate is Fate.CHANGED:
        return False
    item, other = item_of(part), item_of(owner)
    if owner.fate is Fate.CHANGED:
        return item.kind == "sequence" and item.attributes["owned_by"] == owner.key.path
    if part.fate is not owner.fate:
        return False
    if owner.key.kind in _OWNERS and (item.schema, item.table) == (other.schema, other.name):
        return item.kind in _OF_RELATIONS
    if item.kind == "sequence":
        owned = item.attributes["owned_by"]
        return isinstance(owned, tuple) and owned in (owner.key.path, (*owner.key.path, owned[-1]))
    if owner.key.kind == "column" and item.kind in ("index", "constraint"):
        columns = item.attributes["columns"]
        of_table = (item.schema, item.table) == (other.schema, other.table)
        return of_table and isinstance(columns, tuple) and other.name in columns
    return False
