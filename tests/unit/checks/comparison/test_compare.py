"""The comparison of two schemas: which differences count, in which order, and the lines that repair them."""

from __future__ import annotations

import pytest

from checks.comparison.change import Change
from checks.comparison.compare import compare
from checks.recording.absent import Absent
from checks.recording.models import Hidden
from checks.recording.schema import Schema
from tests.unit.checks.schemas import alone, column, constraint, index, models, schema_of, table

ID = column("id", not_null=True)


def changes(migrated: Schema, modelled: Schema, **more: object) -> list[tuple[str, str, str]]:
    found = compare(models(migrated, modelled, **more), ("public", "alembic_version"))
    return [(change.weight.value, change.kind.value, ".".join(change.path)) for change in found]


def only(migrated: Schema, modelled: Schema, **more: object) -> Change:
    (change,) = compare(models(migrated, modelled, **more))
    return change


def test_models_that_could_not_be_built_give_no_changes() -> None:
    assert compare(models(schema_of(table("t")), Absent(reason="x"))) == ()


def test_the_worst_stands_first_whatever_the_order_of_the_objects() -> None:
    migrated = schema_of(table("b", ID, comment="x"), table("z", column("a")))
    modelled = schema_of(table("a"), table("b", ID, column("n", default="1")), table("z", column("a", default="1")))
    expected = [
        ("breaks", "table-missing", "public.a"),
        ("breaks", "column-missing", "public.b.n"),
        ("differs", "default", "public.z.a"),
        ("cosmetic", "comment", "public.b"),
    ]
    assert changes(migrated, modelled) == expected
    turned = (Schema(objects=side.objects[::-1]) for side in (migrated, modelled))
    assert changes(*turned) == expected


@pytest.mark.parametrize(
    ("hidden", "left"),
    [
        ((), ["public.t.c", "public.t.fk", "public.t.ix"]),
        ((("table", "t"),), []),
        ((("column", "c"),), ["public.t.fk"]),
        ((("index", "ix"),), ["public.t.c", "public.t.fk"]),
        ((("foreign_key_constraint", "fk"),), ["public.t.c", "public.t.ix"]),
        ((("foreign_key_constraint", "id"),), ["public.t.c", "public.t.ix"]),
        ((("unique_constraint", "fk"),), ["public.t.c", "public.t.fk", "public.t.ix"]),
    ],
)
def test_what_env_py_hides_is_not_compared(hidden: tuple[tuple[str, str], ...], left: list[str]) -> None:
    fk = constraint("fk", "foreign key", "FOREIGN KEY (id) REFERENCES public.u(id)", "id")
    modelled = schema_of(table("t", ID, column("c"), fk, index("ix", "USING btree (c)", "c")))
    entries = tuple(Hidden(kind=kind, schema="public", table="t", name=name) for kind, name in hidden)
    found = changes(schema_of(table("t", ID)), modelled, hidden=entries)
    assert sorted(name for _, _, name in found) == left


def test_a_table_that_only_the_database_has_counts_in_the_schemas_of_the_models_alone() -> None:
    migrated = schema_of(
        table("alembic_version"),
        table("left"),
        table("other", schema="elsewhere"),
        table("part", is_partition=True, parents=("public.log",)),
        table("child", parents=("public.log",)),
        table("seen"),
        table("mapped_view_s_table"),
    )
    found = changes(
        migrated,
        schema_of(),
        hidden=(Hidden(kind="table", schema="public", table="seen", name="seen"),),
        views=(("public", "mapped_view_s_table"),),
    )
    assert found == [("differs", "table-extra", "public.left")]


def test_a_constraint_inherited_from_the_parent_does_not_count() -> None:
    inherited = constraint("t_a_check", "check", "CHECK ((a > 0))", "a")
    inherited.attributes["inherited"] = True
    assert changes(schema_of(table("t", column("a"), inherited)), schema_of(table("t", column("a")))) == []


