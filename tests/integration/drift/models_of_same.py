"""The models of cases without drift that need more than one line."""

from __future__ import annotations

import enum
from typing import Any

from sqlalchemy import (
    DDL,
    Column,
    Enum,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    Table,
    TypeDecorator,
    event,
)

from tests.integration.drift.cases import Case, book

BOOK = "CREATE TABLE book (id serial PRIMARY KEY, title varchar(50) NOT NULL, price numeric(10, 2)"
NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
LONG = "a_name_that_grows_longer_and_longer_until_it_is_longer_than_what_postgresql_can_take"


class Mood(enum.Enum):
    """An enum whose values are not its names."""

    SAD = "sad"
    OK = "it's ok"


class MoodType(TypeDecorator[str]):
    """A type that hides its enum."""

    impl = Enum("sad", "ok", name="mood")
    cache_ok = True


def same(id_: str, build: Any, sql: str, *, since: int = 12) -> Case:
    return Case(id=id_, build=build, sql=sql, created=False, since=since)


def of_book(id_: str, *more: Any, sql: str = "", after: str = "", since: int = 12) -> Case:
    """Return a case of the small table, whose migration has more columns and statements."""
    return same(id_, book(*more), f"{BOOK}{', ' if sql else ''}{sql}); {after}", since=since)


def one(column: Any, *more: Any, **options: Any) -> Any:
    """Return a builder of a table t with a column or more."""
    return lambda m: Table("t", m, column, *more, **options)


def several(*builders: Any) -> Any:
    """Return a builder that calls others."""

    def build(metadata: MetaData) -> None:
        for builder in builders:
            builder(metadata)

    return build


def with_names(*builders: Any) -> Any:
    """Return a builder on a metadata with a naming convention."""

    def build(_: MetaData) -> list[MetaData]:
        metadata = MetaData(naming_convention=NAMES)
        several(*builders)(metadata)
        return [metadata]

    return build


def cyclic(metadata: MetaData) -> None:
    Table("a", metadata, Column("id", Integer, primary_key=True), Column("b_id", Integer))
    Table("b", metadata, Column("id", Integer, primary_key=True), Column("a_id", ForeignKey("a.id")))
    metadata.tables["a"].append_constraint(ForeignKeyConstraint(["b_id"], ["b.id"], name="fk_b", use_alter=True))


def ddl(statement: str) -> DDL:
    made: DDL = DDL(statement)  # type: ignore[no-untyped-call]  # SQLAlchemy does not annotate it
    return made


def decorated_by_events(metadata: MetaData) -> None:
    """Put DDL on the metadata that the migrations hold as well."""
    book()(metadata)
    event.listen(metadata, "after_create", ddl("CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'"))
    event.listen(metadata, "after_create", ddl("CREATE VIEW cheap AS SELECT * FROM book"))
    event.listen(metadata, "after_create", ddl("GRANT SELECT ON book TO nobody_there"))


def in_public(metadata: MetaData) -> None:
    Table("author", metadata, Column("id", Integer, primary_key=True), schema="public")
    Table("book", metadata, Column("author_id", ForeignKey("public.author.id")), schema="public")


def own_schema(_: MetaData) -> list[MetaData]:
    metadata = MetaData(schema="shop")
    Table(
        "book",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("mood", Enum("a", name="mood", metadata=metadata)),
    )
    return [metadata]


def two_metadatas(first: MetaData) -> list[MetaData]:
    second = MetaData()
    mood = Enum("sad", "ok", name="mood")
    Table("a", first, Column("id", Integer, primary_key=True), Column("mood", mood))
    Table("b", second, Column("id", Integer, primary_key=True), Column("mood", Enum("sad", "ok", name="mood")))
    return [first, second]
