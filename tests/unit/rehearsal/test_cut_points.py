"""Which commits a deploy makes, and after which of them it is stopped."""

from __future__ import annotations

import pytest

from action.rehearsal.commit_points import CommitPoints, writes
from action.rehearsal.cut_points import MOST, cut_points
from action.session.event_parts import Line
from action.session.events import Event, StatementDone, StatementSent, StepStarted, TransactionCommitted, VersionStamped
from checks.recording.replays import Commit


def sent(sql: str, line: int, transaction: int | None = None) -> list[Event]:
    frame = Line(path="v.py", line=line, function="upgrade")
    return [StatementSent(sql=sql, frames=(frame,), transaction=transaction), StatementDone(seconds=0.1)]


def heard(*events: Event | list[Event]) -> list[Commit]:
    points = CommitPoints()
    for part in events:
        for event in part if isinstance(part, list) else [part]:
            points(event)
    return points.commits


def outline(commits: list[Commit]) -> list[tuple[int, str, list[str], tuple[str, ...]]]:
    return [(one.number, one.revision, [s.sql for s in one.statements], one.torn) for one in commits]


STAMP, COMMIT = VersionStamped(transaction=1), TransactionCommitted(transaction=1)
ADD, BUILD = "ALTER TABLE book ADD a int", "CREATE INDEX CONCURRENTLY ix ON book (a)"


def test_one_transaction_is_one_commit_that_nothing_is_stopped_after() -> None:
    commits = heard(StepStarted(revision="b2"), sent(ADD, 3, 1), sent("SELECT 1 FROM book", 4, 1), STAMP, COMMIT)
    assert outline(commits) == [(1, "b2", [ADD], ())]
    assert cut_points(commits, ["b2"]).stops == ()


def test_a_revision_is_torn_until_its_row_in_the_version_table_is_permanent() -> None:
    commits = heard(
        *(StepStarted(revision="b2"), sent(ADD, 3, 1), COMMIT, sent(BUILD, 5), sent("SHOW lock_timeout", 6)),
        *(TransactionCommitted(transaction=2), VersionStamped(transaction=3), TransactionCommitted(transaction=3)),
    )
    assert outline(commits) == [(1, "b2", [ADD], ("b2",)), (2, "b2", [BUILD], ("b2",)), (5, "b2", [], ())]
    stops = cut_points(commits, ["b2"]).stops
    assert [(stop.commit.number, stop.during.sql if stop.during else None) for stop in stops] == [
        (1, None),
        (1, BUILD),
        (2, None),
    ]
    assert cut_points(commits, ["c3"]).stops == ()


def test_a_row_of_the_version_table_in_autocommit_leaves_the_commit_before_it_torn() -> None:
    commits = heard(StepStarted(revision="b2"), sent(ADD, 3), VersionStamped(transaction=None))
    assert outline(commits) == [(1, "b2", [ADD], ("b2",)), (0, "b2", [], ())]
    assert [stop.commit.number for stop in cut_points(commits, ["b2"]).stops] == [1]


def test_a_loop_is_stopped_after_its_first_and_its_last_commit() -> None:
    commits = heard(StepStarted(revision="b2"), *(sent("UPDATE book SET a = 1", 4) for _ in range(50)), STAMP, COMMIT)
    found = cut_points(commits, ["b2"])
    assert ([stop.commit.number for stop in found.stops], found.repeated, found.left_out) == ([1, 50], 48, ())


def test_what_is_more_than_the_most_is_left_out_by_name() -> None:
    commits = heard(StepStarted(revision="b2"), *(sent(ADD, line) for line in range(MOST + 3)), STAMP, COMMIT)
    found = cut_points(commits, ["b2"])
    assert len(found.stops) == MOST
    assert [one.statements[0].frames[0].line for one in found.left_out] == [MOST, MOST + 1, MOST + 2]


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("SELECT a FROM book", False),
        ("-- why\nSET lock_timeout = '5s'", False),
        ("SELECT set_config('a', 'b', false)", False),
        ("SELECT setval('book_id_seq', 5)", True),
        ("SELECT create_hypertable('book', 'at')", True),
        ("SELECT * INTO copy FROM book", True),
        ("WITH gone AS (DELETE FROM book RETURNING *) SELECT * FROM gone", True),
        ("/* batch */ UPDATE book SET a = 1", True),
    ],
)
def test_what_writes(sql: str, expected: bool) -> None:
    assert writes(sql) is expected
