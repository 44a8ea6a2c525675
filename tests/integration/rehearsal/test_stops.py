"""A run of the migrations that ends itself after a commit: what the server keeps, for each driver."""

from __future__ import annotations

from pathlib import Path

import pytest

from action.postgres.databases import Databases
from action.probe.protocol.requests import Upgrade
from action.rehearsal.commit_points import CommitPoints
from action.rehearsal.database_state import rows
from action.session.events import Event
from action.session.session import Session
from tests.integration.rehearsal.rehearsing import loaded
from tests.projects import builder
from tests.projects.builder import BOOK, EnvPy, Revision

PARTS = Revision(
    id="b2",
    down="a1",
    upgrade="""
    op.execute("CREATE TABLE one (id integer)")
    with op.get_context().autocommit_block():
        op.execute("CREATE TABLE two (id integer)")
        op.execute("CREATE TABLE three (id integer)")
    op.execute("CREATE TABLE four (id integer)")
    """,
)
THREAD = "import threading\nthreading.Thread(target=threading.Event().wait, daemon=True).start()"


def tables(databases: Databases, database: str) -> list[str]:
    with databases.connect(database) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace")
        return sorted(name for (name,) in cursor.fetchall() if name not in ("alembic_version", "book"))


def stopped(session: Session, databases: Databases, number: int) -> tuple[list[str], tuple[str, ...], list[str], bool]:
    """Return the tables, the version rows, the last events and whether the process counts as dead."""
    database, events = databases.create("stop"), list[Event]()
    ended = session.perform(Upgrade(database=database, stop_after=number), events.append)
    databases.disconnect(database)
    last = [str(event.event) for event in events[-2:]]
    return tables(databases, database), rows(session, databases, database), last, ended.died is not None


@pytest.mark.parametrize("driver", ["psycopg2", "psycopg", "asyncpg", "pg8000"])
def test_what_is_committed_stays_and_the_rest_is_rolled_back(driver: str, tmp_path: Path, databases: Databases) -> None:
    shape = builder.ASYNC if driver == "asyncpg" else builder.SYNC
    env = EnvPy(url=f'"postgresql+{driver}://db.invalid/production"', run=shape).text
    with loaded(tmp_path, databases, builder.tree(BOOK, PARTS, env=env)) as session:
        points, whole = CommitPoints(), databases.create("whole")
        assert session.perform(Upgrade(database=whole), points).died is None
        assert tables(databases, whole) == ["four", "one", "three", "two"]
        numbers = [commit.number for commit in points.commits]
        assert [commit.torn for commit in points.commits] == [("b2",), ("b2",), ("b2",), ()]
        # On pg8000, Alembic's question for the isolation level opens a transaction, in which the block then runs.
        second = ["one", "three", "two"] if driver == "pg8000" else ["one", "two"]
        found = [stopped(session, databases, number) for number in numbers[:3]]
        assert found == [
            (["one"], ("a1",), ["stopped", "ended"], False),
            (second, ("a1",), ["stopped", "ended"], False),
            (["one", "three", "two"], ("a1",), ["stopped", "ended"], False),
        ]


def test_a_project_that_cannot_be_forked_is_started_again_after_a_stop(tmp_path: Path, databases: Databases) -> None:
    with loaded(tmp_path, databases, builder.tree(BOOK, PARTS, env=EnvPy(top=THREAD).text)) as session:
        first = stopped(session, databases, 2)
        assert first == (["one", "two"], ("a1",), ["statement-done", "stopped"], False)
        assert stopped(session, databases, 1)[:2] == (["one"], ("a1",))
        whole = databases.create("whole")
        assert session.perform(Upgrade(database=whole), lambda event: None).died is None
        assert tables(databases, whole) == ["four", "one", "three", "two"]


def test_a_stop_that_is_never_reached_is_a_whole_run(tmp_path: Path, databases: Databases) -> None:
    with loaded(tmp_path, databases, builder.tree(BOOK, PARTS)) as session:
        assert stopped(session, databases, 99) == (["four", "one", "three", "two"], ("b2",), ["done", "ended"], False)
