"""Reading a schema: what is left out, and that the connection stays as it was."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg2
import pytest

from action.postgres.catalog import READING, read_schema
from action.postgres.databases import Databases
from checks.recording.schema import ObjectKey, Schema
from tests.integration.drift.comparing import read


@pytest.fixture
def name(databases: Databases) -> Iterator[str]:
    made = databases.create("catalog")
    yield made
    databases.drop(made)


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
    }


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
