"""What a failed run leaves, read from a database and from statements that are made by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from action.postgres.databases import Databases
from action.rehearsal.remaining import remaining
from checks.recording.legs import Leg, LegName, Statement, Step
from checks.recording.remains import Remains
from tests.integration.rehearsal.rehearsing import loaded
from tests.projects.builder import BOOK, tree

FILES: dict[str, tuple[str, ...]] = {
    "COPY book TO '/tmp/ann''s.csv' CSV": ("/tmp/ann's.csv",),
    "copy (SELECT 1)\n to '/tmp/one'": ("/tmp/one",),
    "SELECT lo_export(16385, '/tmp/blob')": ("/tmp/blob",),
    "COPY book TO STDOUT": (),
    "COPY book FROM '/tmp/in'": (),
    "COPY book TO PROGRAM 'cat > /tmp/x'": (),
}


@pytest.mark.parametrize("sql", FILES)
def test_a_file_is_named_where_the_statement_came_back(sql: str, tmp_path: Path, databases: Databases) -> None:
    start, database = databases.create("start"), databases.create("failed")
    with loaded(tmp_path, databases, tree(BOOK)) as session:
        found = [
            remaining(session, databases, start, database, leg(Statement(sql=sql, seconds=seconds, transaction=1)))
            for seconds in (0.1, None)
        ]
    assert found == [Remains(files=FILES[sql]), Remains()]


def test_what_others_create_on_the_server_is_not_the_run_s(tmp_path: Path, databases: Databases) -> None:
    start, database = databases.create("start"), databases.create("failed")
    with databases.connect(start) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE ROLE somebody_else")
    try:
        with loaded(tmp_path, databases, tree(BOOK)) as session:
            none = remaining(session, databases, start, database, leg(Statement(sql="SELECT 1", seconds=0.1)))
            by_it = leg(Statement(sql='CREATE ROLE "somebody_else"', seconds=0.1, committed=True))
            own = remaining(session, databases, start, database, by_it)
    finally:
        with databases.connect(start) as connection, connection.cursor() as cursor:
            cursor.execute("DROP ROLE somebody_else")
    assert (none, own) == (Remains(), Remains(roles=("somebody_else",)))


def test_of_a_table_that_is_not_ours_to_read_nothing_is_said(tmp_path: Path, databases: Databases) -> None:
    start = databases.create("start")
    with databases.connect(start) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE FUNCTION no() RETURNS text LANGUAGE plpgsql AS $$BEGIN RAISE 'no'; END$$")
        cursor.execute("CREATE TABLE book (id integer); INSERT INTO book VALUES (1)")
        cursor.execute("CREATE VIEW titles AS SELECT no() AS title")
        cursor.execute("ALTER TABLE book ENABLE ROW LEVEL SECURITY; ALTER TABLE book FORCE ROW LEVEL SECURITY")
        cursor.execute("CREATE POLICY nobody ON book USING (no() = '')")
    database = databases.create("failed", template=start)
    with loaded(tmp_path, databases, tree(BOOK)) as session:
        sent = Statement(sql="COPY book TO '/tmp/one'", seconds=0.1)
        assert remaining(session, databases, start, database, leg(sent)) == Remains(files=("/tmp/one",))


def leg(statement: Statement) -> Leg:
    step = Step(revision="b2", seconds=None, statements=(statement,))
    return Leg(name=LegName.BASE_TO_HEADS, target=("b2",), steps=(step,))
