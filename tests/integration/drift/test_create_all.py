"""Models that only the connection's own dialect and options can build: what ``create_all`` makes is the reference."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import (
    DDL,
    CheckConstraint,
    Column,
    Computed,
    Connection,
    Constraint,
    DateTime,
    Dialect,
    Enum,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Sequence,
    Table,
    Text,
    create_engine,
    event,
)
from sqlalchemy.dialects.postgresql import ENUM
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.pool import NullPool
from sqlalchemy.sql.expression import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine, UserDefinedType

from action.postgres.databases import Databases
from action.postgres.servers.interface import Address
from action.probe.metadata import describe, rebuild
from action.probe.schema_names import default_schema
from checks.recording.schema import ObjectKey, SchemaObject
from tests.integration.drift.comparing import execute, read, sqlalchemy_connection


class utcnow(FunctionElement[datetime]):
    """The recipe of SQLAlchemy's documentation: known to PostgreSQL alone."""

    type = DateTime()
    inherit_cache = True


class shout(FunctionElement[str]):
    """A function of an argument."""

    type = Text()
    inherit_cache = True


@compiles(utcnow, "postgresql")
def _utcnow(element: object, compiler: object, **kw: object) -> str:
    return "TIMEZONE('utc', CURRENT_TIMESTAMP)"


@compiles(shout, "postgresql")
def _shout(element: shout, compiler: Any, **kw: Any) -> str:
    return f"upper({compiler.process(element.clauses, **kw)})"


class Point(UserDefinedType[str]):
    """A type of the project's own."""

    cache_ok = True

    def get_col_spec(self, **kw: object) -> str:
        return "point"


class Money(UserDefinedType[str]):
    """A type that ``@compiles`` writes."""

    cache_ok = True


@compiles(Money, "postgresql")
def _money(element: object, compiler: object, **kw: object) -> str:
    return "numeric(12,2)"


class Kind(TypeDecorator[str]):
    """A text that is an enum on PostgreSQL."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        kind = ENUM("a", "b", name="kind") if dialect.name == "postgresql" else Text()
        return dialect.type_descriptor(kind)


def ddl(statement: str) -> Any:
    untyped: Any = DDL
    return untyped(statement)


def custom_sql() -> MetaData:
    metadata = MetaData()
    title: Column[str] = Column("title", Text)
    made: Column[datetime] = Column("made", DateTime, server_default=utcnow(), server_onupdate=utcnow())
    table = Table(
        "book",
        metadata,
        Column("id", Integer, primary_key=True),
        title,
        made,
        Column("loud", Text, Computed(shout(title), persisted=True)),
        CheckConstraint(made <= utcnow(), name="ck_made"),
    )
    Index("ix_loud", shout(title), unique=True)
    trigger = "CREATE TRIGGER t BEFORE UPDATE ON book EXECUTE FUNCTION suppress_redundant_updates_trigger()"
    event.listen(table, "after_create", ddl(trigger).execute_if(dialect="postgresql"))
    return metadata


def custom_types() -> MetaData:
    metadata = MetaData()
    table = Table("place", metadata, Column("at", Point), Column("price", Money), Column("k", Kind), Column("l", Kind))
    # SQLAlchemy does not see the enum in the decorator.
    event.listen(table, "before_create", ddl("CREATE TYPE kind AS ENUM ('a', 'b')"))
    return metadata


def concurrently() -> MetaData:
    return indexed(postgresql_concurrently=True)


def noted() -> MetaData:
    """Return models with a note about a constraint that a migration makes by hand, which create_all cannot create."""
    metadata = plain()
    metadata.tables["book"].append_constraint(Constraint(name="made_by_hand"))
    return metadata


def plain() -> MetaData:
    metadata = MetaData()
    Table("book", metadata, Column("id", Integer, primary_key=True))
    return metadata


def indexed(**options: Any) -> MetaData:
    metadata = MetaData()
    table = Table("book", metadata, Column("id", Integer, primary_key=True), Column("title", Text), Column("no", Text))
    Index("ix_title", table.c.title, postgresql_where=table.c.no.is_not(None), **options)
    Index("ix_no", table.c.no, unique=True, **options)
    if options:
        event.listen(table, "after_create", ddl("CREATE INDEX CONCURRENTLY ix_both ON book (title, no)"))
    else:
        Index("ix_both", table.c.title, table.c.no)
    return metadata


def schemas() -> MetaData:
    metadata = MetaData()
    kind = Enum("a", "b", name="kind")
    size = Enum("s", "l", name="size", schema="shop", metadata=metadata)
    Table("author", metadata, Column("id", Integer, primary_key=True), Column("kind", kind))
    Table("loan", metadata, Column("no", Integer, Sequence("no_seq", schema="shop")), Column("s", size), schema="shop")
    Table("book", metadata, Column("author_id", ForeignKey("author.id")), Column("size", size), schema="kept")
    return metadata


TRANSLATED: dict[str | None, str] = {None: "tenant", "shop": "tenant shop"}


@contextmanager
def connected(databases: Databases, address: Address, options: Mapping[str, Any]) -> Iterator[tuple[Connection, str]]:
    """Connect to a new database, by an engine with these options; its transaction is committed at the end."""
    name = databases.create("models")
    execute(
        databases, name, 'CREATE SCHEMA tenant; CREATE SCHEMA "tenant shop"; CREATE SCHEMA kept; CREATE SCHEMA shop'
    )
    with sqlalchemy_connection(address, name) as plain:
        engine = create_engine(plain.engine.url, poolclass=NullPool, execution_options=options)
    with engine.begin() as connection:
        yield connection, name
    engine.dispose()


def made(
    databases: Databases, address: Address, make: Callable[[Connection], object], options: Mapping[str, Any]
) -> dict[ObjectKey, SchemaObject]:
    with connected(databases, address, options) as (connection, name):
        make(connection)
    found = {item.key: item for item in read(databases, name).objects}
    databases.drop(name)
    return found


@pytest.mark.parametrize(
    ("models", "reference", "translated"),
    [
        (custom_sql, custom_sql, None),
        (custom_types, custom_types, None),
        (concurrently, indexed, None),
        (noted, plain, None),
        (schemas, schemas, None),
        (schemas, schemas, TRANSLATED),
    ],
)
@pytest.mark.parametrize("again", [False, True], ids=["", "again"])
def test_the_models_are_built_as_by_create_all(
    databases: Databases,
    address: Address,
    models: Callable[[], MetaData],
    reference: Callable[[], MetaData],
    translated: Mapping[str | None, str] | None,
    again: bool,
) -> None:
    options = {"schema_translate_map": translated} if translated else {}

    def build(connection: Connection) -> None:
        if again:
            reference().create_all(connection)
        rebuild(connection, [models()], default_schema(connection))

    expected = made(databases, address, reference().create_all, options)
    assert made(databases, address, build, options) == expected


def test_the_description_has_the_names_that_the_engine_makes(databases: Databases, address: Address) -> None:
    with connected(databases, address, {"schema_translate_map": TRANSLATED}) as (connection, _):
        assert default_schema(connection) == "tenant"
        assert describe(connection, [schemas()], "tenant") == {
            "tables": [("kept", "book"), ("tenant", "author"), ("tenant shop", "loan")],
            "enums": [("tenant", "kind"), ("tenant shop", "size")],
            "sequences": [("tenant shop", "no_seq")],
            "views": [],
            "schemas": ["kept", "tenant", "tenant shop"],
        }
