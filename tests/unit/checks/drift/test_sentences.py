"""The sentences about a change, on the side of the models."""

from __future__ import annotations

import pytest

from checks.comparison.change import Change
from checks.comparison.compare import compare
from checks.drift.evidence import in_database, in_models
from checks.drift.sentences import message, object_name, why
from checks.recording.schema import SchemaObject
from tests.unit.checks.schemas import alone, column, constraint, index, models, schema_of, table

DATABASE = "the database that the migrations build"
A = column("a")


def only(found: list[SchemaObject], wanted: list[SchemaObject], **more: object) -> Change:
    (change,) = compare(models(schema_of(found), schema_of(wanted), **more))
    return change


def test_a_column_that_is_missing() -> None:
    change = only(table("t"), table("t", column("price", type="numeric(10,2)", not_null=True, default="0")))
    assert (object_name(change), message(change), why(change), in_models(change), in_database(change)) == (
        "public.t.price",
        f"Column public.t.price is in the models but not in {DATABASE}.",
        "Every query of the model names the column and fails.",
        "numeric(10,2) NOT NULL DEFAULT 0",
        None,
    )


def test_a_table_s_columns_are_listed() -> None:
    change = only([], table("t", A, column("b", type="text", not_null=True)))
    assert in_models(change) == "a integer\nb text NOT NULL"


@pytest.mark.parametrize(
    ("found", "wanted", "sentence", "shown"),
    [
        (
            table("t", A, options=("fillfactor=70",)),
            table("t", A, options=("fillfactor=90", "user_catalog_table=true")),
            f"The options of table public.t differs: fillfactor=90, user_catalog_table=true in the models,"
            f" fillfactor=70 in {DATABASE}.",
            ("fillfactor=90, user_catalog_table=true", "fillfactor=70"),
        ),
        (
            table("t", A),
            table("t", A, partition_key="RANGE (a)"),
            f"The partition key of table public.t differs: RANGE (a) in the models, none in {DATABASE}.",
            ("RANGE (a)", None),
        ),
        (
            table("t", column("a", collation='pg_catalog."C"')),
            table("t", A),
            f'The collation of column public.t.a differs: the default in the models, pg_catalog."C" in {DATABASE}.',
            ("default", 'pg_catalog."C"'),
        ),
        (
            table("t", column("a", comment="x")),
            table("t", A),
            f"The comment of column public.t.a differs between the models and {DATABASE}.",
            (None, "x"),
        ),
        (
            table("t", A, constraint("c", "check", "CHECK (a)", "a")),
            table("t", A, constraint("c", "check", "CHECK (a)", "a", comment="x")),
            f"The comment of public.t.c differs between the models and {DATABASE}.",
            ("x", None),
        ),
        (
            table("t", A, index("old", "USING btree (a)", "a", unique=True)),
            table("t", A, index("new", "USING btree (a)", "a", unique=True)),
            f"Unique index new of table public.t has the name old in {DATABASE}.",
            ("new", "old"),
        ),
        (
            table("t", A, index("u", "USING btree (a)", "a", unique=True)),
            table("t", A, constraint("v", "unique", "UNIQUE (a)", "a", index="USING btree (a)")),
            f"Unique constraint v of table public.t is a unique index (u) in {DATABASE}.",
            ("UNIQUE (a)", "UNIQUE USING btree (a)"),
        ),
    ],
)
def test_what_differs_is_said_with_both_sides(
    found: list[SchemaObject], wanted: list[SchemaObject], sentence: str, shown: tuple[str | None, str | None]
) -> None:
    change = only(found, wanted)
    assert (message(change), (in_models(change), in_database(change))) == (sentence, shown)


def test_a_value_of_an_enum_is_named_with_its_enum() -> None:
    sides = ([alone("enum", "mood", values=values)] for values in (("sad",), ("sad", "it's ok")))
    change = only(*sides, enums=(("public", "mood"),))
    assert (object_name(change), message(change), in_models(change), in_database(change)) == (
        "public.mood.it's ok",
        f"Value 'it''s ok' of enum public.mood is in the models but not in {DATABASE}.",
        "'sad', 'it''s ok'",
        "'sad'",
    )


@pytest.mark.parametrize(
    ("found", "wanted", "reason"),
    [
        (
            table("t", A, column("b", not_null=True)),
            table("t", A),
            "It is NOT NULL without a default: an INSERT of the model leaves it out and fails.",
        ),
        (table("t", A, column("b")), table("t", A), "The models neither read nor write it."),
        (
            table("t", column("a", type="bigint")),
            table("t", A),
            "The database takes values that the models do not expect.",
        ),
        (
            table("t", column("a", type="smallint")),
            table("t", A),
            "Values that the models allow can be refused or come back changed.",
        ),
        (
            table("t", column("a", not_null=True)),
            table("t", A),
            "An INSERT or UPDATE that leaves it NULL, which the models allow, fails.",
        ),
        (
            table("t", A),
            table("t", column("a", not_null=True)),
            "Rows with NULL can get in, which the models do not expect.",
        ),
        (
            table("t", A, index("i", "USING btree (a)", "a")),
            table("t", A),
            "It costs writes and serves nothing that the models know of.",
        ),
        (
            table("t", A, index("i", "USING btree (a)", "a", unique=True)),
            table("t", A),
            "The database refuses rows that the models allow.",
        ),
        (
            table("t", A),
            table("t", A, index("i", "USING btree (a)", "a", unique=True)),
            "Duplicates get in, and ON CONFLICT on these columns fails.",
        ),
        (
            table("t", A, constraint("k", "unique", "UNIQUE (a)", "a")),
            table("t", A, constraint("k", "unique", "UNIQUE (a) DEFERRABLE", "a", deferrable=True)),
            "The rows are the same, but when or how they are checked is not.",
        ),
    ],
)
def test_why_depends_on_what_the_database_does(
    found: list[SchemaObject], wanted: list[SchemaObject], reason: str
) -> None:
    assert why(only(found, wanted)) == reason
