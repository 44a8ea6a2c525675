"""A repository with many Alembic environments: they share the machine, and see nothing of each other."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.program.conftest import Run, command, environ, wait_until
from tests.integration.program.test_base import branch
from tests.integration.program.test_killed import WAITS
from tests.projects import builder
from tests.projects.builder import BOOK, CREATE_BOOK, Revision, tree, versions, write

TREES = 6
OLDER = ("heads", "history", "upgrade", "drift")
"""The checks without those that judge each new revision."""
COUNT = """
import os
def parent(pid):
    return int(open(f"/proc/{pid}/stat").read().rpartition(") ")[2].split()[1])
probe = parent(os.getpid())
siblings = 0
for name in filter(str.isdigit, os.listdir("/proc")):
    try:
        siblings += parent(name) == parent(probe) and "probe/__main__.py" in open(f"/proc/{name}/cmdline").read()
    except OSError:
        pass
databases = op.get_bind().exec_driver_sql("SELECT count(*) FROM pg_database WHERE datname LIKE 'ac%%'").scalar()
with open(COUNTS, "a") as counts:
    print(siblings, databases, file=counts)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="it counts processes in /proc")
def test_few_projects_are_loaded_at_once_and_each_takes_its_databases_with_it(run: Run, tmp_path: Path) -> None:
    counts = tmp_path / "counts"
    upgrade = COUNT.replace("COUNTS", repr(str(counts))) + CREATE_BOOK.strip()
    for number in range(TREES):
        write(tmp_path / "project", builder.below(f"service{number}", tree(Revision(id="a1", upgrade=upgrade))))
    ran = run(tmp_path / "project")
    assert (ran.code, len(ran.report["trees"])) == (0, TREES), ran.stderr
    seen = [tuple(map(int, line.split())) for line in counts.read_text().splitlines()]
    assert len(seen) == TREES
    assert {probes for probes, _ in seen} <= {1, 2, 3, 4}
    assert len({databases for _, databases in seen}) == 1


SEVERAL = pytest.mark.skipif(
    not hasattr(os, "sched_getaffinity") or len(os.sched_getaffinity(0)) < 2, reason="it needs two processors"
)
READER = "op.execute('CREATE ROLE ac_test_reader')\n" + CREATE_BOOK.strip()
FAILS = "op.execute('CREATE ROLE ac_test_reader')\nop.execute('SELECT 1 / 0')"


@pytest.fixture
def one_processor() -> Iterator[None]:
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(before)})
    yield
    os.sched_setaffinity(0, before)


@pytest.fixture
def services(tmp_path: Path) -> Path:
    """Write three services whose migrations create the same role, and of which the second fails."""
    for number, upgrade in enumerate((READER, FAILS, READER)):
        write(tmp_path / "project", builder.below(f"service{number}", tree(Revision(id="a1", upgrade=upgrade))))
    return tmp_path / "project"


OUTLINE = [
    "failed",
    *("service0/alembic.ini", "  heads passed", "  history skipped", "  upgrade passed", "  drift passed"),
    *("service1/alembic.ini", "  heads passed", "  history skipped", "  upgrade failed"),
    "    error migration-fails a1 service1/migrations/versions/a1_.py:13",
    "  drift skipped",
    *("service2/alembic.ini", "  heads passed", "  history skipped", "  upgrade passed", "  drift passed"),
]


@SEVERAL
def test_side_by_side_they_see_nothing_of_each_other(run: Run, services: Path) -> None:
    ran = run(services)
    assert ran.outline == OUTLINE, ran.stderr
    lines = [line.partition("] ")[2] for line in ran.stderr.splitlines()]
    assert "running the migrations of 3 Alembic configs" in lines
    for number in range(3):
        assert f"service{number}/alembic.ini: applying the revisions" in lines


@pytest.mark.usefixtures("one_processor")
@SEVERAL
def test_one_after_the_other_they_come_to_the_same(run: Run, services: Path) -> None:
    ran = run(services)
    assert ran.outline == OUTLINE, ran.stderr
    assert [line for line in ran.stderr.splitlines() if line.endswith("service2/alembic.ini")] != []


PREPARED = 'op.execute("CREATE TABLE app.t (); GRANT SELECT ON app.t TO reader; DROP TABLE app.t")\n'


@SEVERAL
def test_side_by_side_each_prepares_its_own_server(run: Run, tmp_path: Path) -> None:
    for number in range(2):
        revision = Revision(id="a1", upgrade=PREPARED + CREATE_BOOK.strip())
        write(tmp_path / "project", builder.below(f"service{number}", tree(revision)))
    ran = run(tmp_path / "project", "--postgres-setup", "CREATE ROLE reader; CREATE SCHEMA app")
    passed = ["  heads passed", "  history skipped", "  upgrade passed", "  drift passed"]
    assert ran.outline == ["passed", "service0/alembic.ini", *passed, "service1/alembic.ini", *passed], ran.stdout
    wrong = run(tmp_path / "project", "--postgres-setup", "CREATE ROLL reader")
    assert (wrong.code, wrong.report, wrong.stderr.count("`postgres-setup` fails on PostgreSQL")) == (2, {}, 1)


def test_on_several_servers_some_trees_are_left_alone(run: Run, tmp_path: Path) -> None:
    fails = Revision(id="b2", down="a1", upgrade="op.execute('SELECT any_value(1)')")
    passes = Revision(id="b2", down="a1", upgrade="op.execute('SELECT 1')")
    services = [builder.below(f"service{number}", tree(BOOK)) for number in range(3)]
    changes = [builder.below(f"service{number}", versions(new)) for number, new in enumerate((passes, fails))]
    branch(tmp_path, {**services[0], **services[1], **services[2]}, {**changes[0], **changes[1]})
    ran = run(tmp_path, "--base", "main", "--postgres", "18,15")
    statuses = {
        tree["path"]: [f"{check['id']} {check['status']}" for check in tree["checks"] if check["id"] in OLDER]
        for tree in ran.report["trees"]
    }
    assert statuses == {
        "service0/alembic.ini": ["heads passed", "history passed", "upgrade passed", "drift passed"],
        "service1/alembic.ini": ["heads passed", "history passed", "upgrade failed", "drift skipped"],
        "service2/alembic.ini": ["heads passed", "history passed", "upgrade skipped", "drift skipped"],
    }, ran.stdout
    message = "On PostgreSQL 15: Revision b2 fails: function any_value(integer) does not exist."
    assert ran.finding("migration-fails")["message"] == message
    reason = ran.report["trees"][2]["checks"][-1]["reason"]
    assert reason.startswith("Not run: none of the "), reason


@SEVERAL
def test_a_signal_ends_all_that_run_side_by_side(tmp_path: Path) -> None:
    waiting = tree(Revision(id="a1", upgrade=WAITS + CREATE_BOOK.strip()))
    for number in range(2):
        write(tmp_path / "project", builder.below(f"service{number}", waiting))
    process = subprocess.Popen(
        command(tmp_path / "project"), env=environ({}), stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    try:
        wait_until(lambda: all((tmp_path / "project" / f"service{number}" / "here").exists() for number in range(2)))
        process.send_signal(signal.SIGINT)
        _, printed = process.communicate(timeout=55)
    finally:
        process.kill()
        process.communicate()
    last = "Stopped by a signal. Every server and process of this run has ended."
    assert (process.returncode, printed.splitlines()[-1]) == (130, last)
