"""The probe's description of the models, and the database that it creates from them."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import (
    Column,
    Enum,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Sequence,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import CITEXT, ENUM
from sqlalchemy.exc import ProgrammingError

from action.postgres.databases import Databases
from action.postgres.servers.interface import Address
from action.probe.filters import hidden
from action.probe.metadata import describe, rebuild
from checks.comparison.by_table import SchemaByTable
from tests.integration.drift.comparing import execute, read, sqlalchemy_connection


def library() -> MetaData:
    metadata = MetaData()
    Table(
        "book",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("title", Text),
        Column("author_id", ForeignKey("author.id")),
        Column("isbn", Text),
        UniqueConstraint("title", name="uq_title"),
        Index("ix_isbn", "isbn"),
    )
    Table("author", metadata, Column("id", Integer, primary_key=True))
    return metadata


MIGRATED = """
    CREATE TABLE author (id serial PRIMARY KEY);
    CREATE TABLE book (id serial PRIMARY KEY, title text, author_id int CONSTRAINT fk REFERENCES author, gone int);
    CREATE INDEX ix_gone ON book (gone);
    CREATE TABLE celery (id int)"""


def test_the_models_are_described_by_the_names_of_the_catalog(
    databases: Databases, address: Address, name: str
) -> None:
    metadata = MetaData(schema="shop")
    Table("n" * 70, metadata, Column("kind", Enum("a", name="kind", schema="types")))
    Table("Odd", metadata, Column("no", Integer, Sequence("no_seq", schema="shop")), schema="public")
    Table("seen", metadata, Column("id", Integer), schema="public")
    execute(databases, name, "CREATE VIEW seen AS SELECT 1 AS id")
    with sqlalchemy_connection(address, name) as connection:
        assert describe(connection, [metadata], "public") == {
            "tables": [("public", "Odd"), ("public", "seen"), ("shop", "n" * 63)],
            "enums": [("types", "kind")],
            "sequences": [("shop", "no_seq")],
            "views": [("public", "seen")],
            "schemas": ["public", "shop", "types"],
        }


def test_an_extension_that_only_the_models_need_is_created_and_returned(
    databases: Databases, address: Address, name: str
) -> None:
    metadata = MetaData()
    Table(
        "book",
        metadata,
        Column("title", CITEXT),
        Column("body", Text),
        Index("ix", "body", postgresql_using="gin", postgresql_ops={"body": "gin_trgm_ops"}),
    )
    with sqlalchemy_connection(address, name) as connection:
        assert rebuild(connection, [metadata], "public") == ["citext", "pg_trgm"]
    assert set(SchemaByTable(read(databases, name)).columns["public", "book"]) == {"title", "body"}


def test_models_that_cannot_be_built_raise_the_server_s_error(
    databases: Databases, address: Address, name: str
) -> None:
    metadata = MetaData()
    Table("book", metadata, Column("at", Text, server_default=text("no_such_function()")))
    with (
        pytest.raises(ProgrammingError, match=r"function no_such_function\(\) does not exist"),
        sqlalchemy_connection(address, name) as connection,
    ):
        rebuild(connection, [metadata], "public")
    assert SchemaByTable(read(databases, name)).tables == {}


def test_a_name_that_the_models_use_twice_is_left_out_and_listed(
    databases: Databases, address: Address, name: str
) -> None:
    metadata = MetaData()
    Table("book", metadata, Column("a", Integer), UniqueConstraint("a", name="u"), Index("u", "a", unique=True))
    Table("other", metadata, Column("b", Integer), UniqueConstraint("b", name="u"))
    left_out: list[str] = []
    with sqlalchemy_connection(address, name) as connection:
        rebuild(connection, [metadata], "public", left_out)
    assert left_out == [
        'CREATE UNIQUE INDEX u ON book (a) (relation "u" already exists)',
        'the name of u (relation "u" already exists)',
    ]
    assert set(SchemaByTable(read(databases, name)).tables) == {("public", "book"), ("public", "other")}


def test_the_database_s_own_objects_stay_and_the_models_are_made_anew(
    databases: Databases, address: Address, name: str
) -> None:
    metadata = MetaData()
    kind = ENUM("a", "b", name="kind", create_type=False)
    Table("book", metadata, Column("id", Integer, primary_key=True), Column("kind", kind))
    execute(
        databases,
        name,
        "CREATE TYPE kind AS ENUM ('x'); CREATE FUNCTION rank(kind) RETURNS int LANGUAGE sql AS 'SELECT 1';"
        "CREATE TABLE book (kind kind, gone int); CREATE TABLE celery (id int)",
    )
    with sqlalchemy_connection(address, name) as connection:
        assert rebuild(connection, [metadata], "public") == []
    by_table = SchemaByTable(read(databases, name))
    assert set(by_table.tables) == {("public", "book"), ("public", "celery")}
    assert set(by_table.columns["public", "book"]) == {"id", "kind"}
    assert by_table.alone["enum", "public", "kind"].attributes["values"] == ("a", "b")
    assert ("function", "public", "rank(kind public.kind)") not in by_table.alone
    assert ("function", "public", "rank(public.kind)") in by_table.alone


def test_tables_without_a_schema_go_to_the_default_one(databases: Databases, address: Address, name: str) -> None:
    execute(databases, name, f"CREATE SCHEMA tenant; {MIGRATED}")
    with sqlalchemy_connection(address, name) as connection:
        rebuild(connection, [library()], "tenant")
        assert connection.exec_driver_sql("SHOW search_path").scalar() == '"$user", public'
    tables = set(SchemaByTable(read(databases, name)).tables)
    assert tables == {("public", n) for n in ("author", "book", "celery")} | {("tenant", "author"), ("tenant", "book")}


def hidden_objects(
    databases: Databases, address: Address, name: str, opts: dict[str, Any]
) -> tuple[list[str], list[str]]:
    execute(databases, name, MIGRATED)
    errors: list[str] = []
    with sqlalchemy_connection(address, name) as connection:
        found = hidden(connection, [library()], opts, "public", errors)
    return [f"{h['kind']} {h['schema']}.{h['table']}.{h['name']}" for h in found], errors


def test_include_object_hides_on_both_sides(databases: Databases, address: Address, name: str) -> None:
    asked: list[tuple[str, str | None, bool, bool]] = []

    def include_object(_: object, item: str | None, kind: str, reflected: bool, other: object) -> bool:
        asked.append((kind, item, reflected, other is not None))
        return not (kind in ("foreign_key_constraint", "index") or item in ("celery", "gone", "isbn"))

    found, errors = hidden_objects(databases, address, name, {"include_object": include_object})
    assert (found, errors) == (
        [
            "column public.book.gone",
            "column public.book.isbn",
            "foreign_key_constraint public.book.author_id",
            "foreign_key_constraint public.book.fk",
            "index public.book.ix_gone",
            "index public.book.ix_isbn",
            "table public.celery.celery",
        ],
        [],
    )
    assert ("table", "book", False, True) in asked
    assert ("column", "isbn", False, False) in asked
    assert ("table", "celery", True, False) in asked


def test_include_name_hides_only_what_the_models_lack(databases: Databases, address: Address, name: str) -> None:
    asked: list[tuple[str, dict[str, Any]]] = []

    def include_name(item: str | None, kind: str, parents: dict[str, Any]) -> bool:
        asked.append((kind, dict(parents)))
        return item not in ("celery", "gone", "book", "title")

    found, errors = hidden_objects(databases, address, name, {"include_name": include_name})
    assert (found, errors) == (["column public.book.gone", "table public.celery.celery"], [])
    of_column = {"schema_name": None, "schema_qualified_table_name": "book", "table_name": "book"}
    assert ("column", of_column) in asked
    assert ("table", {"schema_name": None, "schema_qualified_table_name": "celery"}) in asked


def test_a_filter_that_raises_hides_nothing_and_its_error_is_returned(
    databases: Databases, address: Address, name: str
) -> None:
    def include_object(*_: object) -> bool:
        raise KeyError("tenant")

    assert hidden_objects(databases, address, name, {"include_object": include_object}) == (
        [],
        ["include_object raised KeyError: 'tenant'"],
    )


def test_without_filters_nothing_is_asked(databases: Databases, address: Address, name: str) -> None:
    assert hidden_objects(databases, address, name, {}) == ([], [])
