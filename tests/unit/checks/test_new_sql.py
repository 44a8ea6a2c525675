"""The SQL of the new revisions, on recordings made by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from checks.new_sql import new_sql
from checks.recording.absent import Absent
from checks.recording.legs import CopyableSql, Failure, FailureKind, Leg, LegName, Statement, Step
from checks.recording.places import Frame
from checks.recording.revisions import Changes, Graph, Revision
from checks.recording.tree import TreeRecording

LINE = Frame(path="v/b.py", line=12, function="upgrade")
GRAPH = Graph(revisions=tuple(Revision(id=i, path=f"v/{i}.py", line=3, down_revision_line=4) for i in "abc"))
HEAD = "-- Statements that PostgreSQL received. Alembic's own statements for its version table are left out."


def sent(sql: str, transaction: int | None = 1, *, committed: bool = True, line: int = 12) -> Statement:
    return Statement(
        sql=sql,
        frames=(replace(LINE, line=line),),
        seconds=0.1,
        transaction=transaction,
        committed=committed,
        copyable=CopyableSql(statements=(sql,)),
    )


def block(*steps: tuple[str, tuple[Statement, ...]], failure: Failure | None = None, graph: Graph = GRAPH) -> list[str]:
    """Return the lines of the block below its first line, where revisions b and c are new."""
    changes = Changes(
        base="main", base_sha="0", merge_base_sha="0", base_graph=graph, fork_graph=graph, merged_graph=graph,
        new=("b", "c"),
    )  # fmt: skip
    leg = Leg(
        name=LegName.BASE_TO_HEADS,
        target=("c",),
        steps=tuple(Step(revision=revision, seconds=0.1, statements=statements) for revision, statements in steps),
        failure=failure,
    )
    found = new_sql(TreeRecording(path="alembic.ini", graph=graph, changes=changes, legs=(leg,)))
    lines = found.text.splitlines() if found else [HEAD, ""]
    assert lines[:2] == [HEAD, ""]
    return lines[2:]


def test_a_transaction_that_two_revisions_share_ends_once() -> None:
    assert block(("b", (sent("A"),)), ("c", (sent("B"),))) == [
        "-- Revision b", "BEGIN;", "-- v/b.py:12", "A;", "", "-- Revision c", "-- v/b.py:12", "B;", "COMMIT;",
    ]  # fmt: skip


def test_only_new_revisions_and_their_own_queries_are_there() -> None:
    read = replace(sent("SELECT"), copyable=CopyableSql(statements=("SELECT",), reads_catalog=True))
    assert block(("a", (sent("OLD"),)), ("b", (read, sent("A"))), ("c", ())) == [
        "-- Revision b", "BEGIN;", "-- v/b.py:12", "A;", "COMMIT;", "-- 1 read of the catalog left out",
        "", "-- Revision c", "-- No statements.",
    ]  # fmt: skip
    assert block(("b", (read,))) == []


def test_what_follows_a_commit_by_hand_has_no_bounds_of_ours() -> None:
    assert block(("b", (sent("A"), sent("COMMIT", line=13), sent("B", 2, line=14)))) == [
        "-- Revision b", "BEGIN;", "-- v/b.py:12", "A;", "-- v/b.py:13", "COMMIT;",
        "-- After COMMIT: autocommit, or a transaction that the driver begins", "-- v/b.py:14", "B;",
    ]  # fmt: skip


def test_many_statements_after_a_commit_by_hand_have_no_bounds_of_ours() -> None:
    after = (sent("CREATE INDEX CONCURRENTLY a", 2), sent("CREATE INDEX CONCURRENTLY b", 3), sent("C", 4, line=15))
    assert block(("b", (sent("COMMIT"), *after)), ("c", (sent("D", 4),))) == [
        "-- Revision b", "BEGIN;", "-- v/b.py:12", "COMMIT;",
        "-- After COMMIT: autocommit, or a transaction that the driver begins",
        "-- v/b.py:12", "CREATE INDEX CONCURRENTLY a;", "-- v/b.py:12", "CREATE INDEX CONCURRENTLY b;",
        "-- v/b.py:15", "C;", "", "-- Revision c", "-- v/b.py:12", "D;",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("sql", "word"), [("ROLLBACK", "ROLLBACK"), ("abort work", "ABORT"), ("/* undo */ ROLLBACK;", "ROLLBACK")]
)
def test_what_follows_a_rollback_by_hand_has_no_bounds_of_ours(sql: str, word: str) -> None:
    undone = sent("A", committed=False), sent(sql, line=13, committed=False)
    assert block(("b", (*undone, sent("B", 2, line=14)))) == [
        "-- Revision b", "BEGIN;", "-- v/b.py:12", "A;", "-- v/b.py:13", f"{sql.rstrip(';')};",
        f"-- After {word}: autocommit, or a transaction that the driver begins", "-- v/b.py:14", "B;",
    ]  # fmt: skip


@pytest.mark.parametrize("sql", ["COMMIT AND CHAIN", "ROLLBACK WORK AND CHAIN"])
def test_a_transaction_that_the_server_begins_after_another_is_ended(sql: str) -> None:
    assert block(("b", (sent("A"), sent(sql, line=13), sent("B", 2, line=14)))) == [
        "-- Revision b", "BEGIN;", "-- v/b.py:12", "A;", "-- v/b.py:13", f"{sql};", "-- v/b.py:14", "B;", "COMMIT;",
    ]  # fmt: skip


def test_a_transaction_that_the_migration_begins_itself_is_not_begun_twice() -> None:
    by_hand = sent("BEGIN", None), sent("A", 2, line=13), sent("COMMIT", 2, line=14), sent("B", None, line=15)
    assert block(("b", by_hand)) == [
        "-- Revision b", "-- v/b.py:12 (autocommit)", "BEGIN;", "-- v/b.py:13", "A;", "-- v/b.py:14", "COMMIT;",
        "-- v/b.py:15 (autocommit)", "B;",
    ]  # fmt: skip


def test_a_rollback_of_the_driver_stands_between_two_transactions() -> None:
    assert block(("b", (sent("A", committed=False), sent("B", 2, line=14)))) == [
        "-- Revision b", "BEGIN;", "-- v/b.py:12", "A;", "ROLLBACK; -- not committed",
        "BEGIN;", "-- v/b.py:14", "B;", "COMMIT;",
    ]  # fmt: skip


def test_a_rollback_to_a_savepoint_ends_no_transaction() -> None:
    back = "ROLLBACK TO SAVEPOINT s"
    undone = replace(sent("A", line=13, committed=False), undone=True)
    assert block(("b", (sent("SAVEPOINT s"), undone, sent(back, line=14)))) == [
        "-- Revision b", "BEGIN;", "-- v/b.py:12", "SAVEPOINT s;", "-- v/b.py:13", "A;", "-- v/b.py:14", f"{back};",
        "COMMIT;",
    ]  # fmt: skip


def test_a_second_connection_is_named() -> None:
    assert block(("b", (sent("A"), sent("B", 2, line=13), sent("C", line=14)))) == [
        "-- Revision b", "BEGIN;", "-- v/b.py:12", "A;", "BEGIN; -- on another connection",
        "-- v/b.py:13", "B;", "COMMIT;", "-- v/b.py:14", "C;", "COMMIT;",
    ]  # fmt: skip


def test_a_revision_that_runs_on_several_databases_is_numbered() -> None:
    assert block(("b", (sent("A"),)), ("b", (sent("A", 2),)))[5:] == [
        "", "-- Revision b (database 2)", "BEGIN;", "-- v/b.py:12", "A;", "COMMIT;",
    ]  # fmt: skip


def test_a_failure_in_python_stands_where_the_statements_end() -> None:
    failure = Failure(kind=FailureKind.PYTHON, message="'x'\nmore", revision="b", error="KeyError")
    assert block(("b", (sent("A", committed=False),)), failure=failure)[3:] == [
        "A;", "ROLLBACK; -- not committed", "-- The revision stopped here: KeyError: 'x'",
    ]  # fmt: skip


def test_no_path_and_no_message_ends_its_comment() -> None:
    hostile = replace(sent("A -- b"), frames=(Frame(path="v\n;DROP\r\u2028x.py", line=1, function="f"),))
    graph = Graph(revisions=(replace(GRAPH.revisions[1], message="x\nDROP TABLE t;"),))
    assert block(("b", (hostile,)), graph=graph) == [
        "-- Revision b: x DROP TABLE t;", "BEGIN;", "-- v ;DROP x.py:1", "A -- b", ";", "COMMIT;",
    ]  # fmt: skip


def test_many_rows_and_values_without_a_literal_are_counted() -> None:
    copyable = CopyableSql(statements=("A 1", "A 2;", "-- A 3"), more_rows=12_345, unwritten=2)
    assert block(("b", (replace(sent("A"), copyable=copyable), *[replace(sent("B"), copyable=None)] * 3)))[3:] == [
        "A 1;", "A 2;", "-- A 3", "-- … 12,345 more rows", "-- 2 values above cannot be written as SQL",
        "-- … 3 more statements from v/b.py:12", "COMMIT;",
    ]  # fmt: skip


def test_without_a_base_there_is_none() -> None:
    leg = Leg(name=LegName.EMPTY_TO_HEADS, target=(), steps=(Step(revision="b", seconds=1, statements=(sent("A"),)),))
    tree = TreeRecording(path="alembic.ini", graph=GRAPH, changes=Absent(reason="No base."), legs=(leg,))
    assert new_sql(tree) is None
