"""Values that are secret by the name of their column."""

from __future__ import annotations

import pytest

from action.postgres.secret_values import masked


@pytest.mark.parametrize(
    ("sql", "shown"),
    [
        (
            "INSERT INTO users (name, password) VALUES ('ann', 'abc'), ('bob', E'a\\'b')",
            "INSERT INTO users (name, password) VALUES ('ann', '***'), ('bob', '***')",
        ),
        (
            'INSERT INTO public."user" ("apiKey", n) SELECT \'k\', max(n) FROM t UNION ALL SELECT $$k$$, 2',
            'INSERT INTO public."user" ("apiKey", n) SELECT \'***\', max(n) FROM t UNION ALL SELECT \'***\', 2',
        ),
        ("INSERT INTO t (pin_secret) VALUES (1234) RETURNING id",
         "INSERT INTO t (pin_secret) VALUES ('***') RETURNING id"),
        ("INSERT INTO t (token) VALUES (md5('x' || 'y'))", "INSERT INTO t (token) VALUES (md5('***' || '***'))"),
        ("UPDATE t SET a = 'b', hashed_password = 'x' WHERE access_token='y'",
         "UPDATE t SET a = 'b', hashed_password = '***' WHERE access_token='***'"),
        ("CREATE ROLE r LOGIN PASSWORD 'x' VALID UNTIL '2030-01-01'",
         "CREATE ROLE r LOGIN PASSWORD '***' VALID UNTIL '2030-01-01'"),
        ("ALTER ROLE r SET app.secret TO 'x'", "ALTER ROLE r SET app.secret TO '***'"),
        ("INSERT INTO c (url) VALUES ('postgresql://a:b@h/d')",
         "INSERT INTO c (url) VALUES ('postgresql://a:***@h/d')"),
        ("""UPDATE c SET data = '{"api_key": "x\\"y", "n": 1}'""",
         """UPDATE c SET data = '{"api_key": "***", "n": 1}'"""),
        ("INSERT INTO t (a, key) VALUES ('b', 'c')", "INSERT INTO t (a, key) VALUES ('b', 'c')"),
        ("SELECT 'password' FROM t -- password = 'x'", "SELECT 'password' FROM t -- password = 'x'"),
        ("INSERT INTO t VALUES ('a", "INSERT INTO t VALUES ('a"),
    ],
)  # fmt: skip
def test_secret_values_are_hidden_and_others_are_not(sql: str, shown: str) -> None:
    assert masked(sql) == shown
