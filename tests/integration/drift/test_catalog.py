"""Reading a schema: what is left out, and that the connection stays as it was."""

from __future__ import annotations

import psycopg2
import pytest

from action.postgres.catalog import READING, read_schema
from action.postgres.databases import Databases
from checks.comparison.objects import changed_objects
from checks.recording.schema import Attribute, ObjectKey, Schema
from tests.integration.drift.comparing import read


def keys(schema: Schema) -> list[ObjectKey]:
    return [item.key for item in schema.objects]


def test_an_empty_database_has_its_schema_alone(databases: Databases, name: str) -> None:
    assert keys(read(databases, name)) == [("schema", "public", "", "public")]


def test_members_of_extensions_temporary_tables_and_system_schemas_are_left_out(
    databases: Databases, name: str
) -> None:
    with databases.connect(name) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE EXTENSION hstore; CREATE TEMPORARY TABLE t (id serial PRIMARY KEY)")
        found = keys(read_schema(connection))
    assert found == [("extension", "", "", "hstore"), ("schema", "public", "", "public")]


def test_names_are_qualified_and_expressions_the_server_s_own(databases: Databases, name: str) -> None:
    with databases.connect(name) as connection, connection.cursor() as cursor:
        cursor.execute(
            "SET search_path TO public; CREATE TYPE mood AS ENUM ('a', 'b\"');"
            "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';"
            "CREATE TABLE t (n int DEFAULT f(), m mood DEFAULT 'a', i int GENERATED ALWAYS AS IDENTITY (START 7));"
            "CREATE UNIQUE INDEX \"Odd\" ON t (n) WHERE m = 'a'"
        )
        found = {tuple(item.key): item.attributes for item in read_schema(connection).objects}
    assert found["column", "public", "t", "n"]["default"] == "public.f()"
    assert found["column", "public", "t", "m"]["type"] == "public.mood"
    assert found["column", "public", "t", "i"]["identity_options"] == "START WITH 7"
    assert found["enum", "public", "", "mood"]["values"] == ("a", 'b"')
    assert found["index", "public", "t", "Odd"] == {
        "definition": "USING btree (n) WHERE (m = 'a'::public.mood)",
        "unique": True,
        "valid": True,
        "columns": ("m", "n"),
        "is_partition": False,
        "comment": None,
        "tablespace": None,
        "statistics": None,
        "relation": None,
    }


def attributes(databases: Databases, name: str, sql: str) -> dict[tuple[str, ...], dict[str, Attribute]]:
    """Return what is read after the statement, by kind and names without the schema."""
    with databases.connect(name) as connection, connection.cursor() as cursor:
        cursor.execute(f"SET search_path TO public; {sql}")
        objects = read_schema(connection).objects
    return {(item.kind, *item.key.path[1:]): item.attributes for item in objects}


def test_the_names_of_several_columns_stay_apart(databases: Databases, name: str) -> None:
    found = attributes(
        databases,
        name,
        """CREATE TABLE t ("b, c" int, "a""a" int, a int, PRIMARY KEY ("b, c", a), CHECK (a > "b, c"), CHECK (true));
        CREATE INDEX ix ON t ((a + "a""a")) INCLUDE ("b, c")""",
    )
    assert found["constraint", "t", "t_pkey"]["columns"] == ("b, c", "a")
    assert found["constraint", "t", "t_check"]["columns"] == ("a", "b, c")
    assert found["constraint", "t", "t_check1"]["columns"] == ()
    assert found["index", "t", "ix"]["columns"] == ("a", 'a"a', "b, c")


def test_a_constraint_is_read_in_its_parts(databases: Databases, name: str) -> None:
    found = attributes(
        databases,
        name,
        """CREATE TABLE t (a int UNIQUE DEFERRABLE INITIALLY DEFERRED, b int UNIQUE,
        CONSTRAINT plain CHECK (a > 0 AND b > 0), CONSTRAINT alone CHECK (b > 1) NO INHERIT,
        CONSTRAINT called CHECK (num_nonnulls(a, b) = 1)); ALTER TABLE t ADD CONSTRAINT late CHECK (a < 9) NOT VALID""",
    )
    parts = ("expression", "validated", "no_inherit", "deferrable", "deferred")
    assert {key[-1]: tuple(a[part] for part in parts) for key, a in found.items() if key[0] == "constraint"} == {
        "alone": ("b > 1", True, True, False, False),
        "called": ("num_nonnulls(a, b) = 1", True, False, False, False),
        "late": ("a < 9", False, False, False, False),
        "plain": ("a > 0 AND b > 0", True, False, False, False),
        "t_a_key": (None, True, True, True, True),
        "t_b_key": (None, True, True, False, False),
    }
    assert found["constraint", "t", "t_a_key"]["definition"] == "UNIQUE (a) DEFERRABLE INITIALLY DEFERRED"
    assert found["constraint", "t", "t_a_key"]["index"] == "USING btree (a)"


