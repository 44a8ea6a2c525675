"""Statements of a migration as SQL that can be copied."""

from __future__ import annotations

import datetime
import decimal
import enum
import ipaddress
import uuid
from typing import Any

import pytest

from action.probe.watching.shown import Showing, few_rows
from action.probe.watching.sql_literals import LONGEST, literal


class Mood(enum.Enum):
    OK = 1


@pytest.mark.parametrize(
    ("value", "sql"),
    [
        (None, "NULL"), (True, "true"), (-7, "-7"), (1.5, "1.5"), (float("nan"), "'nan'::float8"),
        (decimal.Decimal("1.50"), "1.50"), (decimal.Decimal("Infinity"), "'Infinity'::numeric"),
        ("it's \\ %", "'it''s \\ %'"), (b"\x00\xff", "'\\x00ff'::bytea"), (memoryview(b"a"), "'\\x61'::bytea"),
        (datetime.date(2024, 2, 29), "'2024-02-29'::date"), (datetime.time(1, 2), "'01:02:00'::time"),
        (datetime.datetime(2024, 2, 29, 1), "'2024-02-29 01:00:00'::timestamp"),
        (datetime.datetime(2024, 2, 29, 1, tzinfo=datetime.UTC), "'2024-02-29 01:00:00+00:00'::timestamptz"),
        (datetime.timedelta(days=-1, seconds=5, microseconds=10), "'-1 days 5.00001 seconds'::interval"),
        (uuid.UUID(int=1), "'00000000-0000-0000-0000-000000000001'::uuid"), (Mood.OK, "'OK'"),
        (ipaddress.ip_network("10.0.0.0/8"), "'10.0.0.0/8'::cidr"), ({"a": "it's"}, "'{\"a\": \"it''s\"}'"),
        ([1, None, "a"], "ARRAY[1, NULL, 'a']"), ([], "'{}'"), ([[1], [2]], "ARRAY[ARRAY[1], ARRAY[2]]"),
        ([{"a": 1}], "'[{\"a\": 1}]'"), (object(), None), ([object()], None),
        ("x" * (LONGEST + 12_345), "'" + "x" * LONGEST + "' /* … 12,345 more characters */"),
        (b"x" * (LONGEST // 2 + 3), "'\\x" + "78" * (LONGEST // 2) + "'::bytea /* … 3 more bytes */"),
        (list(range(102)), "ARRAY[" + ", ".join(map(str, range(100))) + " /* … 2 more values */]"),
    ],
)  # fmt: skip
def test_a_value_is_a_literal_or_none(value: Any, sql: str | None) -> None:
    assert literal(value) == sql


@pytest.mark.parametrize(
    ("sql", "parameters", "many", "style", "shown"),
    [
        ("a = %(a)s AND b LIKE '%%' AND c = %(c)s", {"a": 1, "c": "x"}, False, "pyformat",
         (["a = 1 AND b LIKE '%' AND c = 'x'"], 0, 0)),
        ("a = %s, '%%', %s", (1, None), False, "format", (["a = 1, '%', NULL"], 0, 0)),
        ("a = $2::INT, '$1', \"$1\", $$ $1 $$ -- $1\n, $1, '%%'", (1, 2), False, "numeric_dollar",
         (["a = 2::INT, '$1', \"$1\", $$ $1 $$ -- $1\n, 1, '%%'"], 0, 0)),
        ("IN %s", ((1, 2),), False, "format", (["IN (1, 2)"], 0, 0)),
        ("a = %(a)s", {"a": object()}, False, "pyformat", (["a = %(a)s"], 0, 1)),
        ("VALUES (%s)", [(n,) for n in range(7)], True, "format", ([f"VALUES ({n})" for n in range(5)], 2, 0)),
        ("VALUES (%s)", tuple((n,) for n in range(6)), True, "format", ([f"VALUES ({n})" for n in range(5)], 1, 0)),
        ("VALUES ($1), ($2)", (1, 2), True, "numeric_dollar", (["VALUES (1), (2)"], 0, 0)),
        ("VALUES (%(a__0)s), (%(a__1)s)", {"a__0": 1, "a__1": 2}, True, "pyformat", (["VALUES (1), (2)"], 0, 0)),
        ("CREATE TABLE t (a int)", {}, False, "pyformat", (["CREATE TABLE t (a int)"], 0, 0)),
        ("CREATE TABLE t (a int)", None, False, "numeric_dollar", (["CREATE TABLE t (a int)"], 0, 0)),
    ],
)  # fmt: skip
def test_placeholders_become_what_the_driver_makes_of_them(
    sql: str, parameters: Any, many: bool, style: str, shown: tuple[list[str], int, int]
) -> None:
    assert Showing().of(sql, parameters, many, style) == shown


def test_a_statement_that_is_too_long_is_a_comment_and_one_over_the_limit_is_none() -> None:
    showing = Showing()
    long = showing.of("SELECT '" + "x\n" * 10_000, None, False, "format")
    assert long is not None
    ((text,), _, _) = long
    assert all(line.startswith("-- ") for line in text.splitlines())
    assert text.endswith("-- … 8,008 more characters")
    huge = showing.of("SELECT '" + "x" * 2_000_000, None, False, "format")
    assert huge is not None
    assert huge.statements[0].endswith("-- … 1,988,008 more characters")
    found = [showing.of("SELECT '" + "x" * 11_000 + "'", None, False, "format") for _ in range(40)]
    assert (found[0] is None, found[-1]) == (False, None)
    showing.begin()
    assert showing.of("SELECT 1", None, False, "format") == (["SELECT 1"], 0, 0)


def test_a_value_that_raises_stops_no_migration() -> None:
    class Nowhere(datetime.tzinfo):
        def utcoffset(self, when: object) -> datetime.timedelta:
            raise RuntimeError

        tzname = dst = utcoffset  # type: ignore[assignment]

    assert Showing().of("SELECT %s", (datetime.datetime(2024, 1, 1, tzinfo=Nowhere()),), False, "format") is None


@pytest.mark.parametrize(
    ("sql", "short", "more"),
    [
        ("INSERT INTO t VALUES " + ", ".join(f"({n}, ')(')" for n in range(8)) + " ON CONFLICT (a) DO NOTHING",
         "INSERT INTO t VALUES " + ", ".join(f"({n}, ')(')" for n in range(5)) + " ON CONFLICT (a) DO NOTHING", 3),
        ("INSERT INTO t VALUES (1), (2) ON CONFLICT (a) DO NOTHING",
         "INSERT INTO t VALUES (1), (2) ON CONFLICT (a) DO NOTHING", 0),
        ("INSERT INTO t SELECT 'VALUES (1)'", "INSERT INTO t SELECT 'VALUES (1)'", 0),
        ("VALUES ((1)", "VALUES ((1)", 0),
    ],
)  # fmt: skip
def test_of_many_rows_the_first_are_kept(sql: str, short: str, more: int) -> None:
    assert few_rows(sql) == (short, more)
