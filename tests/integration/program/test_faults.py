"""The server or the machine fails while a project is checked: inconclusive, with what happened, blamed on nobody."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.integration.program.conftest import Ran, Run
from tests.projects import builder, faults
from tests.projects.builder import BOOK, Revision, commit, tree, versions, write

INTERRUPTED = [
    "inconclusive",
    "alembic.ini",
    "  heads passed",
    "  history skipped",
    "  upgrade skipped",
    "  drift skipped",
]
LOST = "The connection to PostgreSQL was lost"
SEE_UPGRADE = "The migrations could not run: see upgrade."


def sentences(ran: Ran) -> list[str]:
    return str(ran.check("upgrade")["reason"]).splitlines()


@pytest.mark.parametrize(("upgrade", "happened"), faults.STOPPED.values(), ids=faults.STOPPED)
def test_a_fault_while_a_revision_runs_is_inconclusive(upgrade: str, happened: str, run: Run, tmp_path: Path) -> None:
    rights = ["--superuser"] if "COPY" in upgrade else []
    ran = run(write(tmp_path, faults.project(upgrade)), *rights)
    assert (ran.outline, ran.code) == (INTERRUPTED, 1), ran.stderr
    what, *_, why, fix = sentences(ran)
    assert what == f"{happened} while revision b2 ran."
    assert why == "This is a fault of the server or the machine, so it says nothing about the project."
    assert "un the check again" in fix
    assert ran.reason("drift") == SEE_UPGRADE


@pytest.mark.parametrize(("upgrade", "message"), faults.FAILING.values(), ids=faults.FAILING)
def test_what_the_migration_does_by_itself_still_fails(upgrade: str, message: str, run: Run, tmp_path: Path) -> None:
    ran = run(write(tmp_path, faults.project(upgrade)))
    finding = ran.finding("migration-fails")
    assert finding["message"].endswith(message), finding["message"]
    assert (finding["severity"], finding["revision"], ran.code) == ("error", "b2", 1)


@pytest.mark.parametrize("driver", ["psycopg2", "psycopg", "asyncpg", "pg8000"])
@pytest.mark.parametrize("upgrade", [faults.ENDS_ITS_CONNECTION, faults.ENDED_IN_ITS_OWN_CURSOR], ids=["sql", "cursor"])
def test_a_lost_connection_is_seen_with_every_driver(driver: str, upgrade: str, run: Run, tmp_path: Path) -> None:
    ran = run(write(tmp_path, faults.with_driver(driver, upgrade)))
    assert (ran.outline, ran.code) == (INTERRUPTED, 1), ran.stderr
    assert ran.reason("upgrade") == f"{LOST} while revision b2 ran."


@pytest.mark.parametrize("driver", ["psycopg2", "psycopg", "asyncpg", "pg8000"])
def test_a_connection_that_the_project_closes_is_its_own_fault_with_every_driver(
    driver: str, run: Run, tmp_path: Path
) -> None:
    closes = 'op.get_bind().connection.close()\nop.execute("SELECT 1")'
    ran = run(write(tmp_path, faults.with_driver(driver, closes)))
    assert ran.finding("migration-fails")["revision"] == "b2"


def test_a_fault_in_the_base_s_own_run_is_blamed_on_no_old_revision(run: Run, tmp_path: Path) -> None:
    """Without the server's fault, the base would be created from its models, and all would pass."""
    old = Revision(id="a1", upgrade=faults.ENDS_ITS_CONNECTION + builder.CREATE_BOOK)
    commit(tmp_path, tree(old))
    ran = run(write(tmp_path, versions(Revision(id="b2", down="a1"))), "--base", "main")
    outline = [line.replace("history skipped", "history passed") for line in INTERRUPTED]
    assert (ran.outline, ran.code) == (outline, 1), ran.stderr
    assert sentences(ran)[0] == f"{LOST} while revision a1 ran."
    assert "The statement was: SELECT pg_terminate_backend(pg_backend_pid())" in sentences(ran)


def test_a_fault_while_the_base_is_created_from_its_models(run: Run, tmp_path: Path) -> None:
    """The old revision really fails from empty: that stays a notice."""
    old = Revision(id="a1", upgrade='op.execute("ALTER TABLE legacy ADD COLUMN x integer")')
    commit(tmp_path, tree(old, models=builder.MODELS + faults.AT_CREATE))
    ran = run(write(tmp_path, versions(Revision(id="b2", down="a1"))), "--base", "main")
    assert (ran.outline[0], ran.code) == ("inconclusive", 1), ran.stderr
    assert sentences(ran)[0] == f"{LOST} while the migrations ran."
    assert ran.finding("old-migration-fails")["severity"] == "notice"


def test_a_fault_while_the_models_are_created(run: Run, tmp_path: Path) -> None:
    ran = run(write(tmp_path, tree(BOOK, models=builder.MODELS + faults.AT_CREATE)))
    expected = ["inconclusive", *INTERRUPTED[1:4], "  upgrade passed", "  drift skipped"]
    assert (ran.outline, ran.code) == (expected, 1), ran.stderr
    assert ran.reason("drift") == f"{LOST} while the models and the migrated database were compared."


def test_a_fault_while_the_base_s_models_are_created_calls_no_difference_new(run: Run, tmp_path: Path) -> None:
    commit(tmp_path, tree(BOOK, models=faults.WITH_ISBN + faults.AT_CREATE))
    ran = run(write(tmp_path, {"models.py": faults.WITH_ISBN}), "--base", "main")
    assert (ran.outline[0], ran.code) == ("inconclusive", 1), ran.stderr
    assert ran.check("drift")["findings"] == []
    assert ran.reason("drift") == f"{LOST} while the models and the migrated database were compared."


def test_a_fault_while_env_py_is_loaded(run: Run, tmp_path: Path) -> None:
    env = builder.EnvPy(before='connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))').text
    ran = run(write(tmp_path, tree(BOOK, env=env)))
    assert (ran.outline, ran.code) == (INTERRUPTED, 1), ran.stderr
    assert ran.reason("upgrade") == f"{LOST} while env.py was being loaded."


def test_a_revision_that_survives_a_lost_connection_is_judged(run: Run, tmp_path: Path) -> None:
    survives = """
    with sa.create_engine(op.get_bind().engine.url).connect() as other:
        try:
            other.execute(sa.text("SELECT pg_terminate_backend(pg_backend_pid())"))
        except Exception:
            pass
    """
    ran = run(write(tmp_path, faults.project(survives)))
    assert (ran.outline[0], ran.code) == ("passed", 0), ran.stderr
