"""Errors that only follow from something else: the report names what they come from, at its line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.integration.program.conftest import Run
from tests.projects import causes
from tests.projects.builder import ASYNC, BOOK, EnvPy, Revision, commit, tree, versions, write

NOTHING_CHANGED = "A failed deploy changes nothing: everything is rolled back, and the version table is still empty."
IN_A_SAVEPOINT = (
    "Fix this statement, or run it in a savepoint that can be rolled back: `with op.get_bind().begin_nested():` inside"
    " the `try`."
)


def told(finding: dict[str, Any]) -> tuple[str, str, str, str]:
    return finding["message"], finding["why"], finding["remedy"], f"{finding['path']}:{finding['line']}"


def evidence(finding: dict[str, Any]) -> dict[str, str]:
    return {snippet["title"]: snippet["text"] for snippet in finding["evidence"]}


def test_the_statement_that_aborted_the_transaction_is_reported(run: Run, tmp_path: Path) -> None:
    found = run(write(tmp_path, tree(BOOK, causes.SWALLOWS))).finding("migration-fails")
    assert told(found) == (
        'Revision b2 fails: column "title" of relation "book" already exists.',
        "The migration catches this error, but PostgreSQL has aborted the transaction and refuses the next statement"
        f" (ALTER TABLE book ADD COLUMN pages integer). {NOTHING_CHANGED}",
        IN_A_SAVEPOINT,
        f"migrations/versions/b2_.py:{causes.SWALLOWS.line + 1}",
    )
    assert evidence(found) == {
        "Statement": "ALTER TABLE book ADD COLUMN title text",
        "PostgreSQL error": 'ERROR:  42701: column "title" of relation "book" already exists',
    }


@pytest.mark.parametrize("driver", ["psycopg2", "asyncpg"])
def test_also_where_alembic_s_own_update_meets_it(driver: str, run: Run, tmp_path: Path) -> None:
    shape = {"run": ASYNC} if driver == "asyncpg" else {}
    env = EnvPy(url=f'"postgresql+{driver}://db.invalid/production"', **shape).text
    found = run(write(tmp_path, tree(BOOK, causes.SWALLOWS_THE_LAST, env=env))).finding("migration-fails")
    assert told(found)[:2] == (
        'Revision b2 fails: table "shelf" does not exist.',
        "The migration catches this error, but PostgreSQL has aborted the transaction and refuses the next statement"
        f" (Alembic's update of the version table). {NOTHING_CHANGED}",
    )


def test_an_error_that_was_rolled_back_to_a_savepoint_is_none(run: Run, tmp_path: Path) -> None:
    ran = run(write(tmp_path, tree(BOOK, causes.RECOVERS)))
    assert (ran.code, ran.check("upgrade")["status"]) == (0, "passed")
    again = run(write(tmp_path, versions(causes.RECOVERS_ONCE)))
    assert again.finding("migration-fails")["message"] == 'Revision b2 fails: table "reader" does not exist.'


def test_a_statement_that_nobody_saw_is_not_guessed(run: Run, tmp_path: Path) -> None:
    found = run(write(tmp_path, tree(BOOK, causes.UNSEEN))).finding("migration-fails")
    assert told(found)[:3] == (
        "Revision b2 fails: current transaction is aborted, commands ignored until end of transaction block.",
        f"An earlier statement of this transaction failed, and the migration caught its error. {NOTHING_CHANGED}",
        "Find the earlier statement whose error the migration catches. Fix it, or run it in a savepoint: `with"
        " op.get_bind().begin_nested():` inside the `try`.",
    )


def test_an_emptied_search_path_is_named_with_its_line(run: Run, tmp_path: Path) -> None:
    found = run(write(tmp_path, tree(causes.FROM_A_DUMP))).finding("migration-fails")
    assert told(found) == (
        'Revision a1 fails: relation "alembic_version" does not exist, because revision a1 has emptied search_path.',
        "Without a search_path, PostgreSQL finds only names that have their schema. pg_dump writes such a line into its"
        f" files. {NOTHING_CHANGED}",
        'Delete the statement that empties search_path, or add op.execute("RESET search_path") at the end of upgrade()'
        " of revision a1.",
        f"migrations/versions/a1_.py:{causes.FROM_A_DUMP.line}",
    )
    assert evidence(found)["Statement that empties search_path"] == (
        "SELECT pg_catalog.set_config('search_path', '', false);"
    )


def test_one_that_is_put_back_is_none(run: Run, tmp_path: Path) -> None:
    ran = run(write(tmp_path, tree(causes.PUTS_IT_BACK)))
    assert (ran.code, ran.check("upgrade")["status"]) == (0, "passed"), ran.stdout
    broken = Revision(id="b2", down="a1", upgrade='op.execute("DROP TABLE shelf")')
    found = run(write(tmp_path, versions(broken))).finding("migration-fails")
    assert found["message"] == 'Revision b2 fails: table "shelf" does not exist.'


def test_a_table_that_no_schema_can_take_says_why(run: Run, tmp_path: Path) -> None:
    found = run(write(tmp_path, tree(BOOK, causes.FROM_A_DUMP_WITHOUT_VERSIONS))).finding("migration-fails")
    assert told(found)[0] == (
        "Revision b2 fails: no schema has been selected to create in, because revision b2 has emptied search_path."
    )


TOO_LONG = (
    f"Revision id {causes.LONG} has 42 characters, but alembic_version.version_num holds 32.",
    "The deploy fails: Alembic writes the id into this column after the migration, and PostgreSQL refuses it.",
    f"Shorten the `revision` in migrations/versions/{causes.LONG}_.py. Or widen alembic_version.version_num in an"
    " earlier migration.",
    f"migrations/versions/{causes.LONG}_.py:5",
)


def test_an_id_that_its_column_cannot_hold_is_an_error_at_its_line(run: Run, tmp_path: Path) -> None:
    commit(tmp_path, tree(BOOK))
    ran = run(write(tmp_path, versions(causes.LONG_ID)), "--base", "main")
    found = ran.finding("revision-id-too-long")
    assert told(found) == TOO_LONG
    assert [fix["text"] for fix in found["fixes"]] == ["revision = '2026_11_26_add_the_number_of_pag'"]
    failed = ran.finding("migration-fails")
    assert told(failed)[0] == (
        f"Revision {causes.LONG} fails: alembic_version.version_num holds 32 characters, but this id has 42."
    )
    assert told(failed)[3] == TOO_LONG[3]


def test_it_is_seen_without_running_anything(run: Run, tmp_path: Path) -> None:
    files = tree(BOOK, env="import no_such_module\n")
    commit(tmp_path, files)
    ran = run(write(tmp_path, versions(causes.LONG_ID)), "--base", "main")
    assert told(ran.finding("revision-id-too-long")) == TOO_LONG


def test_a_column_that_was_widened_holds_it(run: Run, tmp_path: Path) -> None:
    commit(tmp_path, tree(BOOK, causes.WIDENS))
    ran = run(write(tmp_path, versions(causes.LONG_AFTER)), "--base", "main")
    assert (ran.code, ran.check("heads")["findings"], ran.check("upgrade")["findings"]) == (0, [], [])


def test_a_column_that_was_widened_holds_it_where_the_migration_fails_for_another_reason(
    run: Run, tmp_path: Path
) -> None:
    commit(tmp_path, tree(BOOK, causes.WIDENS))
    fails = Revision(id=causes.LONG, down="b2", upgrade='op.execute("SELECT nothing(1)")')
    ran = run(write(tmp_path, versions(fails)), "--base", "main")
    assert [f["rule"] for f in ran.check("heads")["findings"]] == []
