"""Code that holds the server up does not hold the run up: it ends by itself, inconclusive, with what happened."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from action.postgres.servers import libpq_variables
from action.postgres.servers.embedded import boot
from tests.dropping_proxy import DroppingProxy
from tests.integration.program.conftest import Run
from tests.integration.program.test_faults import INTERRUPTED, SEE_UPGRADE
from tests.projects import faults, holding
from tests.projects.builder import BOOK, tree, write

PASSED = ["passed", "alembic.ini", "  heads passed", "  history skipped", "  upgrade passed", "  drift passed"]


@pytest.fixture
def pids(tmp_path: Path) -> Iterator[Path]:
    """Take the processes that a migration leaves, and end them."""
    file = tmp_path / "pids"
    yield file
    for pid in file.read_text().split() if file.exists() else ():
        with contextlib.suppress(ProcessLookupError):  # it has ended with its migration
            os.kill(int(pid), signal.SIGKILL)


def test_a_server_that_a_migration_freezes(run: Run, tmp_path: Path) -> None:
    ran = run(write(tmp_path, faults.project(holding.FREEZES)), "--timeout", "10")
    assert (ran.outline, ran.code) == (INTERRUPTED, 1), ran.stderr
    assert str(ran.check("upgrade")["reason"]).splitlines() == [
        "PostgreSQL did not answer while revision b2 ran.",
        "The error was: did not finish within 10 seconds.",
        "The statement was: SELECT 1",
        "This is a fault of the server or the machine, so it says nothing about the project.",
        "Run the check again. If it happens again, read the server's log, and look for what stops the server or locks "
        "its catalogs.",
    ]
    assert ran.reason("drift") == SEE_UPGRADE
    assert "Traceback" not in ran.stderr


@pytest.mark.parametrize("manner", ["silent", "rows"])
def test_a_server_that_a_migration_puts_in_the_place_of_ours_ends_with_it(
    manner: str, run: Run, tmp_path: Path, pids: Path
) -> None:
    """What a fake one would do to our connections is tested in test_deadlines.py and in tests/faults."""
    ran = run(write(tmp_path / "project", holding.takes_its_place(manner, pids)), "--timeout", "10")
    assert (ran.outline, ran.code) == (INTERRUPTED, 1), ran.stderr
    assert ran.reason("upgrade") == "PostgreSQL stopped while revision b2 ran."


def test_a_network_that_drops_everything(run: Run, tmp_path: Path) -> None:
    marker = tmp_path / "dropped"
    drops = f"open({str(marker)!r}, 'w').close()\nop.execute('SELECT 1')"
    with boot() as server, DroppingProxy(server.address, marker.exists) as proxy:
        url = f"postgresql://postgres:{server.address.password}@127.0.0.1:{proxy.port}/postgres"
        ran = run(write(tmp_path / "project", faults.project(drops)), "--timeout", "10", "--database-url", url)
    assert (ran.outline, ran.code) == (INTERRUPTED, 1), ran.stderr
    assert ran.reason("upgrade") == "PostgreSQL did not answer while revision b2 ran."
    assert "Scratch databases were not dropped: ac_" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_given_server_that_says_nothing(run: Run, tmp_path: Path) -> None:
    with boot() as server, DroppingProxy(server.address, lambda: True) as proxy:
        url = f"postgresql://postgres:{server.address.password}@127.0.0.1:{proxy.port}/postgres"
        ran = run(write(tmp_path / "project", tree(BOOK)), "--database-url", url)
    assert (ran.outline, ran.code) == (INTERRUPTED, 4), ran.stderr
    assert str(ran.check("upgrade")["reason"]).splitlines() == [
        f"No connection to the PostgreSQL server at 127.0.0.1:{proxy.port}.",
        "PostgreSQL did not answer within 10 seconds",
        "Check --database-url and that the server runs. Or remove it: a server is started then.",
    ]


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        (
            "SELECT g::text AS version_num FROM generate_series(1, 100000) g",
            "PostgreSQL sent too much while the migrations ran.",
        ),
        (
            "SELECT repeat('x', 20000000) AS version_num FROM generate_series(1, 25)",
            "env.py ran without an error, but the scratch database's version table holds "
            f"{', '.join(['x' * 255] * 20)}, 5 more.",
        ),
    ],
    ids=["rows", "characters"],
)
def test_a_version_table_of_any_size(query: str, reason: str, run: Run, tmp_path: Path) -> None:
    ran = run(write(tmp_path, holding.with_version_table(query)))
    assert (ran.outline, ran.code) == (INTERRUPTED, 1), ran.stderr
    assert ran.reason("upgrade") == reason


def test_wrong_variables_of_libpq_change_nothing(run: Run, tmp_path: Path) -> None:
    wrong = {**dict.fromkeys(libpq_variables.NAMES, "/nowhere"), "PGOPTIONS": "-c search_path=elsewhere", "PGPORT": "1"}
    ran = run(write(tmp_path, tree(BOOK)), **wrong)
    assert (ran.outline, ran.code) == (PASSED, 0), ran.stderr
