"""The filters of env.py, asked what Alembic asks them, and obeyed as autogenerate obeys them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import CheckConstraint, Column, Connection, ForeignKey, Integer, MetaData, Table, Text
from sqlalchemy import UniqueConstraint as Unique

from action.postgres.databases import Databases
from action.postgres.servers.interface import Address
from action.probe.filters import hidden
from action.probe.metadata import describe, rebuild
from checks.comparison.compare import compare
from checks.drift.sentences import object_name
from checks.drift.uncompared import uncompared
from checks.recording.models import Hidden, Models
from tests.integration.drift.comparing import VERSION_TABLE, execute, read, sqlalchemy_connection

Filter = Callable[[Any, Any, str, bool, Any], bool]
PLUGINS = ["alembic.autogenerate.*", "alembic.ext.checkconstraint_byname"]
SQL = """
    CREATE TABLE author (id serial PRIMARY KEY);
    CREATE TABLE book (
        id serial PRIMARY KEY, title text UNIQUE, isbn text, pages int CHECK (pages > 0),
        author_id int REFERENCES author, editor_id int CONSTRAINT fk_editor REFERENCES author,
        CONSTRAINT uq_isbn UNIQUE (isbn), CONSTRAINT ck_isbn CHECK (isbn <> ''));
    CREATE INDEX ix_book_pages ON book (pages);
    CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY);
"""
EXTRAS = """
    CREATE TABLE celery (id int);
    ALTER TABLE book ADD gone int REFERENCES author, ADD CONSTRAINT uq_pages UNIQUE (pages),
        ADD CONSTRAINT ck_pages CHECK (pages < 10000), ADD CONSTRAINT fk_pages FOREIGN KEY (pages) REFERENCES author;
    CREATE INDEX ix_gone ON book (isbn, pages);
"""
LACKS = """
    ALTER TABLE book DROP CONSTRAINT book_title_key, DROP CONSTRAINT book_pages_check, DROP CONSTRAINT fk_editor,
        DROP CONSTRAINT ck_isbn;
    DROP INDEX ix_book_pages;
"""


def library() -> MetaData:
    metadata = MetaData()
    Table("author", metadata, Column("id", Integer, primary_key=True))
    Table(
        "book",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("title", Text, unique=True),
        Column("isbn", Text),
        Column("pages", Integer, CheckConstraint("pages > 0"), index=True),
        Column("author_id", ForeignKey("author.id")),
        Column("editor_id", ForeignKey("author.id", name="fk_editor")),
        Unique("isbn", name="uq_isbn"),
        CheckConstraint("isbn <> ''", name="ck_isbn"),
    )
    return metadata


def no_extras(item: object, name: str | None, kind: str, reflected: bool, compare_to: object) -> bool:
    return not (reflected and compare_to is None)


def only_tables_and_columns(item: object, name: str | None, kind: str, reflected: bool, compare_to: object) -> bool:
    return kind in ("table", "column")


def models(databases: Databases, address: Address, name: str, include_object: Filter) -> Models:
    metadatas, opts = [library()], {"include_object": include_object}
    migrated = read(databases, name)
    with sqlalchemy_connection(address, name) as connection:
        description = describe(connection, metadatas, "public")
        items = hidden(connection, metadatas, opts, "public")
        rebuild(connection, metadatas, "public")
    return Models(
        migrated=migrated,
        modelled=read(databases, name),
        tables=tuple(description["tables"]),
        schemas=("public",),
        hidden=tuple(Hidden(**item) for item in items),
    )


def autogenerate(connection: Connection, include_object: Filter) -> list[Any]:
    opts = {"include_object": include_object, "autogenerate_plugins": PLUGINS}
    return list(compare_metadata(MigrationContext.configure(connection, opts=opts), library()))


@pytest.mark.parametrize("sql", [SQL, SQL + EXTRAS])
def test_the_usual_filter_hides_extras_alone(databases: Databases, address: Address, name: str, sql: str) -> None:
    execute(databases, name, sql)
    with sqlalchemy_connection(address, name) as connection:
        assert autogenerate(connection, no_extras) == []
    found = models(databases, address, name, no_extras)
    assert compare(found, VERSION_TABLE) == ()
    listed = [text.text.splitlines() for notice in uncompared(found) for text in notice.evidence]
    expected = [
        "check constraint public.book.ck_pages",
        "column public.book.gone",
        "foreign key constraint public.book.book_gone_fkey",
        "foreign key constraint public.book.fk_pages",
        "index public.book.ix_gone",
        "unique constraint public.book.uq_pages",
        "table public.celery",
    ]
    assert listed == ([expected] if sql != SQL else [])


def test_the_usual_filter_hides_nothing_that_the_database_lacks(
    databases: Databases, address: Address, name: str
) -> None:
    execute(databases, name, SQL + LACKS)
    found = compare(models(databases, address, name, no_extras), VERSION_TABLE)
    assert [object_name(change) for change in found] == [
        "public.book.book_title_key",
        "public.book.book_pages_check",
        "public.book.ck_isbn",
        "public.book.fk_editor",
        "public.book.ix_book_pages",
    ]


@pytest.mark.parametrize("sql", [SQL + LACKS, SQL + EXTRAS.replace("gone int REFERENCES author, ADD", "")])
def test_a_filter_by_type_hides_on_both_sides(databases: Databases, address: Address, name: str, sql: str) -> None:
    execute(databases, name, sql.replace("CREATE TABLE celery (id int);", ""))
    found = compare(models(databases, address, name, only_tables_and_columns), VERSION_TABLE)
    unnamed = ["public.book.book_pages_check"] if "DROP CONSTRAINT book_pages_check" in sql else []
    assert [object_name(change) for change in found] == unnamed


@pytest.mark.parametrize("sql", [SQL, SQL + EXTRAS, SQL + LACKS])
def test_whatever_alembic_asks_is_asked_in_the_same_words(
    databases: Databases, address: Address, name: str, sql: str
) -> None:
    """Alembic asks of constraints where they differ; we ask of those that are equal, too."""
    asked: dict[str, set[tuple[object, ...]]] = {"alembic": set(), "ours": set()}
    who = "alembic"

    def include_object(item: Any, name: str | None, kind: str, reflected: bool, compare_to: Any) -> bool:
        asked[who].add((type(item).__name__, name, kind, reflected, getattr(compare_to, "name", None)))
        return True

    def include_name(name: str | None, kind: str, parents: Any) -> bool:
        asked[who].add((name, kind, *sorted((key, str(value)) for key, value in parents.items())))
        return True

    execute(databases, name, sql)
    opts: dict[str, Any] = {"include_object": include_object, "include_name": include_name}
    with sqlalchemy_connection(address, name) as connection:
        context = MigrationContext.configure(connection, opts={**opts, "autogenerate_plugins": PLUGINS})
        compare_metadata(context, library())
        who = "ours"
        hidden(connection, [library()], opts, "public")
    objects = {call for call in asked["alembic"] if len(call) == 5 and isinstance(call[3], bool)}
    assert objects - asked["ours"] == set()
    kinds = {call[2] for call in asked["ours"] - objects if len(call) == 5 and isinstance(call[3], bool)}
    assert kinds <= {"index", "unique_constraint", "foreign_key_constraint", "check_constraint"}
    assert {call for call in asked["ours"] if call not in objects and True in call[3:4]} == set()
    # include_name is asked only of what the models lack.
    assert {call for call in asked["ours"] if not (len(call) == 5 and isinstance(call[3], bool))} <= asked["alembic"]
