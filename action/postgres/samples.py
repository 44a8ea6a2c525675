"""Rows that may tell two expressions apart: edges of their types, and what stands in the expressions themselves."""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

import psycopg2
from psycopg2 import errors, sql
from psycopg2.extensions import cursor as Cursor
from psycopg2.extras import execute_values

from action.postgres.servers.deadlines import LimitError

_MOST_ROWS = 2000
_MOST_IN_DOUBT = 300
"""Rows that are tried one by one, where one of all raises an error."""
_LONGEST = 300
_TEXT = re.compile(r"'((?:[^']|'')*)'")
_NUMBER = re.compile(r"(?<![\w.'])\d+(?:\.\d+)?")
_NUMBERS = ("smallint", "integer", "bigint", "numeric", "real", "double precision")
_TEXTS = ("character varying", "text", "character", "citext")
_ANYWHERE = (
    *("0", "1", "-1", "2000-01-01", "2000-01-01 00:00:00", "2038-01-19 03:14:07+00", "infinity", "00:00", "12:30:00"),
    *("", "a", "Zz", " a ", "{}", "[]", '{"a": 1}', "true", "false", "1 day", "-1 day", "10.0.0.1"),
    *("00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff", "{a,b}", "{1,2}", "{NULL}"),
)
_TABLE = sql.SQL("pg_temp.alembic_checks_samples")

Column = tuple[str, str]
"""Name and type."""


def values_for(cursor: Cursor, type_name: str, expressions: Sequence[str]) -> list[str | None]:
    """Return values of a type, as text, that are near what the expressions compare with; NULL among them."""
    texts = _each(text.replace("''", "'") for expression in expressions for text in _TEXT.findall(expression))
    numbers = _each(number for expression in expressions for number in _NUMBER.findall(_TEXT.sub("", expression)))
    numbers += [text for text in texts if re.fullmatch(r"-?\d+(?:\.\d+)?", text)]
    if type_name.split("(")[0] in _NUMBERS:
        tried = [*_around(numbers), "0", "1", "-1", "0.5", "NaN"]
    elif type_name.split("(")[0] in _TEXTS:
        tried = [*texts, *(text.swapcase() for text in texts), *(f"{text}x" for text in texts), "", "a", "Zz", " a "]
        tried += [start.ljust(length, "x") for length in _lengths(numbers) for start in ("", *texts)]
    else:
        tried = [*texts, *numbers, *_elements(texts), *_ANYWHERE, *_labels(cursor, type_name)]
    fits: list[str | None] = [text for text in dict.fromkeys(tried) if _fits(cursor, text, type_name)]
    return [*fits, None]


def _each(found: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(found))


def _around(numbers: list[str]) -> list[str]:
    return [
        f"{float(number) + step:.10g}" if "." in number else str(int(number) + step)
        for number in numbers
        for step in (0, 1, -1)
    ]


def _lengths(numbers: list[str]) -> list[int]:
    whole = [int(number) for number in numbers if "." not in number and int(number) <= _LONGEST]
    return sorted({length + step for length in whole for step in (-1, 0, 1) if length + step > 0})


def _elements(texts: list[str]) -> list[str]:
    """Return the elements of what may be the text of an array."""
    return [part.strip('"') for text in texts if text.startswith("{") for part in text.strip("{}").split(",")]


def _labels(cursor: Cursor, type_name: str) -> list[str]:
    cursor.execute("SELECT enumlabel FROM pg_catalog.pg_enum WHERE enumtypid = pg_catalog.to_regtype(%s)", (type_name,))
    return [label for (label,) in cursor.fetchall()]


def _fits(cursor: Cursor, text: str, type_name: str) -> bool:
    return attempt(cursor, lambda: cursor.execute(f"SELECT (%s)::{type_name}", (text,)))


def attempt(cursor: Cursor, run: Callable[[], object]) -> bool:
    """Run something behind a savepoint; tell whether it went through. Raises QueryCanceled where it takes too long."""
    cursor.execute("SAVEPOINT sample")
    try:
        run()
    except LimitError:
        raise
    except psycopg2.Error as error:
        cursor.execute("ROLLBACK TO SAVEPOINT sample")
        if isinstance(error, errors.QueryCanceled):
            raise
        return False
    cursor.execute("RELEASE SAVEPOINT sample")
    return True


def telling_row(cursor: Cursor, columns: Sequence[Column], one: str, two: str) -> tuple[Any, ...] | None:
    """Return a row of samples that gives two expressions different values, with these values last; None without any."""
    choices = [values_for(cursor, type_name, (one, two)) for _, type_name in columns]
    listed = [sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL(type_name)) for name, type_name in columns]
    cursor.execute(sql.SQL("CREATE TEMP TABLE alembic_checks_samples ({})").format(sql.SQL(", ").join(listed)))
    casts = ", ".join(f"%s::{type_name}" for _, type_name in columns)
    rows = _rows(choices)
    execute_values(cursor, f"INSERT INTO {_TABLE.string} VALUES %s", rows, template=f"({casts})", page_size=_MOST_ROWS)
    try:
        return _first(cursor, _telling(one, two, ""))
    finally:
        if not cursor.connection.closed:
            cursor.execute(sql.SQL("DROP TABLE {}").format(_TABLE))


def _rows(choices: list[list[str | None]]) -> list[tuple[str | None, ...]]:
    count = 1
    for values in choices:
        count *= len(values)
    if count <= _MOST_ROWS:
        return list(itertools.product(*choices))
    drawn = random.Random(0)  # the same rows in every run
    return [tuple(drawn.choice(values) for values in choices) for _ in range(_MOST_ROWS)]


def _telling(one: str, two: str, cast: str) -> str:
    return (
        f"SELECT *, ({one}){cast}, ({two}){cast} FROM {_TABLE.string}"
        f" WHERE ({one}){cast} IS DISTINCT FROM ({two}){cast}"
    )


def _first(cursor: Cursor, query: str) -> tuple[Any, ...] | None:
    found: list[tuple[Any, ...]] = []

    def ask(condition: str) -> None:
        cursor.execute(f"{query}{condition} LIMIT 1")
        found.extend(cursor.fetchall())

    if attempt(cursor, partial(ask, "")):
        return found[0] if found else None
    # One of the rows is an error in one of the expressions: try the rows apart.
    cursor.execute(f"SELECT ctid::text FROM {_TABLE.string} LIMIT {_MOST_IN_DOUBT}")
    for (place,) in cursor.fetchall():
        if attempt(cursor, partial(ask, f" AND ctid = '{place}'")) and found:
            return found[0]
    return None
