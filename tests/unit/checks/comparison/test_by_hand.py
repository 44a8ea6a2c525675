"""Objects that migrations create and models cannot describe."""

from __future__ import annotations

from checks.comparison.by_hand import HandMade, made_by_hand
from checks.recording.schema import ObjectKey
from tests.unit.checks.schemas import alone, models, schema_of, table

PLAIN = table("t")
MIGRATED = schema_of(
    table("t", row_security=True, options=("fillfactor=70",)),
    table("part", is_partition=True, parents=("public.t",)),
    alone("function", "f()"),
    alone("function", "g()"),
    alone("function", "h()", schema="elsewhere"),
    alone("extension", "citext", schema=""),
    alone("policy", "p", on="t"),
    alone("trigger", "tr", on="part"),
    alone("domain", "isbn"),
    alone("domain", "known"),
    alone("sequence", "t_id_seq", owned_by=("public", "t", "id")),
    alone("sequence", "loose", owned_by=None),
    alone("statistics", "st"),
)


def test_what_models_cannot_describe_is_listed_by_kind() -> None:
    listed = made_by_hand(models(MIGRATED, schema_of(PLAIN), enums=(("public", "known"),)))
    assert [(made.kind, *made.key.path) for made in listed] == [
        ("extension", "citext"),
        ("function", "public", "f()"),
        ("function", "public", "g()"),
        ("policy", "public", "t", "p"),
        ("statistics", "public", "st"),
        ("domain", "public", "isbn"),
        ("sequence", "public", "loose"),
        ("storage", "public", "t"),
    ]
    assert listed[-1] == HandMade(
        kind="storage", key=ObjectKey("table", "public", "", "t"), settings=("options", "row_security")
    )


def test_storage_that_the_models_declare_is_not_made_by_hand() -> None:
    same = table("t", row_security=True, options=("fillfactor=90",))
    assert [made.kind for made in made_by_hand(models(MIGRATED, schema_of(same)))].count("storage") == 0
