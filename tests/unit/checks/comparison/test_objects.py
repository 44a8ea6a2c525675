"""Two readings of one database: which objects came, went or changed, and in what."""

from __future__ import annotations

import pytest

from checks.comparison.objects import changed_objects
from checks.recording.schema import Attribute, Fate, ObjectChange, ObjectKey, Schema, SchemaObject
from tests.unit.checks.schemas import alone, column, index, schema_of, table


def item(kind: str, table: str | None, name: str, **attributes: Attribute) -> SchemaObject:
    return SchemaObject(kind=kind, schema="public", table=table, name=name, attributes=dict(attributes))


BEFORE = Schema(objects=(item("table", None, "old"), item("column", "old", "a"), item("index", "kept", "i", on="a")))
AFTER = Schema(
    objects=(
        item("column", "new", "a"),
        item("table", None, "new"),
        item("index", "kept", "i", on="b"),
        item("enum", None, "mood"),
    )
)


def test_objects_that_came_went_or_changed_are_listed_and_a_table_only_as_a_whole() -> None:
    assert changed_objects(BEFORE, AFTER) == (
        ObjectChange(before=None, after=item("enum", None, "mood")),
        ObjectChange(before=item("index", "kept", "i", on="a"), after=item("index", "kept", "i", on="b")),
        ObjectChange(before=None, after=item("table", None, "new")),
        ObjectChange(before=item("table", None, "old"), after=None),
    )
    assert changed_objects(AFTER, AFTER) == ()


def test_each_says_which_object_and_what_became_of_it() -> None:
    assert [(change.key, change.fate) for change in changed_objects(BEFORE, AFTER)] == [
        (ObjectKey("enum", "public", "", "mood"), Fate.CAME),
        (ObjectKey("index", "public", "kept", "i"), Fate.CHANGED),
        (ObjectKey("table", "public", "", "new"), Fate.CAME),
        (ObjectKey("table", "public", "", "old"), Fate.WENT),
    ]


def test_what_changed_says_which_attributes_from_what_to_what() -> None:
    before = schema_of(table("t", column("a", type="integer", default="0"), column("b")))
    after = schema_of(table("t", column("a", type="bigint"), column("b"), column("c")))
    changed, came = changed_objects(before, after)
    assert changed.attributes == {"default": ("0", None), "type": ("integer", "bigint")}
    assert (came.key.name, came.attributes) == ("c", {})


def test_the_same_objects_in_another_order_are_no_change() -> None:
    schema = schema_of(table("t", column("a"), index("i", "USING btree (a)", "a")), alone("enum", "e", values=("x",)))
    assert changed_objects(schema, Schema(objects=schema.objects[::-1])) == ()


def test_a_table_is_left_out_by_its_key_with_all_its_parts_and_nothing_else() -> None:
    versions = {"schema": "public", "name": "versions"}
    before = schema_of(
        table("versions", column("version_num")), table("versions", column("version_num"), schema="other")
    )
    after = schema_of(
        table("versions", column("version_num", type="text"), column("at"), comment="ours"),
        table("versions", column("version_num", type="text"), schema="other"),
        alone("view", "versions_view"),
        alone("function", "versions"),
    )
    found = changed_objects(before, after, without=((versions["schema"], versions["name"]),))
    assert [change.key for change in found] == [
        ObjectKey("column", "other", "versions", "version_num"),
        ObjectKey("function", "public", "", "versions"),
        ObjectKey("view", "public", "", "versions_view"),
    ]
    made = changed_objects(schema_of(), schema_of(table("versions", column("version_num"))), [("public", "versions")])
    assert made == ()


def test_privileges_on_the_sequence_of_a_table_and_its_statistics_go_with_the_table() -> None:
    parts = [
        alone("sequence", "t_id_seq", owned_by=("public", "t", "id")),
        alone("grant", "app", on="t_id_seq", definition="USAGE"),
        alone("statistics", "st", of_table=("public", "t")),
        alone("grant", "app", on="other_seq", definition="USAGE"),
    ]
    found = changed_objects(schema_of(), schema_of(table("t", column("id")), *parts))
    assert [change.key.path for change in found] == [("public", "other_seq", "app"), ("public", "t")]


@pytest.mark.parametrize(
    ("before", "after"), [(None, None), (item("table", None, "a"), item("table", None, "b"))], ids=["nothing", "two"]
)
def test_a_change_is_of_one_object(before: SchemaObject | None, after: SchemaObject | None) -> None:
    with pytest.raises(ValueError, match="not two readings of one object"):
        ObjectChange(before=before, after=after)
