"""The notices about objects that were not compared."""

from __future__ import annotations

from checks.drift.uncompared import uncompared
from tests.unit.checks.schemas import alone, models, schema_of, table


def test_hand_made_objects_are_counted_by_kind_and_listed() -> None:
    migrated = schema_of(
        table("t", row_security=True, options=("fillfactor=70",)),
        alone("function", "f()"),
        alone("function", "g()"),
        alone("extension", "citext", schema=""),
        alone("policy", "p", on="t"),
        alone("policy", "q", on="t"),
        alone("domain", "isbn"),
        alone("sequence", "loose", owned_by=None),
        alone("statistics", "st"),
    )
    (notice,) = uncompared(models(migrated, schema_of(table("t"))))
    assert notice.message == (
        "The migrations create objects that models cannot describe:"
        " 1 extension, 2 functions, 2 policies, 1 statistics, 1 domain, 1 sequence, 1 storage setting."
    )
    assert notice.evidence[0].text.splitlines() == [
        "extension citext",
        "function public.f()",
        "function public.g()",
        "policy public.t.p",
        "policy public.t.q",
        "statistics public.st",
        "domain public.isbn",
        "sequence public.loose",
        "storage public.t (options, row security)",
    ]


def test_there_is_no_notice_where_everything_was_compared() -> None:
    assert list(uncompared(models(schema_of(table("t")), schema_of(table("t"))))) == []
