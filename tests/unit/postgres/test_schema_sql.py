"""A plain dump is split into statements as psql does."""

from __future__ import annotations

import pytest

from action.postgres.schema_error import SchemaFileError
from action.postgres.schema_sql import SqlStatement, split

FUNCTION = """CREATE OR REPLACE FUNCTION public.f(a integer) RETURNS integer
    LANGUAGE sql
    BEGIN ATOMIC
 SELECT CASE WHEN (a > 0) THEN 1 ELSE 2 END;
 SELECT 2;
END"""


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE TABLE t (a text DEFAULT ';')",
        "COMMENT ON TABLE t IS 'it''s; \\'",
        "COMMENT ON TABLE t IS E'it\\'s;'",
        'CREATE TABLE "a;b" ("c""d;" integer)',
        "CREATE FUNCTION f() RETURNS text AS $_$ SELECT $a$;$a$ $_$ LANGUAGE sql",
        "CREATE FUNCTION f() RETURNS text AS $$\n\\restrict x\n;$$ LANGUAGE sql",
        "CREATE RULE r AS ON INSERT TO t DO ALSO ( SELECT 1; SELECT 2)",
        "SELECT 1 /* a; /* nested; */ comment */ + 2",
        "SELECT 1 -- a; comment\n + 2",
        "SELECT a$b$c FROM t",
        FUNCTION,
    ],
)
def test_a_semicolon_inside_ends_no_statement(sql: str) -> None:
    statements = list(split(f"{sql};\n\nSELECT 3;"))
    assert [statement.sql for statement in statements] == [sql, "SELECT 3"]
    assert statements[1].line == sql.count("\n") + 3


def test_comments_and_commands_between_statements_are_left_out() -> None:
    text = "-- a dump\n\\restrict kEy\nSET a = 1;;\n\\unrestrict kEy\n/* end */\nSET b = 2;\n"
    assert list(split(text)) == [SqlStatement(sql="SET a = 1", line=3), SqlStatement(sql="SET b = 2", line=6)]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_rows_of_copy_go_with_it(end: str) -> None:
    lines = ["COPY public.t (a) FROM stdin;", "it's; $$", "\\N", "\\.", "", "SELECT 1;"]
    copy, select = split(end.join(lines))
    assert copy == SqlStatement(sql="COPY public.t (a) FROM stdin", line=1, data=f"it's; $${end}\\N{end}")
    assert select == SqlStatement(sql="SELECT 1", line=6)


def test_no_rows_are_no_rows() -> None:
    (copy,) = split("COPY public.t (a) FROM stdin;\n\\.\n")
    assert copy.data == ""


@pytest.mark.parametrize(
    ("text", "clause"),
    [
        ("SELECT 1;\nSELECT 'a;\n", "line 2 has a quote that is never closed"),
        ("SELECT 1;\nSELECT $a$ b $c$;", "line 2 has a quote that is never closed"),
        ("SELECT 1;\n/* /* */ SELECT 2;", "line 2 has a comment that is never closed"),
        ("SELECT 1;\n\nCREATE TABLE t (\n", "the statement in line 3 never ends: the file is incomplete"),
        ("SELECT 1;\nCOPY t FROM stdin;\n1\n", "the rows after line 2 never end: the file is incomplete"),
        ("\\connect shop\nSELECT 1;", "line 1 has the psql command \\connect shop"),
        ("\\i other.sql\n", "line 1 has the psql command \\i other.sql"),
    ],
)
def test_what_cannot_be_run_is_refused_with_its_line(text: str, clause: str) -> None:
    with pytest.raises(SchemaFileError) as refused:
        list(split(text))
    assert str(refused.value) == clause


def test_hostile_openings_take_no_longer_than_the_text() -> None:
    """Each opening has no end: the first ends it all, instead of a search to the end of the file for each."""
    with pytest.raises(SchemaFileError):
        list(split("".join(f"$a{number}$ " for number in range(200_000))))