def test_a_default_names_the_sequence_that_it_draws_from(databases: Databases, name: str) -> None:
    found = attributes(
        databases,
        name,
        """CREATE SEQUENCE "it's"; CREATE TABLE "T" (own serial, small smallserial,
        shared int DEFAULT nextval('"it''s"'), more int DEFAULT nextval('"it''s"') + 1,
        late int DEFAULT nextval('s'::text::regclass), fixed int DEFAULT 0,
        identity int GENERATED ALWAYS AS IDENTITY); ALTER TABLE "T" RENAME own TO "Own";
        ALTER SEQUENCE "T_own_seq" RENAME TO renamed""",
    )
    assert {key[-1]: (a["sequence"], a["serial"]) for key, a in found.items() if key[0] == "column"} == {
        "Own": (("public", "renamed"), True),
        "fixed": (None, False),
        "identity": (None, False),
        "late": (None, False),
        "more": (None, False),
        "shared": (("public", "it's"), False),
        "small": (("public", "T_small_seq"), True),
    }
    assert found["column", "T", "small"]["sequence_max"] == 2**15 - 1
    assert {key[-1]: a["owned_by"] for key, a in found.items() if key[0] == "sequence"} == {
        "T_identity_seq": ("public", "T", "identity"),
        "T_small_seq": ("public", "T", "small"),
        "it's": None,
        "renamed": ("public", "T", "Own"),
    }


def test_a_column_names_its_enum_or_domain_alone_or_as_an_array(databases: Databases, name: str) -> None:
    found = attributes(
        databases,
        name,
        """CREATE SCHEMA other; CREATE TYPE other."Mood" AS ENUM ('a, b', 'c');
        CREATE DOMAIN code AS text CHECK (VALUE <> '') CHECK (VALUE <> 'x'); CREATE DOMAIN moods AS other."Mood"[];
        CREATE TYPE pair AS (a int); CREATE TABLE t (one other."Mood", many other."Mood"[], code code, codes code[],
        moods moods, pair pair, name name, point point, texts text[])""",
    )
    mood, code = ("other", "Mood"), ("public", "code")
    assert {key[-1]: a["named_type"] for key, a in found.items() if key[0] == "column"} == {
        "one": mood,
        "many": mood,
        "code": code,
        "codes": code,
        "moods": ("public", "moods"),
        "pair": None,
        "name": None,
        "point": None,
        "texts": None,
    }
    assert found["enum", "Mood"]["values"] == ("a, b", "c")
    assert found["domain", "code"]["checks"] == ("CHECK ((VALUE <> ''::text))", "CHECK ((VALUE <> 'x'::text))")
    assert found["domain", "moods"]["checks"] == ()


def test_parents_and_options_of_a_table_are_a_list_each(databases: Databases, name: str) -> None:
    found = attributes(
        databases,
        name,
        """CREATE TABLE a (); CREATE TABLE "B, c" (); CREATE TABLE t () INHERITS ("B, c", a)
        WITH (fillfactor = 70, autovacuum_enabled = off)""",
    )
    assert found["table", "t"]["parents"] == ('public."B, c"', "public.a")
    assert found["table", "t"]["options"] == ("fillfactor=70", "autovacuum_enabled=off")
    assert (found["table", "a"]["parents"], found["table", "a"]["options"]) == (None, None)


def test_two_readings_of_one_database_differ_in_what_was_done_between(databases: Databases, name: str) -> None:
    with databases.connect(name) as connection, connection.cursor() as cursor:
        cursor.execute(
            "SET search_path TO public; CREATE TABLE alembic_version (version_num text);"
            "CREATE TABLE book (id serial PRIMARY KEY, title text); CREATE TABLE gone (id int);"
            "CREATE INDEX ix ON book (title)"
        )
        before = read_schema(connection)
        cursor.execute(
            "ALTER TABLE book ADD pages int, ALTER title SET NOT NULL; DROP TABLE gone; DROP INDEX ix;"
            "CREATE UNIQUE INDEX ix ON book (title); ALTER TABLE alembic_version ADD at timestamp;"
            "CREATE TABLE made (id int PRIMARY KEY)"
        )
        found = changed_objects(before, read_schema(connection), without=[("public", "alembic_version")])
    assert [(change.fate.value, change.key.kind, *change.key.path, change.attributes) for change in found] == [
        ("came", "column", "public", "book", "pages", {}),
        ("changed", "column", "public", "book", "title", {"not_null": (False, True)}),
        ("changed", "index", "public", "book", "ix", {"unique": (False, True)}),
        ("went", "table", "public", "gone", {}),
        ("came", "table", "public", "made", {}),
    ]


def test_the_connection_s_settings_are_put_back(databases: Databases, name: str) -> None:
    with databases.connect(name) as connection, connection.cursor() as cursor:
        cursor.execute("SET search_path TO 'odd one', public; SET datestyle TO german; SET timezone TO 'Asia/Tokyo'")
        shown = []
        for _ in range(2):
            cursor.execute("SELECT name, setting FROM pg_settings WHERE name = ANY (%s) ORDER BY 1", (list(READING),))
            shown.append(cursor.fetchall())
            read_schema(connection)
    assert shown[0] == shown[1]


def test_a_connection_that_is_gone_raises_the_driver_s_error(databases: Databases, name: str) -> None:
    with databases.connect(name) as connection:
        pass
    with pytest.raises(psycopg2.InterfaceError):
        read_schema(connection)
