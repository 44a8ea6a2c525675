"""The server itself goes away, a disk or the memory is really full: the run ends in time, and leaves nothing behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from action.postgres.servers.connection import connected
from action.postgres.servers.embedded import EmbeddedServer, boot
from tests.integration.program.conftest import Run, command, environ
from tests.projects import builder, faults
from tests.projects.builder import BOOK, tree, write

SIGNALS = """
import os, time
os.kill({pid}, {signal})
op.execute("SELECT pg_sleep(30)")
"""
FILLS = """
op.execute("CREATE TABLE titles AS SELECT repeat(md5(g::text), 30) AS title FROM generate_series(1, 2000000) g")
"""
TAKES_MEMORY = "titles = [bytearray(b'x') * (1 << 20) for _ in range(4000)]"
ASKS_FOR_MEMORY = TAKES_MEMORY.replace("4000", "10")


@pytest.fixture
def external() -> Iterator[EmbeddedServer]:
    with boot(superuser=True) as server:
        yield server


def url(server: EmbeddedServer) -> str:
    address = server.address
    return f"postgresql://{address.user}:{address.password}@{address.host}:{address.port}/postgres"


def test_a_server_that_is_not_ours_stops_during_a_run(run: Run, tmp_path: Path, external: EmbeddedServer) -> None:
    upgrade = SIGNALS.format(pid=external.pid, signal=int(signal.SIGQUIT))
    ran = run(write(tmp_path, faults.project(upgrade)), "--database-url", url(external))
    assert (ran.outline[0], ran.code) == ("inconclusive", 1), ran.stderr
    assert ran.reason("upgrade") == "PostgreSQL stopped while revision b2 ran."
    assert "Scratch databases were not dropped: ac_" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_server_that_is_not_ours_recovers_from_a_crash(run: Run, tmp_path: Path, external: EmbeddedServer) -> None:
    ran = run(write(tmp_path, faults.project(faults.KILLS_ITS_BACKEND)), "--database-url", url(external))
    assert (ran.outline[0], ran.code) == ("inconclusive", 1), ran.stderr
    assert ran.reason("upgrade") == "PostgreSQL restarted while revision b2 ran."
    with connected(external.address) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_database WHERE datname LIKE 'ac\\_%'")
        assert cursor.fetchone() == (0,)


def test_what_is_known_of_other_projects_stands(run: Run, tmp_path: Path) -> None:
    """The first is judged before the server stops in the second; the third finds none."""
    stops = faults.project(faults.STOPS_THE_SERVER)
    for folder, files in (("a", tree(BOOK)), ("b", stops), ("c", tree(BOOK))):
        write(tmp_path, builder.below(folder, files))
    ran = run(tmp_path, "--superuser")
    upgrades = [next(c for c in found["checks"] if c["id"] == "upgrade") for found in ran.report["trees"]]
    assert [check["status"] for check in upgrades] == ["passed", "skipped", "skipped"], ran.stderr
    assert [str(check["reason"]).splitlines()[0] for check in upgrades[1:]] == [
        "PostgreSQL stopped while revision b2 ran.",
        "PostgreSQL stopped while env.py was being loaded.",
    ]
    assert (ran.report["verdict"], ran.code) == ("inconclusive", 1)


SMALL = "mount -t tmpfs -o size=600m,mode=1777 tmpfs /dev/shm && exec"


def mounted(mount: str) -> list[str]:
    """Return the start of a command that runs with a file system of its own, which nobody else sees."""
    if os.geteuid() != 0 or subprocess.run(["unshare", "-m", "true"], check=False, capture_output=True).returncode:
        pytest.skip("no file system may be mounted here")
    return ["unshare", "-m", "sh", "-c", f'{mount} "$@"', "sh"]


def test_a_disk_that_a_migration_fills(tmp_path: Path) -> None:
    """PostgreSQL's data directory is in /dev/shm where there is room for it."""
    code, ran, printed = started(mounted(SMALL), write(tmp_path / "project", faults.project(FILLS)), tmp_path)
    assert (ran["verdict"], code) == ("inconclusive", 1), printed
    upgrade = of_upgrade(ran)
    assert (upgrade["findings"], upgrade["reason"].splitlines()[0]) == ([], "The disk was full while revision b2 ran.")


def test_a_full_disk_of_our_own_output_leaves_the_verdict_as_it_is(tmp_path: Path) -> None:
    """What is printed is lost; the other places that the report goes to have it."""
    report = tmp_path / "report.json"
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*command(write(tmp_path / "project", tree(BOOK))), "--json", str(report)],
            env=environ({"PYTHONUNBUFFERED": "1"}),
            stdin=subprocess.DEVNULL,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=120,
            check=False,
        )
    said = [line for line in done.stderr.splitlines() if not line.startswith("[")]
    assert (said, done.returncode) == ([], 0)
    assert json.loads(report.read_text())["verdict"] == "passed"


@pytest.fixture
def limited() -> Iterator[Path]:
    """Make a control group of 400 MB, and return the file that takes its processes."""
    name = f"alembic-checks-tests-{os.getpid()}"
    for root, limit in (("/sys/fs/cgroup/memory", "memory.limit_in_bytes"), ("/sys/fs/cgroup", "memory.max")):
        group = Path(root) / name
        try:
            group.mkdir()
        except OSError:
            continue
        try:
            (group / limit).write_text(str(400 << 20))
            yield group / "cgroup.procs"
            return
        except OSError:
            continue
        finally:
            group.rmdir()
    pytest.skip("no control group may be made here")


def test_a_migration_that_the_kernel_ends_for_its_memory(limited: Path, tmp_path: Path) -> None:
    project = write(tmp_path / "project", faults.project(TAKES_MEMORY))
    code, ran, printed = started(within(limited), project, tmp_path)
    assert (ran["verdict"], code) == ("inconclusive", 1), printed
    assert of_upgrade(ran)["reason"].splitlines()[0] == "Memory was full while revision b2 ran."


def test_a_migration_that_needs_little_memory(limited: Path, tmp_path: Path) -> None:
    project = write(tmp_path / "project", faults.project(ASKS_FOR_MEMORY))
    code, ran, printed = started(within(limited), project, tmp_path)
    assert (ran["verdict"], code) == ("passed", 0), printed


def within(group: Path) -> list[str]:
    """Return the start of a command that runs in a control group."""
    return ["sh", "-c", f'echo $$ >{group} && exec "$@"', "sh"]


def started(start: list[str], project: Path, folder: Path, **variables: str) -> tuple[int, dict[str, Any], str]:
    """Run the program in its surroundings; return the exit code, the report and what it printed as errors."""
    report = folder / "report.json"
    done = subprocess.run(
        [*start, *command(project, "--json", report)],
        env=environ(variables),
        cwd=project,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return done.returncode, json.loads(report.read_text()) if report.exists() else {}, done.stderr


def of_upgrade(report: dict[str, Any]) -> dict[str, Any]:
    (found,) = report["trees"]
    result = next(check for check in found["checks"] if check["id"] == "upgrade")
    assert isinstance(result, dict)
    return result
