"""What changed between two readings of one database."""

from __future__ import annotations

from checks.recording.schema import Schema, SchemaObject, changes


def item(kind: str, table: str | None, name: str, **attributes: str) -> SchemaObject:
    return SchemaObject(kind=kind, schema="public", table=table, name=name, attributes=dict(attributes))


def test_new_gone_and_changed_objects_are_told_and_a_table_only_as_a_whole() -> None:
    before = Schema(
        objects=(item("table", None, "old"), item("column", "old", "a"), item("index", "kept", "i", on="a"))
    )
    after = Schema(
        objects=(
            item("column", "new", "a"),
            item("table", None, "new"),
            item("index", "kept", "i", on="b"),
            item("enum", None, "mood"),
        )
    )
    assert changes(before, after) == (
        "enum public.mood is new",
        "index public.kept.i is changed",
        "table public.new is new",
        "table public.old is gone",
    )
    assert changes(after, after) == ()
