"""An env.py that migrates several databases: each has a scratch database, its own models, and is judged."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.integration.program.conftest import Run, python_for
from tests.projects import builder, multidb
from tests.projects.builder import Revision, commit, git, write
from tests.projects.environments import MATRIX
from tests.projects.multidb import RETURN, START, WITH_RETURNED, revision, tree

PASSED = ["passed", "alembic.ini", "  heads passed", "  history skipped", "  upgrade passed", "  drift passed"]
SAME = ("postgresql+psycopg2://ann@db.invalid/shop", "postgresql+psycopg2://bob@db.invalid/shop")
PASSES = {
    "two databases of one server": tree(START),
    "two servers": tree(START, urls=(multidb.URLS[0], multidb.URLS[0].replace("db.", "other."))),
    "placeholders": tree(START, urls=multidb.PLACEHOLDERS),
    "threads at import": tree(START, models=multidb.MODELS + multidb.THREAD),
}


@pytest.mark.parametrize("name", PASSES)
def test_each_database_is_migrated_and_compared(name: str, run: Run, tmp_path: Path) -> None:
    ran = run(write(tmp_path, PASSES[name]))
    assert ran.outline == PASSED, ran.stdout


@pytest.mark.parametrize("versions", ["sqlalchemy-1.3", "psycopg", "pg8000"])
def test_whatever_the_versions_and_the_driver(versions: str, run: Run, tmp_path: Path) -> None:
    driver = "psycopg2" if versions == "sqlalchemy-1.3" else versions
    urls = tuple(url.replace("psycopg2", driver) for url in multidb.URLS)
    assert len(urls) == 2
    ran = run(write(tmp_path, tree(START, urls=urls)), "--python", python_for(MATRIX[versions]))
    assert ran.outline == PASSED, ran.stdout


def test_one_database_on_two_connections_is_refused_at_once(run: Run, tmp_path: Path) -> None:
    ran = run(write(tmp_path, tree(START, urls=SAME)))
    assert ran.outline[4:] == ["  upgrade skipped", "  drift skipped"]
    assert ran.check("upgrade")["reason"].splitlines() == [
        "env.py migrates one database on two connections at once: both URLs name shop.",
        "The migrations on the second connection would wait forever for the lock that the first one holds.",
        "Give each URL a database name of its own, such as NAME={url} and OTHER_NAME={url}_other with `env`. Each then "
        "has a scratch database of its own.",
    ]
    given = ("--env", "ENGINE1_URL={url}", "--env", "ENGINE2_URL={url}_loans")
    ran = run(tmp_path, *given)
    assert ran.outline == PASSED, ran.stdout


def test_a_missing_migration_of_one_database_is_named_with_it(run: Run, tmp_path: Path) -> None:
    ran = run(write(tmp_path, tree(START, models=WITH_RETURNED)))
    assert ran.outline[-2:] == [
        "  drift failed",
        "    error missing-migration public.returned (engine2) models.py:6",
    ], ran.stdout
    finding = ran.finding("missing-migration")
    assert finding["message"] == "engine2: Table public.returned is in the models, but no migration creates it."
    (fix,) = ran.check("drift")["fixes"]
    assert (
        fix["title"]
        == "Missing migration (autogenerate; verified: applies, undoes, applies again; no differences remain)"
    )
    functions = fix["text"].split("def ")
    (made,) = [text for text in functions if "op.create_table('returned'" in text]
    assert made.startswith("upgrade_engine2():")


def test_what_is_new_runs_on_copies_of_both_and_old_drift_is_old(run: Run, tmp_path: Path) -> None:
    commit(tmp_path, tree(START, models=WITH_RETURNED))
    extra = 'op.add_column("book", sa.Column("pages", sa.Integer()))'
    commit(tmp_path, revision("b2", "a1", extra, "pass"))
    ran = run(tmp_path, "--base", "HEAD~1")
    assert ran.outline[3:] == [
        "  history passed",
        "  upgrade passed",
        "  drift failed",
        "    error missing-migration public.book.pages (engine1) models.py:4",
        "    notice old-drift",
    ], ran.stdout
    commit(tmp_path, {"migrations/versions/b2_.py": ""}, revision("b2", "a1", "pass", RETURN))
    ran = run(tmp_path, "--base", "HEAD~2")
    assert ran.outline[3:] == ["  history passed", "  upgrade passed", "  drift passed"], ran.stdout


def test_a_failure_in_one_database_has_its_line(run: Run, tmp_path: Path) -> None:
    broken = revision("b2", "a1", "pass", 'op.execute("SELECT nothing()")')
    ran = run(write(tmp_path, tree(START, broken)))
    line = broken["migrations/versions/b2_.py"].splitlines().index('    op.execute("SELECT nothing()")') + 1
    assert ran.finding("migration-fails")["line"] == line
    assert ran.outline[4] == "  upgrade failed"


def test_a_database_that_is_never_committed_is_no_pass(run: Run, tmp_path: Path) -> None:
    ran = run(write(tmp_path, tree(START, commits='("engine1",)')))
    assert ran.outline[4:] == ["  upgrade skipped", "  drift skipped"]
    message = "env.py ran without an error, but the version table of engine2 holds no revision."
    assert ran.reason("upgrade") == message


def test_a_database_without_models_is_named_and_no_pass(run: Run, tmp_path: Path) -> None:
    ran = run(write(tmp_path, tree(START, metadata='{"engine1": books}')))
    assert ran.outline[4:] == ["  upgrade passed", "  drift skipped"]
    assert ran.check("drift")["reason"].splitlines() == [
        "engine1: env.py imports models that are not in target_metadata: models.loans (1 table). The check could not "
        "compare their tables. Add their metadata, such as target_metadata = [first.metadata, second.metadata].",
        "engine2: target_metadata in env.py is None, so there are no models to compare. Set target_metadata to the "
        "metadata of your models. If the project has no models, leave this check out: `checks: heads,history,upgrade`.",
    ]


def test_an_init_command_is_no_base_for_several(run: Run, tmp_path: Path) -> None:
    commit(tmp_path, tree(revision("a1", None, "op.execute('SELECT nothing()')", "pass")))
    commit(tmp_path, revision("b2", "a1", "pass", RETURN))
    ran = run(tmp_path, "--base", "HEAD~1", "--init", "true")
    assert ran.reason("upgrade") == "`init` creates one database, but env.py migrates 2 databases: engine1, engine2."


def test_a_second_connection_that_waits_for_the_first_is_ended_at_once(run: Run, tmp_path: Path) -> None:
    waits = """
    op.execute("SELECT pg_advisory_xact_lock(7)")
    other = sa.create_engine("postgresql+psycopg2://nobody:nothing@db.invalid/books").connect()
    other.execute(sa.text("SELECT pg_advisory_xact_lock(7)"))
    """
    second = Revision(id="b2", down="a1", upgrade=waits)
    ran = run(write(tmp_path, builder.tree(builder.BOOK, second)), "--timeout", "90")
    finding = ran.finding("migration-timed-out")
    assert (finding["message"], finding["remedy"], finding["line"]) == (
        "Revision b2 waits for a lock that another connection of the same migration run holds.",
        "Run the statement on the migration's own connection, op.get_bind(), or commit the other one first.",
        second.line + 2,
    )


def test_a_migration_that_only_sleeps_is_let_be(run: Run, tmp_path: Path) -> None:
    sleeps = Revision(id="b2", down="a1", upgrade='op.execute("SELECT pg_sleep(9)")')
    ran = run(write(tmp_path, builder.tree(builder.BOOK, sleeps)), "--timeout", "60")
    assert ran.outline == PASSED, ran.stdout


def test_what_one_database_loses_is_found_there(run: Run, tmp_path: Path) -> None:
    commit(tmp_path, tree(START))
    git(tmp_path, "checkout", "-q", "-b", "work")
    commit(tmp_path, revision("b2", "a1", "pass", 'op.drop_table("loan")'))
    done = run(tmp_path, "--base", "main", "--checks", "loss")
    found = done.finding("table-dropped")
    assert (found["severity"], found["object"], found["path"]) == ("error", "public.loan", "migrations/versions/b2_.py")
    text = (tmp_path / found["path"]).read_text().splitlines()
    assert text[found["line"] - 1].strip() == 'op.drop_table("loan")'
