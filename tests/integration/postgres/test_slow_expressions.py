"""Expressions that are slow to compute: an answer within seconds, and none that claims more than was seen."""

from __future__ import annotations

import pytest
from psycopg2.extensions import connection as Connection

from action.postgres import sameness
from action.postgres.sameness import compare_spellings
from checks.recording.expressions import Equivalence, ExpressionKind, Spelling

SLOW = """
CREATE FUNCTION slow(integer) RETURNS integer LANGUAGE plpgsql IMMUTABLE AS
    $$ BEGIN PERFORM pg_sleep(60); RETURN $1; END $$;
CREATE TABLE book (pages integer)
"""


def check(found: str, wanted: str) -> Spelling:
    return Spelling(kind=ExpressionKind.CHECK, schema="public", table="book", column="", found=found, wanted=wanted)


def test_a_slow_function_is_unproven_and_does_not_keep_the_next_pair_waiting(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sameness, "_LIMIT", "SET statement_timeout = '500ms'; SET search_path = ''")
    with connection.cursor() as cursor:
        cursor.execute(SLOW)
    pairs = [
        check("public.slow(pages) > 1", "public.slow(pages) >= 2"),
        check("pages > 1", "pages > 2"),
        check("no_such > 1", "pages > 2"),
    ]
    found = [compared.sameness for compared in compare_spellings(connection, pairs)]
    assert found == [Equivalence.UNPROVEN, Equivalence.DIFFERENT, Equivalence.DIFFERENT]
