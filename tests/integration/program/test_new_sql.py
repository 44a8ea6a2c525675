"""The SQL of the new revisions: what PostgreSQL received, as a block that makes the same when it is copied."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from psycopg2.extensions import connection as Connection

from action.postgres.schema_sql import split
from tests.integration.program.conftest import Ran, Run
from tests.projects import builder
from tests.projects.builder import BOOK, EnvPy, Revision, commit, versions, write

TOP = """
import datetime, decimal, uuid
from sqlalchemy.dialects.postgresql import JSONB

KEPT = (
    sa.Column("n", sa.Integer), sa.Column("words", sa.Text), sa.Column("yes", sa.Boolean), sa.Column("day", sa.Date),
    sa.Column("at", sa.DateTime(timezone=True)), sa.Column("price", sa.Numeric), sa.Column("id", sa.Uuid),
    sa.Column("bytes", sa.LargeBinary), sa.Column("data", JSONB), sa.Column("many", sa.ARRAY(sa.Integer)),
    sa.Column("mood", sa.Enum("sad", "ok", name="mood")), sa.Column("nothing", sa.Text),
)
ROW = dict(
    n=7, words="it's 100% \\\\ $1 :x\\n-- 'and' more", yes=True, day=datetime.date(2024, 2, 29),
    at=datetime.datetime(2024, 2, 29, 12, 30, tzinfo=datetime.timezone.utc), price=decimal.Decimal("1.50"),
    id=uuid.UUID(int=5), bytes=b"\\x00\\xff'", data={"a": ["it's", None]}, many=[1, 2], mood="ok", nothing=None,
)
"""
UPGRADE = """
kept = op.create_table("kept", *KEPT)
op.get_bind().execute(kept.insert().values(**ROW))
op.bulk_insert(kept, [dict(ROW, n=n) for n in range(100, 112)])
op.execute("UPDATE kept SET words = words || '%' WHERE n = 7 AND words LIKE 'it%'")
"""
ROWS = "SELECT n, words, yes, day, at, price, id::text, bytes, data, many, mood::text, nothing FROM kept ORDER BY n"
EXPECTED = (
    7, "it's 100% \\ $1 :x\n-- 'and' more", True, datetime.date(2024, 2, 29),
    datetime.datetime(2024, 2, 29, 12, 30, tzinfo=datetime.UTC), Decimal("1.50"),
    "00000000-0000-0000-0000-000000000005", b"\x00\xff'", {"a": ["it's", None]}, [1, 2], "ok", None,
)  # fmt: skip


def on_branch(root: Path, *new: Revision, env: str = "") -> Path:
    """Return a project with revisions that its base does not have."""
    commit(root, builder.tree(BOOK, env=env))
    return write(root, versions(*new))


def sql_of(ran: Ran) -> Any:
    (tree,) = ran.report["trees"]
    return tree["new_sql"]


@pytest.mark.parametrize("driver", ["psycopg2", "psycopg", "asyncpg", "pg8000"])
def test_the_block_makes_the_same_rows_with_every_driver(
    driver: str, run: Run, tmp_path: Path, connection: Connection
) -> None:
    shape = builder.ASYNC if driver == "asyncpg" else builder.SYNC
    env = EnvPy(url=f'"postgresql+{driver}://db.invalid/production"', run=shape).text
    new = Revision(id="b2", down="a1", top=TOP, upgrade=UPGRADE)
    found = sql_of(run(on_branch(tmp_path, new, env=env), "--base", "HEAD"))
    with connection.cursor() as cursor:
        for statement in split(found["text"]):
            cursor.execute(statement.sql)
        cursor.execute(ROWS)
        first, *rest = cursor.fetchall()
    given = (*first[:7], bytes(first[7]), *first[8:])
    assert given == (7, EXPECTED[1] + "%", *EXPECTED[2:])
    assert [row[0] for row in rest] == [100, 101, 102, 103, 104]
    assert "-- … 7 more rows\n" in found["text"]
    assert found["revisions"] == ["b2"]


def test_the_block_has_lines_bounds_and_what_is_left_out(run: Run, tmp_path: Path) -> None:
    second = Revision(
        id="b2",
        down="a1",
        top="\ndef add(column):\n    op.execute('ALTER TABLE book ADD %s int' % column)\n",
        upgrade="add('pages')\n"
        "sa.inspect(op.get_bind()).get_columns('book')\n"
        "op.get_bind().execute(sa.text('SELECT id FROM book WHERE id > :id'), {'id': 3}).all()\n"
        "for n in range(9):\n    op.execute(sa.text('UPDATE book SET pages = :n').bindparams(n=n))\n"
        "with op.get_context().autocommit_block():\n    op.execute('CREATE INDEX CONCURRENTLY ix ON book (pages)')\n"
        "op.execute(\"CREATE ROLE reader PASSWORD 'open sesame'\")",
    )
    third = Revision(id="c3", down="b2", upgrade="op.execute('ALTER TABLE book DROP nothing')")
    found = sql_of(run(on_branch(tmp_path, second, third), "--base", "HEAD"))
    path, line = "migrations/versions/b2_.py", second.line
    updates = [text for n in range(5) for text in (f"-- {path}:{line + 4}", f"UPDATE book SET pages = {n};")]
    assert found["text"].splitlines() == [
        "-- Statements that PostgreSQL received. Alembic's own statements for its version table are left out.",
        "",
        "-- Revision b2: Revision b2.",
        "BEGIN;",
        f"-- {path}:{line}, {path}:10 in add()",
        "ALTER TABLE book ADD pages int;",
        f"-- {path}:{line + 2}",
        "SELECT id FROM book WHERE id > 3;",
        *updates,
        f"-- … 4 more statements from {path}:{line + 4}",
        "COMMIT;",
        f"-- {path}:{line + 6} (autocommit)",
        "CREATE INDEX CONCURRENTLY ix ON book (pages);",
        "BEGIN;",
        f"-- {path}:{line + 7}",
        "CREATE ROLE reader PASSWORD '***';",
        "-- 1 read of the catalog left out",
        "",
        "-- Revision c3: Revision c3.",
        f"-- migrations/versions/c3_.py:{third.line}",
        '-- Failed: column "nothing" of relation "book" does not exist',
        "ALTER TABLE book DROP nothing;",
        "ROLLBACK; -- not committed",
    ]
    assert found["statements"] == 14


def test_without_a_base_there_is_none(run: Run, tmp_path: Path) -> None:
    assert sql_of(run(write(tmp_path, builder.tree(BOOK)))) is None


def test_all_revisions_are_new_where_the_base_has_none(run: Run, tmp_path: Path) -> None:
    commit(tmp_path, builder.tree())
    found = sql_of(run(write(tmp_path, versions(BOOK)), "--base", "HEAD"))
    assert (found["revisions"], "CREATE TABLE book (" in found["text"]) == (["a1"], True)
