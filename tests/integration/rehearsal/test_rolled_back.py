"""What a migration itself rolls back is no commit, however it does that: what is recorded, for each driver."""

from __future__ import annotations

from pathlib import Path

import pytest

from action.postgres.databases import Databases
from action.probe.protocol.requests import Upgrade
from action.rehearsal.commit_points import CommitPoints
from action.rehearsal.steps import Collector
from action.session.events import Event
from tests.integration.rehearsal.rehearsing import loaded
from tests.projects import builder
from tests.projects.builder import BOOK, EnvPy, Revision

ONE, TWO = (f'op.execute("CREATE TABLE {name} (id integer)")' for name in ("one", "two"))
RAW = "op.get_bind().connection"
PER_MIGRATION = "transaction_per_migration=True"
SWALLOWED = """
try:
    op.execute("SELECT 1 / 0")
except sa.exc.DBAPIError:
    pass
"""
NESTED = """
try:
    with op.get_bind().begin_nested():
        op.execute("CREATE TABLE one (id integer)")
        op.execute("SELECT 1 / 0")
except sa.exc.DBAPIError:
    pass
"""
BY_HAND = """
op.execute("SAVEPOINT here")
op.execute("CREATE TABLE one (id integer)")
op.execute("ROLLBACK TO SAVEPOINT here")
"""
ANOTHER = """
with sa.create_engine(op.get_bind().engine.url).begin() as other:
    other.execute(sa.text("CREATE TABLE one (id integer)"))
    other.connection.rollback()
"""
DRIVERS = ("psycopg2", "psycopg", "asyncpg", "pg8000", "psycopg_async")
ASYNC = ("asyncpg", "psycopg_async")
LIBPQ = DRIVERS[:2]
ENDED: dict[str, tuple[str, tuple[str, ...]]] = {
    "rollback() of the connection": (f"{ONE}\n{RAW}.rollback()", DRIVERS),
    "rollback() of the driver's connection": (f"{ONE}\n{RAW}.dbapi_connection.rollback()", DRIVERS),
    "ROLLBACK as a statement": (f'{ONE}\nop.execute("ROLLBACK")', DRIVERS),
    "ROLLBACK behind a comment": (f'{ONE}\nop.execute("-- undo\\nrollback work")', DRIVERS),
    "ABORT": (f'{ONE}\nop.execute("ABORT")', DRIVERS),
    "ROLLBACK AND CHAIN": (f'{ONE}\nop.execute("ROLLBACK AND CHAIN")', DRIVERS),
    "statements that end with ROLLBACK": ('op.execute("CREATE TABLE one (id integer); ROLLBACK")', LIBPQ),
    "COMMIT of a transaction that has failed": (f'{ONE}{SWALLOWED}op.execute("COMMIT")', LIBPQ),
    "commit() of a transaction that has failed": (f"{ONE}{SWALLOWED}{RAW}.commit()", LIBPQ),
    "an isolation level that psycopg2 rolls back for": (
        f"{ONE}\n{RAW}.set_isolation_level(0)\n{RAW}.set_isolation_level(1)",
        LIBPQ[:1],
    ),
    "reset() of psycopg2": (f"{ONE}\n{RAW}.reset()", LIBPQ[:1]),
    "BEGIN and ROLLBACK in an autocommit block": (
        "with op.get_context().autocommit_block():\n"
        '    op.execute("BEGIN")\n    op.execute("CREATE TABLE one (id integer)")\n    op.execute("ROLLBACK")',
        DRIVERS,
    ),
    "a savepoint of SQLAlchemy": (NESTED, (*LIBPQ, "pg8000")),
    "a savepoint by hand": (BY_HAND, DRIVERS),
    "another connection": (ANOTHER, (*LIBPQ, "pg8000")),
}
ROWS = [(name, driver) for name, (_, drivers) in ENDED.items() for driver in drivers]


def tables(databases: Databases, database: str) -> list[str]:
    with databases.connect(database) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND relname IN ('one', 'two') ORDER BY 1")
        return [name for (name,) in cursor.fetchall()]


def env(driver: str) -> str:
    shape = builder.ASYNC if driver in ASYNC else builder.SYNC
    return EnvPy(url=f'"postgresql+{driver}://db.invalid/production"', run=shape, options=PER_MIGRATION).text


@pytest.mark.parametrize(("name", "driver"), ROWS)
def test_what_is_rolled_back_is_not_committed(name: str, driver: str, tmp_path: Path, databases: Databases) -> None:
    revision = Revision(id="b2", down="a1", upgrade=f"{ENDED[name][0]}\n{TWO}")
    with loaded(tmp_path, databases, builder.tree(BOOK, revision, env=env(driver))) as session:
        points, collector, database = CommitPoints(), Collector(), databases.create("whole")

        def hear(event: Event) -> None:
            points(event)
            collector(event)

        assert session.perform(Upgrade(database=database), hear).died is None
        databases.disconnect(database)
        assert (collector.failed, tables(databases, database)) == (None, ["two"])
    kept = [
        s.sql for commit in points.commits for s in commit.statements if "TABLE one" in s.sql or "TABLE two" in s.sql
    ]
    assert kept == ["CREATE TABLE two (id integer)"]
    created = [(s.sql, s.committed) for step in collector.steps for s in step.statements if "CREATE TABLE " in s.sql]
    assert [one for one in created if "book" not in one[0]][-1] == ("CREATE TABLE two (id integer)", True)
    assert not [sql for sql, is_committed in created if is_committed and "TABLE one" in sql]
