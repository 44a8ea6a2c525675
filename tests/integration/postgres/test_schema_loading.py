"""The statements of a dump on a real server: missing roles are created, unknown settings are passed over."""

from __future__ import annotations

import pytest

from action.postgres.databases import Databases
from action.postgres.schema_error import SchemaFileError
from action.postgres.schema_loading import load_schema

NEVER_ENDS = """
SET statement_timeout = 0;
DO $$ BEGIN
  LOOP
    BEGIN PERFORM pg_sleep(60); EXCEPTION WHEN query_canceled THEN NULL; END;
  END LOOP;
END $$;
"""


def test_roles_that_are_missing_are_created_and_removed(databases: Databases) -> None:
    text = """
    CREATE SCHEMA public;
    SET no_such_setting = on;
    CREATE TABLE public.t (a text);
    ALTER TABLE public.t OWNER TO ac_owner;
    GRANT SELECT ON TABLE public.t TO ac_reader, "ac Odd";
    CREATE POLICY p ON public.t TO ac_guest USING (true);
    COPY public.t (a) FROM stdin;
100%\t
\\.
    """.replace("\t", "")
    database = databases.create("schema")
    load_schema(databases, database, text, 60)
    assert databases.new_roles() == ("ac Odd", "ac_guest", "ac_owner", "ac_reader")
    with databases.connect(database) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT a FROM public.t")
        assert cursor.fetchall() == [("100%",)]
    databases.drop_new_roles()
    assert databases.new_roles() == ()


@pytest.mark.parametrize(
    ("text", "clause"),
    [
        ("SELECT 1;\nCREATE SCHEMA a;\nCREATE SCHEMA a;", 'line 3: schema "a" already exists'),
        ("SELECT 1;\nSELECT\n  nothing;", 'line 3: column "nothing" does not exist'),
        ("SELECT 1;\nCREATE EXTENSION no_such;", 'line 2: extension "no_such" is not available'),
        ("ALTER TABLE t SET (no_such = 1);", 'line 1: relation "t" does not exist'),
    ],
)
def test_an_error_has_its_line(text: str, clause: str, databases: Databases) -> None:
    with pytest.raises(SchemaFileError) as refused:
        load_schema(databases, databases.create("schema"), text, 60)
    assert str(refused.value).startswith(clause)


def test_a_statement_that_never_ends_is_ended(databases: Databases) -> None:
    with pytest.raises(SchemaFileError) as refused:
        load_schema(databases, databases.create("schema"), NEVER_ENDS, 1)
    assert str(refused.value) == "line 3: the statement did not finish in time"
