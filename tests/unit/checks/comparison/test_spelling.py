"""Spellings that mean the same, and those that only look alike."""

from __future__ import annotations

import pytest

from checks.comparison import spelling

ALIKE = [
    ("0", "'0'::bigint"),
    ("'-1'::integer", "-1"),
    ("(-1)", "'-1'::integer"),
    ("'x'::text", "'x'::character varying"),
    ("now()", "CURRENT_TIMESTAMP"),
    ("timezone('utc'::text, now())", "timezone('utc'::text, CURRENT_TIMESTAMP)"),
    ("'{}'::text[]", "ARRAY[]::text[]"),
    (
        "((s)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[]))",
        "((s)::text = ANY (ARRAY[('a'::character varying)::text, ('b'::character varying)::text]))",
    ),
    ("(p > (0)::numeric)", "(p > '0'::numeric)"),
]
UNLIKE = [
    ("0", "1"),
    ("'New'::text", "'new'::text"),
    ("(a)::integer", "(a)::bigint"),
    ("(a)::text", "a"),
    ("'a'::mood", "'b'::mood"),
    ("CURRENT_TIMESTAMP(0)", "CURRENT_TIMESTAMP"),
    ("'{}'::text[]", "'{}'::integer[]"),
    ("'1'::text", "1"),
    ("'2020-01-01'::date", "'2020-01-01'::text"),
]


@pytest.mark.parametrize(("one", "two"), ALIKE)
def test_alike(one: str, two: str) -> None:
    assert spelling.canonical(one) == spelling.canonical(two)


@pytest.mark.parametrize(("one", "two"), UNLIKE)
def test_unlike(one: str, two: str) -> None:
    assert spelling.canonical(one) != spelling.canonical(two)


@pytest.mark.parametrize("text", [None, "NULL", "NULL::character varying", "(NULL)::integer"])
def test_a_default_of_null_is_none(text: str | None) -> None:
    assert spelling.default(text) is None


def test_a_default_of_a_number_is_its_value() -> None:
    assert spelling.default("0.0") == spelling.default("'0'::numeric") == "0"
    assert spelling.default("1.50") == spelling.default("1.5") == "1.5"
    assert spelling.default("100.0") == spelling.default("100")


@pytest.mark.parametrize(
    ("wider", "narrower", "fits"),
    [
        ("bigint", "integer", True),
        ("integer", "bigint", False),
        ("text", "character varying(9)", True),
        ("character varying", "text", True),
        ("character varying(9)", "text", False),
        ("character varying(9)", "character varying(8)", True),
        ("character varying(8)", "character varying(9)", False),
        ("numeric", "numeric(10,2)", True),
        ("numeric(10,2)", "numeric", False),
        ("numeric(12,2)", "numeric(10,2)", True),
        ("numeric(10,4)", "numeric(10,2)", False),
        ("text", "integer", False),
        ("public.mood", "text", False),
    ],
)
def test_which_type_holds_which(wider: str, narrower: str, fits: bool) -> None:
    assert spelling.holds(wider, narrower) is fits
