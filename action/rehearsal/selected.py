"""Which of the operations that autogenerate finds are wanted: those of differences that the check has found."""

from __future__ import annotations

from action.probe.protocol.requests import SelectedObject, Selection
from checks.comparison.change import Change
from checks.comparison.in_migration import belongs_in_migration, needed_types
from checks.drift.dated import Dated
from checks.recording.models import Models
from checks.recording.schema import SchemaObject


def selection_of(models: Models, differences: Dated) -> Selection:
    """Return which operations a migration holds: those of the new differences."""
    wanted = [change for change in differences.new if belongs_in_migration(change)]
    return Selection(
        wanted=[_selected(change) for change in wanted],
        types=[
            {"name": needed.name, "create": needed.create, "drop": needed.drop}
            for needed in needed_types(models, wanted)
        ],
        known=None,
    )


def _selected(change: Change) -> SelectedObject:
    sides = [item for item in (change.after, change.before) if item is not None]
    columns = next((item.attributes["columns"] for item in sides if "columns" in item.attributes), None)
    return SelectedObject(
        change=change.kind.value,
        kind=change.key.kind,
        schema=change.key.schema,
        table=change.key.table,
        names=list(dict.fromkeys((change.key.name, *(item.name for item in sides)))),
        columns=list(columns) if isinstance(columns, tuple) else [],
        types=sorted({named[1] for item in (*change.columns, *sides) if (named := _type_of(item))}),
    )


def _type_of(item: SchemaObject) -> tuple[str, ...]:
    named = item.attributes.get("named_type")
    return named if isinstance(named, tuple) else ()
