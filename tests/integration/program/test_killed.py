"""Runs that are killed, or stopped as they clear up: what is left of them, at once and after the next run."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from action.postgres.servers.connection import connected
from action.postgres.servers.embedded import EmbeddedServer, boot
from action.probe.orphans import processes
from tests.integration.program.conftest import Run, command, environ, wait_until
from tests.projects.builder import BOOK, CREATE_BOOK, Revision, tree, write

WAITS = "open('here', 'w').close()\nimport threading\nthreading.Event().wait()\n"
WAITING = tree(Revision(id="a1", upgrade=WAITS + CREATE_BOOK.strip()))
STRAYS = """
import subprocess
subprocess.Popen(["sleep", "7001"])
subprocess.Popen(["setsid", "sleep", "7002"])
subprocess.Popen(["sh", "-c", "setsid sh -c 'sleep 7003 & sleep 7004 &' &"])
"""


@pytest.fixture(scope="module")
def external() -> Iterator[EmbeddedServer]:
    """Boot a server that the program does not know as its own."""
    with boot() as server:
        yield server


def ask(server: EmbeddedServer, *statements: str) -> list[tuple[Any, ...]]:
    with connected(server.address) as connection, connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


def scratch(server: EmbeddedServer) -> list[str]:
    return [name for (name,) in ask(server, r"SELECT datname FROM pg_database WHERE datname LIKE 'ac\_%'")]


def url(server: EmbeddedServer) -> str:
    address = server.address
    return f"postgresql://{address.user}:{address.password}@{address.host}:{address.port}/postgres"


@pytest.fixture
def started(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start a run whose migration waits for ever; whatever the test leaves of it is ended."""
    runs: list[subprocess.Popen[str]] = []

    def start(*arguments: str, files: dict[str, str] | None = None) -> subprocess.Popen[str]:
        project, temporary = write(tmp_path / "project", files or WAITING), tmp_path / "temporary"
        temporary.mkdir()
        temporary.chmod(0o777)
        process = subprocess.Popen(
            command(project, *arguments),
            env=environ({"TMPDIR": str(temporary)}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        runs.append(process)
        wait_until((project / "here").exists)
        return process

    yield start
    for process in runs:
        process.kill()
        process.wait()
        assert process.stderr is not None
        process.stderr.close()


def child_of(process: subprocess.Popen[str]) -> int:
    (run,) = [pid for pid, parent, _ in processes() if parent == process.pid]
    return run


def sleepers() -> list[str]:
    found = []
    for pid, _, _ in processes():
        try:
            words = Path(f"/proc/{pid}/cmdline").read_text(errors="replace").split("\0")
        except OSError:
            continue
        found += words[1:2] if words[0] == "sleep" and words[1].startswith("700") else []
    return found


pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="other systems do not give orphans to the run's parent")


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV])
@pytest.mark.parametrize("whom", ["the run", "its parent"])
def test_a_run_that_is_killed_leaves_nothing(
    whom: str, number: signal.Signals, started: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    process = started(files=tree(Revision(id="a1", upgrade=STRAYS + WAITS + CREATE_BOOK.strip())))
    wait_until(lambda: sorted(sleepers()) == ["7001", "7002", "7003", "7004"])
    os.kill(child_of(process) if whom == "the run" else process.pid, number)
    _, printed = process.communicate(timeout=60)
    wait_until(lambda: sleepers() == [] and list((tmp_path / "temporary").iterdir()) == [])
    if whom == "the run":
        killed = f"alembic-checks was killed ({number.name}). Every server and process of this run has ended."
        assert (process.returncode, printed.splitlines()[-1]) == (128 + number, killed)


def test_databases_of_a_run_that_is_killed_are_dropped_by_its_parent(
    started: Callable[..., subprocess.Popen[str]], external: EmbeddedServer
) -> None:
    process = started("--database-url", url(external))
    assert scratch(external) != []
    os.kill(child_of(process), signal.SIGKILL)
    assert process.wait(60) == 128 + signal.SIGKILL
    assert scratch(external) == []


def test_the_next_run_drops_what_both_left_and_nothing_else(
    started: Callable[..., subprocess.Popen[str]], external: EmbeddedServer, run: Run, tmp_path: Path
) -> None:
    process = started("--database-url", url(external))
    left = scratch(external)
    run_of_it = child_of(process)
    os.kill(process.pid, signal.SIGSTOP)
    os.kill(run_of_it, signal.SIGKILL)
    process.kill()
    process.wait()
    wait_until(lambda: ask(external, "SELECT count(*) FROM pg_stat_activity WHERE datname LIKE 'ac%'") == [(0,)])
    ask(external, "CREATE DATABASE ac_subscription_data_1")
    try:
        assert set(left) <= set(scratch(external))
        ran = run(write(tmp_path / "next", tree(BOOK)), "--database-url", url(external))
        assert (ran.code, scratch(external)) == (0, ["ac_subscription_data_1"]), ran.stderr
    finally:
        ask(external, "DROP DATABASE ac_subscription_data_1")


def test_another_run_leaves_the_databases_of_one_that_lives(
    started: Callable[..., subprocess.Popen[str]], external: EmbeddedServer, run: Run, tmp_path: Path
) -> None:
    process = started("--database-url", url(external))
    alive = scratch(external)
    ran = run(write(tmp_path / "next", tree(BOOK)), "--database-url", url(external))
    assert (ran.code, sorted(scratch(external))) == (0, sorted(alive)), ran.stderr
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    assert scratch(external) == []


@pytest.mark.parametrize("second", [signal.SIGINT, signal.SIGTERM, signal.SIGQUIT])
def test_a_second_signal_does_not_interrupt_the_clean_up(
    second: signal.Signals, started: Callable[..., subprocess.Popen[str]], external: EmbeddedServer
) -> None:
    process = started("--database-url", url(external))
    (name, *_) = scratch(external)
    dropping = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'DROP DATABASE%' AND wait_event_type = 'Lock'"
    with connected(external.address) as connection, connection.cursor() as cursor:
        connection.autocommit = False
        cursor.execute(f"COMMENT ON DATABASE {name} IS 'held, so that it cannot be dropped yet'")
        process.send_signal(signal.SIGTERM)
        wait_until(lambda: ask(external, dropping) == [(1,)])
        process.send_signal(second)
        os.kill(child_of(process), second)
        connection.rollback()
    _, printed = process.communicate(timeout=60)
    assert process.returncode == 130
    assert printed.splitlines()[-1] == "Stopped by a signal. Every server and process of this run has ended."
    assert scratch(external) == []


def test_a_database_that_cannot_be_dropped_is_named_and_the_verdict_stands(
    external: EmbeddedServer, run: Run, tmp_path: Path
) -> None:
    statement = "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I IS_TEMPLATE true', current_database()); END $$"
    ran = run(
        write(tmp_path, tree(Revision(id="a1", upgrade=f'op.execute("{statement}"){CREATE_BOOK}'))),
        "--database-url", url(external),
    )  # fmt: skip
    left = scratch(external)
    for name in left:
        ask(external, f"ALTER DATABASE {name} IS_TEMPLATE false", f"DROP DATABASE {name}")
    assert (ran.code, ran.report["verdict"], ran.report["server"]["left"]) == (0, "passed", left), ran.stderr
    assert "Scratch databases were not dropped: " + ", ".join(left) in ran.stderr
    assert json.dumps(left[0]) in json.dumps(ran.report)


def test_what_a_migration_starts_ends_with_it(run: Run, tmp_path: Path) -> None:
    first = Revision(id="a1", upgrade=STRAYS + CREATE_BOOK.strip())
    ran = run(write(tmp_path, tree(first)))
    assert (ran.code, sleepers()) == (0, []), ran.stderr
