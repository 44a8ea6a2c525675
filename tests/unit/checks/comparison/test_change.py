"""The fields of a change, and its fingerprint, which is equal for two readings of the same difference."""

from __future__ import annotations

import pytest

from checks.comparison.change import Change, ChangeKind, Weight
from checks.comparison.compare import compare
from checks.recording.schema import Attribute, ObjectKey, Schema
from tests.unit.checks.schemas import alone, column, constraint, index, models, schema_of, table

ID = column("id", not_null=True)
DEFINED = (
    "type",
    "collation",
    "not_null",
    "default",
    "serial",
    "generated",
    "generated_kind",
    "identity",
    "identity_options",
)


def only(migrated: Schema, modelled: Schema, **more: object) -> Change:
    (change,) = compare(models(migrated, modelled, **more))
    return change


def kinds(migrated: Schema, modelled: Schema, **more: object) -> list[tuple[ChangeKind, str]]:
    return [(change.kind, ".".join(change.path)) for change in compare(models(migrated, modelled, **more))]


def test_a_missing_column_has_the_model_s_side_and_a_line_that_adds_it() -> None:
    _, price = table("t", column("price", type="numeric(10,2)", not_null=True, default="0"))
    assert only(schema_of(table("t")), schema_of(table("t"), price)) == Change(
        kind=ChangeKind.COLUMN_MISSING,
        key=ObjectKey("column", "public", "t", "price"),
        before=None,
        after=price,
        weight=Weight.BREAKS,
        attributes=DEFINED,
        repair=('op.execute("ALTER TABLE t ADD COLUMN price numeric(10,2) NOT NULL DEFAULT 0")',),
    )


def test_a_missing_table_has_its_columns_and_no_line() -> None:
    item, id_, a = table("t", ID, column("a"))
    assert only(schema_of(), schema_of(item, id_, a)) == Change(
        kind=ChangeKind.TABLE_MISSING,
        key=ObjectKey("table", "public", "", "t"),
        before=None,
        after=item,
        weight=Weight.BREAKS,
        columns=(a, id_),
    )


def test_a_column_with_another_type_has_both_sides_and_the_attribute_that_differs() -> None:
    sides = [table("t", column("a", type=name, comment="note")) for name in ("bigint", "text")]
    assert only(*map(schema_of, sides)) == Change(
        kind=ChangeKind.TYPE,
        key=ObjectKey("column", "public", "t", "a"),
        before=sides[0][1],
        after=sides[1][1],
        weight=Weight.BREAKS,
        attributes=("type",),
        repair=('op.execute("ALTER TABLE t ALTER COLUMN a TYPE text USING a::text")',),
    )


def test_a_constraint_under_another_name_has_the_wanted_one_in_its_key() -> None:
    sides = [table("t", ID, constraint(name, "check", "CHECK ((id > 0))", "id")) for name in ("old", "new")]
    assert only(*map(schema_of, sides)) == Change(
        kind=ChangeKind.NAME,
        key=ObjectKey("constraint", "public", "t", "new"),
        before=sides[0][2],
        after=sides[1][2],
        weight=Weight.COSMETIC,
        repair=('op.execute("ALTER TABLE t RENAME CONSTRAINT old TO new")',),
    )


def test_a_value_of_an_enum_is_the_part_beside_the_key() -> None:
    sides = [alone("enum", "mood", values=values) for values in (("sad", "glad"), ("sad",))]
    change = only(*map(schema_of, sides), enums=(("public", "mood"),))
    assert change == Change(
        kind=ChangeKind.ENUM_VALUE_EXTRA,
        key=ObjectKey("enum", "public", "", "mood"),
        part="glad",
        before=sides[0],
        after=sides[1],
        weight=Weight.OUTSIDE,
        attributes=("values",),
    )
    assert change.path == ("public", "mood", "glad")


def retyped(found: str, wanted: str, comment: str) -> Change:
    return only(*(schema_of(table("t", column("a", type=name, comment=comment))) for name in (found, wanted)))


def test_a_fingerprint_holds_what_the_change_is_about_and_nothing_else() -> None:
    one = retyped("bigint", "text", "note")
    assert retyped("bigint", "text", "more").fingerprint == one.fingerprint
    for other in (retyped("integer", "text", "note"), retyped("bigint", "date", "note")):
        assert other.fingerprint != one.fingerprint
        assert other.place == one.place


def test_two_names_of_one_constraint_have_different_fingerprints() -> None:
    def renamed(found: str) -> Change:
        sides = (table("t", ID, constraint(name, "check", "CHECK ((id > 0))", "id")) for name in (found, "new"))
        return only(*map(schema_of, sides))

    assert renamed("old").fingerprint != renamed("older").fingerprint
    assert renamed("old").place == renamed("older").place


