"""SQL as its tokens, and where the effect of a statement can be seen."""

from __future__ import annotations

import pytest

from action.postgres.sql_tokens import Effect, effect, tokens

SAME = [
    ("SELECT 1", "select  1 ;"),
    ("SELECT 1 -- one", "/* one /* and more */ */ SELECT\n1"),
    ('UPDATE "book" SET "title" = 1', "update book set title = 1"),
    ("DO $$ BEGIN NULL; END $$", "do $x$\nbegin\n  null; -- nothing\nend\n$x$"),
    (
        "CREATE FUNCTION f() RETURNS int AS $$ SELECT 1 $$ LANGUAGE sql",
        "create function f() returns int as $$\nselect 1\n$$ language SQL",
    ),
    ("SELECT 100 %% 3", "SELECT 100 % 3"),
]
OTHER = [
    ("SELECT 'a b'", "SELECT 'a  b'"),
    ("SELECT 'a'", "SELECT 'A'"),
    ('SELECT "A"', "SELECT a"),
    ('SELECT "user"', "SELECT user"),
    ("SELECT E'\\''", "SELECT ''''"),
    ("SELECT $$a b$$", "SELECT $$a  b$$"),
    (
        "CREATE FUNCTION f() AS $$ a = 1 $$ LANGUAGE plpython3u",
        "CREATE FUNCTION f() AS $$  a = 1 $$ LANGUAGE plpython3u",
    ),
    ("SELECT 1 - -1", "SELECT 1 --1"),
    ("SELECT 1", "SELECT 2"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_how_sql_is_written_does_not_count(one: str, other: str) -> None:
    assert tokens(one) == tokens(other)


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_what_sql_says_counts(one: str, other: str) -> None:
    assert tokens(one) != tokens(other)


@pytest.mark.parametrize(
    ("sql", "values"),
    [
        ("UPDATE a SET b = %(x)s, c = %(y)s", [("y", "2"), ("x", "1")]),
        ("UPDATE a SET b = %s, c = %s", [("0", "1"), ("1", "2")]),
        ("UPDATE a SET b = $1, c = $2", [("0", "1"), ("1", "2")]),
    ],
)
def test_a_placeholder_is_its_value_for_every_driver(sql: str, values: list[tuple[str, str]]) -> None:
    assert tokens(sql, values) == tokens("UPDATE a SET b = %(p)s, c = %(q)s", [("p", "1"), ("q", "2")])
    assert tokens(sql, values) != tokens("UPDATE a SET b = %(p)s, c = %(q)s", [("p", "2"), ("q", "1")])


def test_values_of_no_placeholder_of_their_own_count_together() -> None:
    assert tokens("INSERT INTO a VALUES (%s)", [("*", "1")]) != tokens("INSERT INTO a VALUES (%s)", [("*", "2")])


EFFECTS = {
    "CREATE TABLE a (b int)": Effect.SCHEMA,
    "ALTER TABLE a ADD b int DEFAULT 1": Effect.SCHEMA,
    "CREATE VIEW v AS SELECT 1": Effect.SCHEMA,
    "COMMENT ON TABLE a IS 'b'": Effect.SCHEMA,
    "SET search_path = a": Effect.SCHEMA,
    "INSERT INTO a VALUES (1)": Effect.ROWS,
    "INSERT INTO a VALUES (1) RETURNING id": Effect.ROWS,
    "INSERT INTO a SELECT 1": Effect.DATA,
    "INSERT INTO a VALUES (1) ON CONFLICT DO NOTHING": Effect.DATA,
    "UPDATE a SET b = 1": Effect.DATA,
    "UPDATE a SET b = 1 RETURNING b": Effect.READS,
    "WITH x AS (DELETE FROM a) SELECT 1": Effect.DATA,
    "WITH x AS (SELECT 1) SELECT * FROM x": Effect.READS,
    "DELETE FROM a": Effect.DATA,
    "DO $$ BEGIN NULL; END $$": Effect.DATA,
    "CREATE TABLE a AS SELECT 1": Effect.DATA,
    "ALTER TABLE a ALTER b TYPE int USING b::int": Effect.DATA,
    "SELECT setval('a', 1)": Effect.DATA,
    "SELECT b FROM a": Effect.READS,
    "SELECT b FROM pg_class JOIN a ON true": Effect.READS,
    "SELECT relname FROM pg_catalog.pg_class c JOIN pg_namespace n ON true": Effect.NOTHING,
    "SELECT pg_catalog.version()": Effect.NOTHING,
    "SELECT 1": Effect.NOTHING,
    "SHOW search_path": Effect.NOTHING,
    "": Effect.SCHEMA,
}


@pytest.mark.parametrize("sql", EFFECTS)
def test_where_an_effect_can_be_seen(sql: str) -> None:
    assert effect(tokens(sql)) is EFFECTS[sql]
