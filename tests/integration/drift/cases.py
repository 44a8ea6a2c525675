"""A case: models and the SQL of a migrated database; and builders of the models that most cases start from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    Column,
    Enum,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    Numeric,
    String,
    Table,
)

Expected = tuple[str, str, str]
"""Weight, object and message of a change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Models, the SQL that creates the migrated database, and the changes that the comparison must find."""

    id: str
    build: Callable[[MetaData], Any]
    """Adds tables to the metadata; may return a list of other metadatas to use instead."""
    sql: str = ""
    """Runs on the migrated database, after ``create_all`` where ``created`` is true."""
    created: bool = True
    changes: tuple[Expected, ...] = ()
    since: int = 12
    """The oldest major version of PostgreSQL that the case needs."""

    _built: list[MetaData] = field(default_factory=list, repr=False, compare=False)

    def metadatas(self) -> Sequence[MetaData]:
        """Build the models once, because a constraint or index cannot move to another table."""
        if not self._built:
            metadata = MetaData()
            made = self.build(metadata)
            self._built.extend(made if isinstance(made, list) else [metadata])
        return self._built


def book(*more: Any, name: str = "book", **options: Any) -> Callable[[MetaData], Any]:
    """Return a builder of a small table with more columns, constraints or indexes."""

    def build(metadata: MetaData) -> Table:
        return Table(
            name,
            metadata,
            Column("id", Integer, primary_key=True),
            Column("title", String(50), nullable=False),
            Column("price", Numeric(10, 2)),
            *more,
            **options,
        )

    return build


def case(id_: str, build: Any, sql: str, *changes: Expected, since: int = 12) -> Case:
    return Case(id=id_, build=build, sql=sql, changes=changes, since=since)


def mood(metadata: MetaData) -> Any:
    return Table(
        "pet", metadata, Column("id", Integer, primary_key=True), Column("mood", Enum("sad", "ok", name="mood"))
    )


def two_tables(metadata: MetaData) -> None:
    Table("a", metadata, Column("id", Integer, primary_key=True))
    Table("b", metadata, Column("a_id", ForeignKey("a.id")))


def parent(*options: Any, **key: Any) -> Any:
    """Return a builder of two tables with a foreign key from the second to the first."""

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
