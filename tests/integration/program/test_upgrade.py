"""Migrations that fail: at which line, with which error of PostgreSQL, and what a failed deploy leaves behind."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.integration.program.conftest import Ran, Run
from tests.projects import builder, upgrades
from tests.projects.builder import Revision, commit, versions, write


def failing(rule: str, revision: Revision, line: int) -> list[str]:
    """Return the report of a project whose revision fails at a line of its ``upgrade``, counted from 0."""
    place = f"migrations/versions/{revision.id}_.py:{line}"
    checks = [
        "  heads passed",
        "  history skipped",
        "  upgrade failed",
        f"    error {rule} {revision.id} {place}",
        "  drift skipped",
    ]
    return ["failed", "alembic.ini", *checks]


def evidence(finding: dict[str, Any]) -> dict[str, str]:
    return {snippet["title"]: snippet["text"] for snippet in finding["evidence"]}


def test_a_failing_statement_is_reported_with_its_line_through_a_helper(run: Run, tmp_path: Path) -> None:
    ran = run(write(tmp_path, upgrades.through_a_helper()))
    line = upgrades.BY_A_HELPER.line + 1
    assert ran.outline == failing("migration-fails", upgrades.BY_A_HELPER, line), ran.stderr
    finding = ran.finding("migration-fails")
    assert finding["message"] == 'Revision b2 fails: column "pages" of relation "book" does not exist.'
    assert finding["why"] == (
        "A failed deploy changes nothing: everything is rolled back, and the version table is still empty."
    )
    assert evidence(finding) == {
        "Statement": "UPDATE book SET pages = 0",
        "PostgreSQL error": 'ERROR:  42703: column "pages" of relation "book" does not exist',
        "Called through": f"migrations/versions/b2_.py:{line} in upgrade\nhelpers.py:2 in number_pages",
    }
    assert ran.code == 1


@pytest.mark.parametrize("driver", ["psycopg", "asyncpg", "pg8000"])
def test_every_driver_passes_on_what_postgresql_said(driver: str, run: Run, tmp_path: Path) -> None:
    broken = Revision(id="b2", down="a1", upgrade='op.execute("SELECT nothing(1)")')
    shape = builder.ASYNC if driver == "asyncpg" else builder.SYNC
    env = builder.EnvPy(url=f'"postgresql+{driver}://db.invalid/production"', run=shape).text
    ran = run(write(tmp_path, builder.tree(builder.BOOK, broken, env=env)))
    assert ran.outline == failing("migration-fails", broken, broken.line), ran.stderr
    assert evidence(ran.finding("migration-fails")) == {
        "Statement": "SELECT nothing(1)",
        "PostgreSQL error": "ERROR:  42883: function nothing(integer) does not exist\n"
        "HINT:  No function matches the given name and argument types. You might need to add explicit type casts.",
    }


def test_what_a_commit_by_hand_left_behind_is_counted(run: Run, tmp_path: Path) -> None:
    ran = run(write(tmp_path, upgrades.per_migration(upgrades.COMMITS_BY_HAND)))
    finding = ran.finding("migration-fails")
    assert finding["why"] == (
        "A failed deploy stops halfway: it has committed 2 statements of this revision, but the version table is at "
        "a1. The next deploy reruns the whole revision over what this one left behind."
    )
    assert evidence(finding)["Already committed"] == "ALTER TABLE book ADD COLUMN pages integer;\nCOMMIT"


def test_a_commit_behind_sqlalchemy_s_back_is_seen_when_the_next_statement_is_sent(run: Run, tmp_path: Path) -> None:
    commit(tmp_path, upgrades.in_one_transaction())
    ran = run(write(tmp_path, versions(upgrades.COMMITS_UNSEEN)), "--base", "main")
    finding = ran.finding("migration-fails")
    assert finding["why"] == (
        "A failed deploy stops halfway: it has committed 1 statement of this revision, but the version table is at a1. "
        "The next deploy reruns the whole revision over what this one left behind."
    )
    assert evidence(finding)["Already committed"] == "ALTER TABLE book ADD COLUMN pages integer"


@pytest.mark.parametrize("shape", [upgrades.per_migration, upgrades.in_one_transaction])
def test_what_an_autocommit_block_left_behind_is_counted(shape: Any, run: Run, tmp_path: Path) -> None:
    ran = run(write(tmp_path, shape(upgrades.HALF_WAY)))
    assert ran.outline == failing("migration-fails", upgrades.HALF_WAY, upgrades.HALF_WAY.line + 3), ran.stderr
    finding = ran.finding("migration-fails")
    assert finding["why"] == (
        "A failed deploy stops halfway: it has committed 1 statement of this revision, but the version table is at a1. "
        "The next deploy reruns the whole revision over what this one left behind."
    )
    assert evidence(finding)["Already committed"] == "CREATE INDEX CONCURRENTLY ix_title ON book (title)"


@pytest.mark.parametrize(
    ("shape", "why"),
    [
        (
            upgrades.per_migration,
            "A failed deploy leaves the version table at b2: the revisions before this one are committed, this one is "
            "not.",
        ),
        (
            upgrades.in_one_transaction,
            "A failed deploy changes nothing: everything is rolled back, and the version table is still empty.",
        ),
    ],
)
def test_where_a_failed_deploy_stops(shape: Any, why: str, run: Run, tmp_path: Path) -> None:
    ran = run(write(tmp_path, shape(*upgrades.SECOND_OF_THREE)))
    (_, broken, _) = upgrades.SECOND_OF_THREE
    assert ran.outline == failing("migration-fails", broken, broken.line), ran.stderr
    finding = ran.finding("migration-fails")
    assert (finding["message"], finding["why"]) == ("Revision c3 fails: ValueError: no shelf is long enough.", why)
    assert "ValueError: no shelf is long enough" in evidence(finding)["Traceback"]


def test_a_migration_that_waits_for_itself_is_ended_and_the_blocker_named(run: Run, tmp_path: Path) -> None:
    ran = run(write(tmp_path, upgrades.per_migration(upgrades.HANGS)))
    assert ran.outline == failing("migration-timed-out", upgrades.HANGS, upgrades.HANGS.line + 2), ran.stderr
    finding = ran.finding("migration-timed-out")
    waits = "Revision b2 waits for a lock that another connection of the same migration run holds."
    assert finding["message"] == waits
    snippets = evidence(finding)
    assert snippets["Statement"] == "ALTER TABLE book ADD COLUMN pages integer"
    assert "Lock: relation" in snippets["Waiting for"]
    assert "blocked by: LOCK TABLE book IN ACCESS SHARE MODE (idle in transaction" in snippets["Waiting for"]


@pytest.mark.parametrize(
    ("revision", "end"), [(upgrades.DIES, "was ended by SIGKILL"), (upgrades.EXITS, "exited with code 0")]
)
def test_a_migration_that_ends_its_process_fails(revision: Revision, end: str, run: Run, tmp_path: Path) -> None:
    ran = run(write(tmp_path, upgrades.in_one_transaction(revision)))
    assert ran.outline == failing("migration-fails", revision, 5), ran.stderr
    assert ran.finding("migration-fails")["message"] == f"Revision b2 fails: the project's process {end}."


def test_an_error_that_follows_the_server_s_does_not_hide_it(run: Run, tmp_path: Path) -> None:
    """pg8000 does not leave the transaction for an autocommit block, and then raises again at its end."""
    env = builder.EnvPy(url='"postgresql+pg8000://db.invalid/production"').text
    ran = run(write(tmp_path, builder.tree(builder.BOOK, upgrades.HALF_WAY, env=env)))
    assert ran.outline == failing("migration-fails", upgrades.HALF_WAY, upgrades.HALF_WAY.line + 1), ran.stderr
    message = "Revision b2 fails: CREATE INDEX CONCURRENTLY cannot run inside a transaction block."
    assert ran.finding("migration-fails")["message"] == message


def test_create_all_in_a_migration_is_a_warning(run: Run, tmp_path: Path) -> None:
    write(tmp_path, upgrades.creates_all())
    place = f"migrations/versions/a1_.py:{upgrades.CREATES_ALL.line}"
    warned = [
        "  heads passed",
        "  history skipped",
        "  upgrade {}",
        f"    warning create-all-in-migration a1 {place}",
        "  drift passed",
    ]

    def outcome(ran: Ran) -> tuple[list[str], int]:
        return ran.outline, ran.code

    def expected(verdict: str) -> list[str]:
        return [verdict, "alembic.ini", *(line.format(verdict) for line in warned)]

    assert outcome(run(tmp_path)) == (expected("passed"), 0)
    assert outcome(run(tmp_path, "--fail-on", "warning")) == (expected("failed"), 1)
