"""The check on recordings by hand: what is said where nothing was stopped, where not all was, and of each trouble."""

from __future__ import annotations

from dataclasses import replace

import pytest

from checks.check import Outcome
from checks.findings import Finding, Severity, Snippet, Status
from checks.policy import Policy
from checks.recording.absent import Absent
from checks.recording.legs import Failure, FailureKind, Leg, LegName, Statement
from checks.recording.obstacles import Obstacle, ObstacleKind
from checks.recording.places import Frame
from checks.recording.replays import Commit, Replay, Replays
from checks.recording.schema import ObjectChange, SchemaObject
from checks.recording.tree import TreeRecording
from checks.replay.check import CHECK, NOT_ARRIVED, NOTHING_NEW, UNSEEN
from checks.replay.repeatable import repeatable, version
from tests.unit.reports import bookstore_recordings as recordings
from tests.unit.reports.bookstore_revisions import PUBLISHER, REVIEW

(GREEN,) = recordings.all_green().trees
FILE = f"migrations/versions/{REVIEW}_add_review_table.py"


def sent(line: int, sql: str) -> Statement:
    return Statement(sql=sql, frames=(Frame(path=FILE, line=line, function="upgrade"),), seconds=0.1, committed=True)


ADD = sent(24, "ALTER TABLE book ADD COLUMN pages INTEGER")
STOP = Commit(number=1, revision=REVIEW, statements=(ADD,), torn=(REVIEW,))
LAST = Commit(number=2, revision=REVIEW)
AGAIN = Leg(name=LegName.AGAIN, target=(REVIEW,), versions_before=(PUBLISHER,), versions_after=(REVIEW,))
REFUSED = Failure(
    kind=FailureKind.DATABASE,
    message='column "pages" of relation "book" already exists',
    revision=REVIEW,
    statement=ADD,
    error="DuplicateColumn",
    sqlstate="42701",
)
CAME = ObjectChange(before=None, after=SchemaObject(kind="column", schema="public", table="book", name="pages"))


def judged(tree: TreeRecording) -> Outcome:
    return CHECK.run(tree, Policy())


def stopped(*replays: Replay, **fields: object) -> TreeRecording:
    found = Replays(commits=(STOP, LAST), replays=replays)
    return replace(GREEN, replays=replace(found, **fields))  # type: ignore[arg-type]


NO_BASE = Absent(reason="No base was named.")
OBSTACLE = Obstacle(kind=ObstacleKind.MISSING_SETTINGS, message="A variable is missing.", why="", remedy="")
(FAILED,) = recordings.failing_upgrade().trees
ELSEWHERE = replace(AGAIN, obstacle=replace(OBSTACLE, message="The version table holds b1."))


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        (GREEN, Outcome(note="The new revision runs in one transaction.")),
        (
            replace(GREEN, changes=NO_BASE, judged=(), base_expected=False),
            Outcome(unjudged=Status.SKIPPED, reason=NO_BASE.reason, required=False),
        ),
        (FAILED, Outcome(unjudged=Status.SKIPPED, reason=NOT_ARRIVED)),
        (  # a base that is made without its migrations, because one of them fails on an empty database
            replace(GREEN, legs=(replace(GREEN.legs[0], failure=REFUSED), *GREEN.legs[1:])),
            Outcome(note="The new revision runs in one transaction."),
        ),
        (
            replace(GREEN, obstacle=OBSTACLE),
            Outcome(unjudged=Status.ERROR, reason="The migrations could not run: see upgrade."),
        ),
        (
            replace(GREEN, replays=Absent(reason="Time is up.")),
            Outcome(unjudged=Status.SKIPPED, reason="Time is up."),
        ),
        (replace(GREEN, replays=Replays()), Outcome(unjudged=Status.SKIPPED, reason=UNSEEN)),
        (stopped(), Outcome(unjudged=Status.SKIPPED, reason=UNSEEN)),
        (
            stopped(Replay(stop=STOP, again=AGAIN)),
            Outcome(note="Stopped at 1 place half-way; the next alembic upgrade finished each time."),
        ),
        (
            stopped(Replay(stop=STOP, again=ELSEWHERE)),
            Outcome(
                unjudged=Status.SKIPPED,
                reason="The deploy could not be judged after a stop at line 24: The version table holds b1.",
            ),
        ),
        (
            stopped(left_out=(STOP,)),
            Outcome(unjudged=Status.SKIPPED, reason="Only 0 stops ran; the deploy was not stopped after line 24."),
        ),
        (
            replace(GREEN, judged=("a", REVIEW), replays=Replays(commits=(LAST,), alone=("a",))),
            Outcome(
                note="The new revision runs in one transaction. "
                "The deploy does not run 1 old revision, so it was not stopped."
            ),
        ),
    ],
)
def test_the_outcome(tree: TreeRecording, expected: Outcome) -> None:
    assert judged(tree) == expected


