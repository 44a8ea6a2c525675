"""What the mappers say of a column, against the statements that the ORM sends."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import Column, ForeignKey, Integer, MetaData, Table, Text, event, select
from sqlalchemy.orm import DeclarativeBase, Session, column_property, deferred

from action.postgres.databases import Databases
from action.probe.mappings import mapped_tables
from tests.integration.drift.comparing import sqlalchemy_connection

LAZY = {"eager_defaults": False}


def models(arguments: dict[str, object]) -> type[DeclarativeBase]:
    """Return a class with every kind of column, and one that inherits from it."""

    class Base(DeclarativeBase):
        metadata = MetaData()

    class Book(Base):
        __tablename__ = "book"
        id = Column(Integer, primary_key=True)
        plain = Column("plain_column", Text)
        changed = Column(Text)
        given = Column(Text, server_default="x")
        late = deferred(Column(Text))
        late_given = deferred(Column(Text, server_default="x"))
        late_python = deferred(Column(Text, server_default="x", default="y"))
        late_updated = deferred(Column(Text, server_default="x", onupdate="y"))
        late_in_expression = deferred(Column(Text, server_default="x"))
        kind = Column(Text, server_default="book")
        __mapper_args__ = {"polymorphic_on": kind, "polymorphic_identity": "book", **arguments}  # noqa: RUF012

    Book.expression = column_property(Book.__table__.c.late_in_expression + "!")

    class Novel(Book):
        __tablename__ = "novel"
        novel_id = Column(Integer, ForeignKey("book.id"), primary_key=True)
        genre = Column(Text)
        __mapper_args__ = {"polymorphic_identity": "novel"}  # noqa: RUF012

    class Partly(Base):
        __table__ = Table(
            "partly",
            Base.metadata,
            Column("id", Integer, primary_key=True),
            Column("left_out", Text, server_default="x"),
            Column("python", Text, default="x"),
        )
        __mapper_args__ = {"exclude_properties": ["left_out", "python"], **arguments}  # noqa: RUF012

    Table("unmapped", Base.metadata, Column("n", Integer, key="number"))
    Base.classes = (Book, Novel, Partly)
    return Base


@pytest.mark.parametrize("arguments", [{}, LAZY], ids=["as is", "without eager defaults"])
def test_each_statement_of_the_orm_names_what_the_mappers_say(
    databases: Databases, name: str, arguments: dict[str, object]
) -> None:
    base = models(arguments)
    with sqlalchemy_connection(databases.address, name) as connection:
        base.metadata.create_all(connection)
        sent: list[str] = []
        event.listen(connection, "before_cursor_execute", lambda *args: sent.append(args[2]))
        for cls in base.classes:  # type: ignore[attr-defined]
            with Session(connection) as session:
                one = cls()
                session.add(one)
                session.flush()
                if hasattr(cls, "changed"):
                    one.changed = "new"
                    session.flush()
                session.expunge_all()
                session.execute(select(cls)).all()
        found = {(one["schema"], one["table"]): one for one in mapped_tables(connection, [base.metadata], "public")}
    asked = {"id", "novel_id", "changed", "kind"}  # a value is given to each of these
    for table in ("book", "novel", "partly"):
        uses = found["public", table]["uses"]
        columns = {column.name for column in base.metadata.tables[table].columns} - asked
        for column in columns:
            said = {word for use in uses if use["column"] == column for word in use["statements"]}
            said = {"INSERT" if word == "RETURNING" else word for word in said}
            assert (table, column, said) == (table, column, named(sent, table, column))


def named(sent: list[str], table: str, column: str) -> set[str]:
    """Return the verbs of the statements on a table that name one of its columns."""
    own = [sql for sql in sent if re.search(rf"(INTO|UPDATE|FROM|JOIN) {table}\b", sql)]
    return {sql.split()[0] for sql in own if re.search(rf"\b{column}\b", sql)}


def test_tables_classes_and_keys(databases: Databases, name: str) -> None:
    base = models({})
    with sqlalchemy_connection(databases.address, name) as connection:
        found = {one["table"]: one for one in mapped_tables(connection, [base.metadata], "public")}
        copy = MetaData()
        for table in base.metadata.tables.values():
            table.to_metadata(copy)
        copied = {one["table"]: one for one in mapped_tables(connection, [copy], "public")}
    classes = {table: one["classes"] for table, one in found.items()}
    assert classes == {"book": ["Book"], "novel": ["Novel"], "partly": ["Partly"], "unmapped": []}
    assert found["unmapped"]["uses"] == [{"column": "n", "owner": "", "attribute": "number", "statements": []}]
    attributes = {use["attribute"] for use in found["book"]["uses"] if use["column"] == "plain_column"}
    assert attributes == {"plain"}
    assert {table: one["classes"] for table, one in copied.items()} == classes
