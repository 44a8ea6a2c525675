"""What a change of type does to values."""

from __future__ import annotations

import pytest

from checks.comparison.conversions import Conversion, conversion

HOLDS, SHORTER, SMALLER = Conversion.HOLDS, Conversion.SHORTER, Conversion.SMALLER
ROUNDS, CUTS, OTHER = Conversion.ROUNDS, Conversion.CUTS, Conversion.OTHER


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("character varying(50)", "text", HOLDS),
        ("character varying(200)", "character varying(50)", SHORTER),
        ("text", "character varying(255)", SHORTER),
        ("integer", "bigint", HOLDS),
        ("bigint", "integer", SMALLER),
        ("integer", "numeric(12,2)", HOLDS),
        ("bigint", "numeric(12,2)", SMALLER),
        ("integer", "text", HOLDS),
        ("integer", "double precision", HOLDS),
        ("integer", "real", ROUNDS),
        ("numeric(12,4)", "numeric(10,2)", ROUNDS),
        ("numeric(12,2)", "numeric(10,2)", SMALLER),
        ("numeric(10,2)", "numeric(14,4)", HOLDS),
        ("numeric(10,2)", "integer", ROUNDS),
        ("double precision", "real", ROUNDS),
        ("real", "double precision", HOLDS),
        ("date", "timestamp without time zone", HOLDS),
        ("timestamp with time zone", "timestamp without time zone", HOLDS),
        ("timestamp with time zone", "date", CUTS),
        ("timestamp(6) without time zone", "timestamp(0) without time zone", ROUNDS),
        ("json", "jsonb", HOLDS),
        ("text", "jsonb", OTHER),
        ("character varying(20)", "integer", OTHER),
        ("boolean", "integer", OTHER),
        ("uuid", "text", HOLDS),
    ],
)
def test_conversion(before: str, after: str, expected: Conversion) -> None:
    assert conversion(before, after) is expected