def test_without_a_new_revision_it_passes() -> None:
    assert not isinstance(GREEN.changes, Absent)
    tree = replace(GREEN, changes=replace(GREEN.changes, new=()), judged=(), replays=Replays())
    assert judged(tree) == Outcome(note=NOTHING_NEW)


def test_several_stops_with_one_trouble_are_one_finding() -> None:
    second = replace(STOP, number=2, statements=(sent(26, "CREATE TABLE shelf (id int)"),))
    failed = replace(AGAIN, failure=REFUSED, versions_after=(PUBLISHER,), changed=(CAME,))
    replays = (Replay(stop=STOP, again=failed), Replay(stop=second, again=failed))
    found = judged(stopped(*replays, commits=(STOP, second, replace(LAST, number=3))))
    assert found.findings == (
        Finding(
            rule="not-rerunnable",
            severity=Severity.WARNING,
            message=f"After a deploy stopped in revision {REVIEW}, the next alembic upgrade fails: {REFUSED.message}.",
            why="Lines 24 and 26 of the revision are committed before the version table is updated, so the next deploy "
            "runs them again. This was seen: the deploy was stopped after line 24 was committed, and ran again.",
            remedy="Replace lines 24 and 26 by lines that can run again.",
            path=FILE,
            line=24,
            revision=REVIEW,
            evidence=(
                Snippet(
                    title="What the next alembic upgrade did",
                    text=f"Stopped after line 24 was committed: it fails at line 24: {REFUSED.message}\n"
                    f"Stopped after line 26 was committed: it fails at line 24: {REFUSED.message}",
                ),
            ),
            fixes=(
                Snippet(
                    title="If it has happened, undo it by hand, then run alembic upgrade again",
                    text="ALTER TABLE public.book DROP COLUMN pages;",
                    language="sql",
                ),
                Snippet(
                    title="Replace lines 24 and 26 by lines that can run again",
                    text="with op.get_context().autocommit_block():\n"
                    '    op.execute("ALTER TABLE book ADD COLUMN IF NOT EXISTS pages INTEGER")\n'
                    '    op.execute("CREATE TABLE IF NOT EXISTS shelf (id int)")',
                    language="python",
                    path=FILE,
                ),
            ),
        ),
    )
    assert found.findings[0].problem == f"half of {REVIEW}"


@pytest.mark.parametrize(
    ("sql", "alembic", "expected"),
    [
        ("CREATE INDEX ix ON t (a)", "1.12.0", ('op.create_index("ix", "t", ["a"], if_not_exists=True)',)),
        ("CREATE INDEX ix ON t (a)", "1.11.3", ('op.execute("CREATE INDEX IF NOT EXISTS ix ON t (a)")',)),
        (
            "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS ix ON s.t (lower(a)) WHERE b",
            "1.18.0",
            (
                'op.execute("DROP INDEX CONCURRENTLY IF EXISTS s.ix")',
                'op.execute("CREATE UNIQUE INDEX CONCURRENTLY ix ON s.t (lower(a)) WHERE b")',
            ),
        ),
        ("ALTER TABLE t DROP COLUMN a", "1.18.0", ('op.execute("ALTER TABLE t DROP COLUMN IF EXISTS a")',)),
        (
            "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID",
            "1.18.0",
            (
                'op.execute("ALTER TABLE t DROP CONSTRAINT IF EXISTS c")',
                'op.execute("ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID")',
            ),
        ),
        (
            "ALTER TYPE mood ADD VALUE 'sad'",
            "1.18.0",
            ("op.execute(\"ALTER TYPE mood ADD VALUE IF NOT EXISTS 'sad'\")",),
        ),
        ("DROP MATERIALIZED VIEW v", "1.18.0", ('op.execute("DROP MATERIALIZED VIEW IF EXISTS v")',)),
        ("DROP TABLE IF EXISTS t", "1.18.0", ()),
        ("ALTER TABLE t VALIDATE CONSTRAINT c", "1.18.0", ()),
        ("ALTER TABLE t RENAME a TO b", "1.18.0", None),
        ("CREATE TYPE mood AS ENUM ('calm')", "1.18.0", None),
        ("INSERT INTO t VALUES (1)", "1.18.0", None),
    ],
)
def test_the_form_that_can_run_again(sql: str, alembic: str, expected: tuple[str, ...] | None) -> None:
    assert repeatable(Statement(sql=sql), version(alembic), inserts=False) == expected