def test_a_primary_key_that_is_missing_covers_the_not_null_of_its_own_columns() -> None:
    key = constraint("t_pkey", "primary key", 'PRIMARY KEY (id, "a, b")', "id", "a, b")
    odd, other = column("a, b", not_null=True), column("c", not_null=True)
    migrated = schema_of(table("t", column("id"), column("a, b"), column("c")))
    assert kinds(migrated, schema_of(table("t", ID, odd, other, key))) == [
        (ChangeKind.NOT_NULL, "public.t.c"),
        (ChangeKind.CONSTRAINT_MISSING, "public.t.t_pkey"),
    ]


def test_an_enum_comes_with_a_missing_table_if_no_other_uses_it() -> None:
    mood = alone("enum", "mood", values=("sad",))
    pet = table("pet", column("moods", type="public.mood[]", named_type=("public", "mood")))
    enums = (("public", "mood"),)
    assert kinds(schema_of(), schema_of(mood, pet), enums=enums) == [(ChangeKind.TABLE_MISSING, "public.pet")]
    texts = schema_of(table("pet", column("moods", type="text")))
    assert kinds(texts, schema_of(mood, pet), enums=enums) == [
        (ChangeKind.ENUM_MISSING, "public.mood"),
        (ChangeKind.TYPE, "public.pet.moods"),
    ]


def test_an_enum_that_no_column_uses_is_left_over() -> None:
    mood = alone("enum", "mood", values=("sad",))
    used = table("pet", column("moods", type="public.mood[]", named_type=("public", "mood")))
    other = table("pet", column("moods", type="other.mood[]", named_type=("other", "mood")))
    assert kinds(schema_of(mood, used), schema_of(used)) == []
    assert kinds(schema_of(mood, other), schema_of(other)) == [(ChangeKind.ENUM_EXTRA, "public.mood")]


@pytest.mark.parametrize(
    ("on_constraint", "on_index", "alike"),
    [
        ({}, {}, True),
        ({"deferrable": True}, {}, False),
        ({}, {"unique": False}, False),
        ({}, {"valid": False}, False),
        ({}, {"definition": "USING btree (id) WHERE (id > 0)"}, False),
    ],
)
def test_a_unique_index_stands_for_a_constraint_only_where_it_refuses_the_same_rows(
    on_constraint: dict[str, Attribute], on_index: dict[str, Attribute], alike: bool
) -> None:
    wanted = constraint("u", "unique", "UNIQUE (id)", "id", index="USING btree (id)", **on_constraint)
    found = index("u", "USING btree (id)", "id", unique=True)
    found.attributes.update(on_index)
    changes = kinds(schema_of(table("t", ID, found)), schema_of(table("t", ID, wanted)))
    assert (changes == [(ChangeKind.FORM, "public.t.u")]) is alike


def test_a_unique_index_in_place_of_a_plain_one_has_changed() -> None:
    plain, unique = (index("ix", "USING btree (id)", "id", unique=unique) for unique in (False, True))
    change = only(schema_of(table("t", ID, plain)), schema_of(table("t", ID, unique)))
    assert (change.kind, change.weight) == (ChangeKind.INDEX_CHANGED, Weight.BREAKS)


def test_the_line_for_a_sequence_names_the_one_that_the_default_draws_from() -> None:
    drawn = "nextval('public.\"Odd\"'::regclass)"
    sides = (
        column("id", type="bigint", default=drawn, sequence=("public", "Odd"), serial=True, sequence_max=top)
        for top in (2**31 - 1, 2**63 - 1)
    )
    change = only(*(schema_of(table("t", side)) for side in sides))
    assert (change.kind, change.repair) == (
        ChangeKind.SEQUENCE_RANGE,
        ('op.execute("ALTER SEQUENCE \\"Odd\\" AS bigint")',),
    )


def test_a_default_that_draws_from_any_sequence_does_for_a_serial() -> None:
    drawn = "nextval('public.s'::regclass)"
    wanted = column("id", default="nextval('public.t_id_seq'::regclass)", sequence=("public", "t_id_seq"), serial=True)
    found = column("id", default=drawn, sequence=("public", "s"))
    assert kinds(schema_of(table("t", found)), schema_of(table("t", wanted))) == []
    more = column("id", default=f"({drawn} + 1)")
    assert kinds(schema_of(table("t", more)), schema_of(table("t", wanted))) == [(ChangeKind.VALUE, "public.t.id")]
