"""The models of several metadatas, built as ``create_all`` would build them were they one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Column, ForeignKey, ForeignKeyConstraint, Integer, MetaData, Table, Text, UniqueConstraint
from sqlalchemy.exc import NoReferencedTableError

from action.postgres.databases import Databases
from action.postgres.servers.interface import Address
from action.probe.metadata import rebuild, require_one_definition
from checks.recording.schema import ObjectKey, Schema, SchemaObject
from tests.integration.drift.comparing import execute, read, sqlalchemy_connection

NAMES = {"fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s", "pk": "pk_%(table_name)s"}
Declare = Callable[[MetaData, MetaData], object]


def objects(schema: Schema) -> dict[ObjectKey, SchemaObject]:
    return {item.key: item for item in schema.objects}


def author(metadata: MetaData, schema: str | None = None) -> Table:
    return Table("author", metadata, Column("id", Integer, primary_key=True), schema=schema)


def book(metadata: MetaData, *more: Column[Any] | ForeignKeyConstraint) -> Table:
    return Table("book", metadata, Column("id", Integer, primary_key=True), *more)


def by_text(one: MetaData, two: MetaData) -> None:
    author(two)
    book(one, Column("author_id", ForeignKey("author.id", ondelete="CASCADE", onupdate="RESTRICT")))


def by_column(one: MetaData, two: MetaData) -> None:
    book(one, Column("author_id", ForeignKey(author(two).c.id, deferrable=True, initially="DEFERRED")))


def backwards(one: MetaData, two: MetaData) -> None:
    by_text(two, one)


def in_a_cycle(one: MetaData, two: MetaData) -> None:
    book(one, Column("author_id", ForeignKey("author.id")), Column("sequel_id", ForeignKey("book.id")))
    Table(
        "author",
        two,
        Column("id", Integer, primary_key=True),
        Column("best_id", ForeignKey("book.id", use_alter=True, name="fk_best")),
    )


def by_name_and_key(one: MetaData, two: MetaData) -> None:
    Table("author", two, Column("no", Integer, key="id", primary_key=True))
    book(one, Column("a", ForeignKey("author.id")), Column("b", ForeignKey("author.no", link_to_name=True)))


def of_two_columns(one: MetaData, two: MetaData) -> None:
    Table("author", two, Column("x", Integer), Column("y", Text), UniqueConstraint("x", "y"), schema="people")
    book(
        one,
        Column("x", Integer),
        Column("y", Text),
        ForeignKeyConstraint(["x", "y"], ["people.author.x", "people.author.y"], name="fk_both", match="FULL"),
    )


def to_a_table_of_the_same_name(one: MetaData, two: MetaData) -> None:
    author(two, "people")
    book(one, Column("author_id", ForeignKey("people.author.id")))
    if one is not two:
        Table("author", one, Column("id", Integer, primary_key=True), schema="people")


@contextmanager
def database(databases: Databases, sql: str = "CREATE SCHEMA people") -> Iterator[str]:
    name = databases.create("models")
    execute(databases, name, sql)
    yield name
    databases.drop(name)


def built(databases: Databases, address: Address, name: str, *metadatas: MetaData) -> Schema:
    with sqlalchemy_connection(address, name) as connection:
        require_one_definition(connection, metadatas, "public")
        rebuild(connection, metadatas, "public")
    return read(databases, name)


@pytest.mark.parametrize(
    "declare",
    [by_text, by_column, backwards, in_a_cycle, by_name_and_key, of_two_columns, to_a_table_of_the_same_name],
)
@pytest.mark.parametrize("names", [{}, NAMES], ids=["", "named"])
def test_foreign_keys_across_are_made_as_in_one_metadata(
    databases: Databases, address: Address, declare: Declare, names: dict[str, str]
) -> None:
    one, two, both = (MetaData(naming_convention=names) for _ in range(3))
    declare(one, two)
    declare(both, both)
    with database(databases) as name:
        with sqlalchemy_connection(address, name) as connection:
            both.create_all(connection)
        expected = objects(read(databases, name))
        assert objects(built(databases, address, name, one, two)) == expected
    with database(databases) as name:
        assert objects(built(databases, address, name, two, one)) == expected


def test_a_long_chain_of_metadatas_is_built_in_any_order(databases: Databases, address: Address) -> None:
    metadatas = [MetaData() for _ in range(18)]
    for number, metadata in enumerate(metadatas):
        following: list[Column[Any]] = [Column("next", ForeignKey(f"t{number + 1}.id"))] if number < 17 else []
        Table(f"t{number}", metadata, Column("id", Integer, primary_key=True), *following)
    with database(databases) as name:
        schema = built(databases, address, name, *metadatas)
    assert len([item for item in schema.objects if item.attributes.get("type") == "foreign key"]) == 17


def test_a_table_that_only_the_database_has_can_be_pointed_to(databases: Databases, address: Address) -> None:
    metadata = MetaData()
    book(metadata, Column("author_id", Integer, ForeignKey("people.author.id")))
    with database(databases, "CREATE SCHEMA people; CREATE TABLE people.author (id int PRIMARY KEY)") as name:
        keys = objects(built(databases, address, name, metadata))
    assert keys[ObjectKey("constraint", "public", "book", "book_author_id_fkey")].attributes["definition"] == (
        "FOREIGN KEY (author_id) REFERENCES people.author(id)"
    )


def test_a_table_that_is_nowhere_is_named(databases: Databases, address: Address) -> None:
    metadata = MetaData()
    book(metadata, Column("author_id", Integer, ForeignKey("autor.id")))
    with database(databases) as name, pytest.raises(NoReferencedTableError, match="could not find table 'autor'"):
        built(databases, address, name, metadata)


def test_two_different_tables_of_one_name_are_not_judged(databases: Databases, address: Address) -> None:
    one, two = MetaData(), MetaData()
    book(one)
    book(two, Column("title", Text))
    with (
        database(databases) as name,
        pytest.raises(ValueError, match=r"^target_metadata has two different tables called public\.book$"),
    ):
        built(databases, address, name, one, two)
