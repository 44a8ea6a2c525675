"""Find the name that the catalog has for what a downgrade names wrongly, or does not name."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from checks.comparison.lines import dropped
from checks.downgrade.incomplete import NAMES
from checks.downgrade.naming_objects import described
from checks.recording.legs import Failure, FailureKind
from checks.recording.round_trips import RoundTrip
from checks.recording.schema import Fate, SchemaObject

_UNNAMED = re.compile(r"\bhas no name\b|\bno name\b.*\bconstraint\b", re.IGNORECASE)
_CALL = re.compile(r"drop_constraint\(\s*(?:constraint_name\s*=\s*)?None\s*,\s*(?:table_name\s*=\s*)?['\"](\w+)['\"]")
_TYPE = re.compile(r"type_\s*=\s*['\"](\w+)['\"]")
_TYPES = {"foreignkey": "foreign key", "primary": "primary key", "unique": "unique", "check": "check"}
_OF_TABLE = re.compile(
    r'(?P<kind>constraint|column|trigger|policy|rule) "(?P<name>[^"]+)" (?:of|for) (?:relation|table)'
    r' "(?P<table>[^"]+)" does not exist'
)
_ALONE = re.compile(
    r"(?P<kind>index|type|relation|table|view|materialized view|sequence|schema|extension|domain|function|collation)"
    r' "?(?P<name>[^"(]+?)"?(?:\(.*\))? does not exist'
)
_KINDS = {
    "type": ("enum", "composite type", "range type", "domain"),
    "relation": ("table", "view", "materialized view", "sequence", "index"),
    "table": ("table",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongName:
    """Which objects a downgrade means that names nothing that is there."""

    wrong: str | None
    """The name that it uses; None where it uses none."""
    meant: tuple[SchemaObject, ...]
    """What the upgrade created and may be meant, the likeliest first; empty where it created nothing of this kind."""

    @property
    def names(self) -> list[str]:
        """Return the objects that may be meant, in words."""
        return [described(item) for item in self.meant]

    @property
    def lines(self) -> tuple[str, ...]:
        """Return the lines that drop what may be meant."""
        return tuple(line for item in self.meant for line in dropped(NAMES, item))


def wrong_name(trip: RoundTrip, failure: Failure) -> WrongName | None:
    """Return what a downgrade names wrongly; None where it failed for another reason."""
    created = [change.after for change in trip.changed if change.fate is Fate.CAME and change.after is not None]
    if failure.kind is FailureKind.PYTHON:
        return WrongName(wrong=None, meant=_unnamed(failure, created)) if _UNNAMED.search(failure.message) else None
    found = _OF_TABLE.search(failure.message)
    if found is not None:
        table = found["table"].rpartition(".")[2]
        own = [item for item in created if item.kind == found["kind"] and item.table == table]
        return WrongName(wrong=found["name"], meant=_nearest(found["name"], own))
    found = _ALONE.search(failure.message)
    if found is None:
        return None
    name = found["name"].rpartition(".")[2].strip('"')
    kinds = _KINDS.get(found["kind"], (found["kind"],))
    return WrongName(wrong=found["name"], meant=_nearest(name, [item for item in created if item.kind in kinds]))


def _unnamed(failure: Failure, created: Sequence[SchemaObject]) -> tuple[SchemaObject, ...]:
    """Return the constraints that an operation without a name may mean, by its line in the traceback."""
    found = [item for item in created if item.kind == "constraint"]
    calls = list(_CALL.finditer(failure.traceback))
    if not calls:
        return tuple(found)
    line = failure.traceback[calls[-1].start() :].partition("\n")[0]
    of_table = [item for item in found if item.table == calls[-1][1]] or found
    kind = _TYPE.search(line)
    of_type = [item for item in of_table if kind is not None and item.attributes["type"] == _TYPES.get(kind[1])]
    return tuple(of_type or of_table)


def _nearest(name: str, items: Sequence[SchemaObject]) -> tuple[SchemaObject, ...]:
    """Return the objects, the one whose name is likest first; that one alone where the others are far from it."""
    ranked = sorted(items, key=lambda item: difflib.SequenceMatcher(None, name, _bare(item)).ratio(), reverse=True)
    if ranked and (_bare(ranked[0]) == name or len(ranked) > 3):
        return tuple(ranked[:1])
    return tuple(ranked)


def _bare(item: SchemaObject) -> str:
    return item.name.partition("(")[0]
