"""The sentences of a finding: message, reason, and the SQL of both sides."""

from __future__ import annotations

import pytest

from checks.comparison.change import Change
from checks.comparison.compare import compare
from checks.drift.consequences import why
from checks.drift.evidence import in_database, in_models
from checks.drift.remedies import cosmetic_remedy
from checks.drift.sentences import message, object_name
from checks.recording.schema import SchemaObject
from tests.unit.checks.schemas import alone, column, constraint, index, models, schema_of, table

A = column("a")


def only(found: list[SchemaObject], wanted: list[SchemaObject], **more: object) -> Change:
    (change,) = compare(models(schema_of(found), schema_of(wanted), **more))
    return change


def test_a_column_that_is_missing() -> None:
    change = only(table("t"), table("t", column("price", type="numeric(10,2)", not_null=True, default="0")))
    assert (object_name(change), message(change), why(change), in_models(change), in_database(change)) == (
        "public.t.price",
        "Column public.t.price is in the models, but no migration creates it.",
        "Every query on this model will fail: the column does not exist.",
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
            "The options of table public.t differ: fillfactor=90, user_catalog_table=true in the models,"
            " fillfactor=70 in the migrations.",
            ("fillfactor=90, user_catalog_table=true", "fillfactor=70"),
        ),
        (
            table("t", A),
            table("t", A, partition_key="RANGE (a)"),
            "The partition key of table public.t differs: RANGE (a) in the models, none in the migrations.",
            ("RANGE (a)", None),
        ),
        (
            table("t", column("a", collation='pg_catalog."C"')),
            table("t", A),
            'The collation of column public.t.a differs: the default in the models, pg_catalog."C" in the migrations.',
            ("default", 'pg_catalog."C"'),
        ),
        (
            table("t", column("a", comment="x")),
            table("t", A),
            "The comment of column public.t.a differs between the models and the migrations.",
            (None, "x"),
        ),
        (
            table("t", A, constraint("c", "check", "CHECK (a)", "a")),
            table("t", A, constraint("c", "check", "CHECK (a)", "a", comment="x")),
            "The comment of constraint public.t.c differs between the models and the migrations.",
            ("x", None),
        ),
        (
            table("t", A, index("old", "USING btree (a)", "a", unique=True)),
            table("t", A, index("new", "USING btree (a)", "a", unique=True)),
            "Unique index new of table public.t has the name old in the migrations.",
            ("new", "old"),
        ),
        (
            table("t", A, index("u", "USING btree (a)", "a", unique=True)),
            table("t", A, constraint("v", "unique", "UNIQUE (a)", "a", index="USING btree (a)")),
            "Unique constraint v of table public.t is a unique index (u) in the migrations.",
            ("UNIQUE (a)", "UNIQUE USING btree (a)"),
        ),
    ],
)
def test_the_message_and_the_sql_of_both_sides(
    found: list[SchemaObject], wanted: list[SchemaObject], sentence: str, shown: tuple[str | None, str | None]
) -> None:
    change = only(found, wanted)
    assert (message(change), (in_models(change), in_database(change))) == (sentence, shown)


def test_a_value_of_an_enum_is_named_with_its_enum() -> None:
    sides = ([alone("enum", "mood", values=values)] for values in (("sad",), ("sad", "it's ok")))
    change = only(*sides, enums=(("public", "mood"),))
    assert (object_name(change), message(change), in_models(change), in_database(change)) == (
        "public.mood.it's ok",
        "Value 'it''s ok' of enum public.mood is in the models, but no migration adds it.",
        "'sad', 'it''s ok'",
        "'sad'",
    )


@pytest.mark.parametrize(
    ("found", "wanted", "reason"),
    [
        (
            table("t", A, column("b", not_null=True)),
            table("t", A),
            "Every INSERT of this model will fail: the column is NOT NULL and has no default.",
        ),
        (table("t", A, column("b")), table("t", A), "The models neither read nor write this column."),
        (
            table("t", column("a", type="bigint")),
            table("t", A),
            "Nobody is hurt: the column holds every value that the models allow.",
        ),
        (
            table("t", column("a", type="smallint")),
            table("t", A),
            "The database may refuse or change values that the models allow.",
        ),
        (
            table("t", column("a", not_null=True)),
            table("t", A),
            "The database refuses NULL, which the models allow.",
        ),
        (
            table("t", A),
            table("t", column("a", not_null=True)),
            "The database will accept NULL, which the models forbid.",
        ),
        (
            table("t", A, index("i", "USING btree (a)", "a")),
            table("t", A),
            "The index slows down writes, and no model declares it.",
        ),
        (
            table("t", A, index("i", "USING btree (a)", "a", unique=True)),
            table("t", A),
            "The database refuses rows that the models allow.",
        ),
        (
            table("t", A),
            table("t", A, index("i", "USING btree (a)", "a", unique=True)),
            "The database will accept duplicates, and ON CONFLICT on these columns fails.",
        ),
        (
            table("t", A, constraint("k", "unique", "UNIQUE (a)", "a")),
            table("t", A, constraint("k", "unique", "UNIQUE (a) DEFERRABLE", "a", deferrable=True)),
            "The unique constraint follows different rules from the models.",
        ),
    ],
)
def test_why_depends_on_what_the_database_does(
    found: list[SchemaObject], wanted: list[SchemaObject], reason: str
) -> None:
    assert why(only(found, wanted)) == reason


@pytest.mark.parametrize(
    ("found", "wanted", "remedy"),
    [
        (
            table("t", column("a", comment="x")),
            table("t", A),
            "Add a migration that sets the comment, or change the comment in the model.",
        ),
        (
            table("t", A, index("old", "USING btree (a)", "a")),
            table("t", A, index("new", "USING btree (a)", "a")),
            "Add a migration that renames the index, or change its name in the model.",
        ),
        (
            table("t", A, constraint("old", "check", "CHECK (a)", "a")),
            table("t", A, constraint("new", "check", "CHECK (a)", "a")),
            "Add a migration that renames the constraint, or change its name in the model.",
        ),
        (
            table("t", A, index("u", "USING btree (a)", "a", unique=True)),
            table("t", A, constraint("v", "unique", "UNIQUE (a)", "a", index="USING btree (a)")),
            "Add a migration that replaces the unique index with a unique constraint,"
            " or declare a unique index in the model.",
        ),
    ],
)
def test_the_remedy_of_a_cosmetic_change_names_the_change(
    found: list[SchemaObject], wanted: list[SchemaObject], remedy: str
) -> None:
    assert cosmetic_remedy(only(found, wanted)) == remedy