@pytest.mark.parametrize(
    ("mine", "theirs", "expected"),
    [
        ("t_a_key", "anything", []),
        ("t_a_key1", "anything", []),
        ("uq_a", "t_a_key", [("cosmetic", "name", "public.t.uq_a")]),
        ("u" * 54 + "_1a2b", "u" * 54 + "abcdefghi", []),
        ("u" * 53 + "_1a2b", "u" * 53 + "abcdefghi", [("cosmetic", "name", f"public.t.{'u' * 53}_1a2b")]),
    ],
)
def test_names_count_only_where_the_models_give_them(
    mine: str, theirs: str, expected: list[tuple[str, str, str]]
) -> None:
    sides = (
        schema_of(table("t", column("a"), constraint(name, "unique", "UNIQUE (a)", "a", index="USING btree (a)")))
        for name in (theirs, mine)
    )
    assert changes(*sides) == expected


def test_two_constraints_that_exchanged_their_names_are_matched_by_definition() -> None:
    one, two = "CHECK ((a > 0))", "CHECK ((a > 1))"
    mine = table("t", column("a"), constraint("x", "check", one, "a"), constraint("y", "check", two, "a"))
    theirs = table("t", column("a"), constraint("x", "check", two, "a"), constraint("y", "check", one, "a"))
    assert changes(schema_of(theirs), schema_of(mine)) == [
        ("cosmetic", "name", "public.t.x"),
        ("cosmetic", "name", "public.t.y"),
    ]


@pytest.mark.parametrize(
    ("mine", "theirs", "repair"),
    [
        (
            column("m", type="text", default="'{\"a\":1}'::text"),
            column("m", type="text"),
            'op.alter_column("t", "m", server_default=sa.text("\'{\\"a\\"\\\\:1}\'::text"))',
        ),
        (column("m", not_null=True), column("m"), 'op.alter_column("t", "m", nullable=False)'),
        (
            column("Odd", type="bigint"),
            column("Odd", type="text"),
            'op.execute("ALTER TABLE t ALTER COLUMN \\"Odd\\" TYPE bigint USING \\"Odd\\"::bigint")',
        ),
        (
            constraint("ck", "check", "CHECK ((m > 0))", "m", expression="m > 0"),
            constraint("ck", "check", "CHECK ((m > 1))", "m", expression="m > 1"),
            'op.drop_constraint(op.f("ck"), "t", type_="check")\nop.create_check_constraint(op.f("ck"), "t", "m > 0")',
        ),
        (
            constraint("ck", "check", "CHECK ((m <> ':a'::text))", "m", expression="m <> ':a'::text"),
            column("n"),
            'op.create_check_constraint(op.f("ck"), "t", "m <> \'\\\\:a\'::text")',
        ),
        (
            constraint("ck", "check", "CHECK ((m > 0)) NOT VALID", "m", expression="m > 0", validated=False),
            column("n"),
            'op.execute("ALTER TABLE t ADD CONSTRAINT ck CHECK ((m > 0)) NOT VALID")',
        ),
        (
            constraint("ck", "check", "CHECK ((m > 0)) NO INHERIT", "m", expression="m > 0", no_inherit=True),
            column("n"),
            'op.execute("ALTER TABLE t ADD CONSTRAINT ck CHECK ((m > 0)) NO INHERIT")',
        ),
        (
            index("ix", "USING btree (m)", "m", unique=True),
            index("iy", "USING hash (m)", "m"),
            'op.execute("CREATE UNIQUE INDEX ix ON t USING btree (m)")',
        ),
    ],
)
def test_the_lines_to_add_by_hand(mine: object, theirs: object, repair: str) -> None:
    sides = (schema_of(table("t", column("m", not_null=False), side)) for side in (theirs, mine))  # type: ignore[arg-type]
    found = compare(models(*sides))
    assert "\n".join(found[0].repair) == repair


def test_lines_name_a_schema_that_is_not_the_default() -> None:
    change = only(
        schema_of(table("order", schema="shop")),
        schema_of(table("order", column("a"), schema="shop")),
        schemas=("public", "shop"),
    )
    assert change.repair == ('op.execute("ALTER TABLE shop.\\"order\\" ADD COLUMN a integer")',)


def test_a_value_goes_into_an_enum_before_the_one_that_follows_it_in_the_models() -> None:
    change = only(
        schema_of(alone("enum", "mood", values=("sad", "glad"))),
        schema_of(alone("enum", "mood", values=("sad", "it's ok", "glad"))),
        enums=(("public", "mood"),),
    )
    assert change.repair == ("op.execute(\"ALTER TYPE mood ADD VALUE IF NOT EXISTS 'it''s ok' BEFORE 'glad'\")",)
