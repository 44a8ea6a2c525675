"""Tables that differ."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Integer,
    Table,
)

from tests.integration.drift.cases import Case, book, case, mood
from tests.integration.drift.expected_changes import differs, extra, missing

TABLES = (
    case("table missing", book(), "DROP TABLE book", missing("Table public.book", "public.book")),
    case(
        "table with enum missing",
        mood,
        "DROP TABLE pet; DROP TYPE mood",
        missing("Table public.pet", "public.pet"),
    ),
    case("table extra", book(), "CREATE TABLE shelf (id int)", extra("table public.shelf", "public.shelf")),
    Case(
        id="table missing in another schema",
        build=book(schema="shop"),
        created=False,
        changes=(missing("Table shop.book", "shop.book"),),
    ),
    Case(
        id="table extra in another schema",
        build=book(schema="shop"),
        created=False,
        sql="CREATE SCHEMA shop; CREATE TABLE shop.book (id serial PRIMARY KEY, title varchar(50) NOT NULL,"
        " price numeric(10, 2)); CREATE TABLE shop.shelf (id int)",
        changes=(extra("table shop.shelf", "shop.shelf"),),
    ),
    Case(
        id="table in the wrong schema",
        build=book(schema="shop"),
        created=False,
        sql="CREATE SCHEMA shop; CREATE TABLE book (id serial PRIMARY KEY, title varchar(50) NOT NULL,"
        " price numeric(10, 2))",
        changes=(
            missing("Table shop.book", "shop.book"),
            extra("table public.book", "public.book"),
        ),
    ),
    case(
        "table comment",
        book(comment="what we sell"),
        "COMMENT ON TABLE book IS 'what we lend'",
        differs("The comment of table public.book", "public.book", "cosmetic"),
    ),
    case(
        "unlogged",
        book(prefixes=["UNLOGGED"]),
        "ALTER TABLE book SET LOGGED",
        (
            "differs",
            "public.book",
            "The persistence of table public.book differs: UNLOGGED in the models, none in the migrations.",
        ),
    ),
    Case(
        id="not partitioned",
        build=lambda m: Table("log", m, Column("at", Integer), postgresql_partition_by="RANGE (at)"),
        created=False,
        sql="CREATE TABLE log (at int)",
        changes=(
            (
                "differs",
                "public.log",
                "The partition key of table public.log differs: RANGE (at) in the models, none in the migrations.",
            ),
        ),
    ),
)
