"""The sentences that are expected of changes, and a short way to write a case down."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Column,
    Enum,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    Table,
)

from tests.integration.drift.cases import Case, Expected

DATABASE = "the database that the migrations build"


def missing(what: str, thing: str, weight: str = "breaks") -> Expected:
    """Tell that only the models have it."""
    return (weight, thing, f"{what} is in the models but not in {DATABASE}.")


def extra(what: str, thing: str, weight: str = "differs") -> Expected:
    """Tell that only the database has it."""
    return (weight, thing, f"{what} is in {DATABASE} but not in the models.")


def differs(what: str, thing: str, weight: str = "differs") -> Expected:
    """Tell that both have it, but not the same."""
    return (weight, thing, f"{what} differs between the models and {DATABASE}.")


def retyped(column: str, models: str, database: str, weight: str) -> Expected:
    """Tell that a column's type differs."""
    return (weight, column, f"The type of column {column} differs: {models} in the models, {database} in {DATABASE}.")


def nullable(column: str, models: str, database: str) -> Expected:
    """Tell that NOT NULL differs."""
    return ("breaks", column, f"Column {column} is {models} in the models, {database} in {DATABASE}.")


def mood(metadata: MetaData) -> Any:
    return Table(
        "pet", metadata, Column("id", Integer, primary_key=True), Column("mood", Enum("sad", "ok", name="mood"))
    )


def two_tables(metadata: MetaData) -> None:
    Table("a", metadata, Column("id", Integer, primary_key=True))
    Table("b", metadata, Column("a_id", ForeignKey("a.id")))


def parent(*options: Any, **key: Any) -> Any:
    """Return a builder of two tables, the second pointing at the first."""

    def build(metadata: MetaData) -> None:
        Table("author", metadata, Column("id", Integer, primary_key=True), Column("code", Integer, unique=True))
        Table(
            "book",
            metadata,
            Column("id", Integer, primary_key=True),
            Column("author_id", Integer),
            ForeignKeyConstraint(["author_id"], ["author.id"], name="fk_author", **key),
            *options,
        )

    return build


def fk(definition: str) -> str:
    return f"ALTER TABLE book DROP CONSTRAINT fk_author; ALTER TABLE book ADD CONSTRAINT fk_author {definition}"


def case(id_: str, build: Any, sql: str, *changes: Expected, since: int = 12) -> Case:
    return Case(id=id_, build=build, sql=sql, changes=changes, since=since)
