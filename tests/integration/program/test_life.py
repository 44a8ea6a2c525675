"""Whatever is started is ended, unless it is to be kept; and runs do not get into each other's way."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from action.postgres.servers.leftovers import command_line
from tests.integration.program.conftest import Run, command, environ, wait_until
from tests.projects import env_files
from tests.projects.builder import BOOK, CREATE_BOOK, EnvPy, Revision, tree, write

PASSED = ["passed", "alembic.ini", "  heads passed", "  history skipped", "  upgrade passed", "  drift passed"]
WAITS = "open('here', 'w').close()\nimport threading\nthreading.Event().wait()\n"
IN_A_MIGRATION = tree(Revision(id="a1", upgrade=WAITS + CREATE_BOOK.strip()))
IN_ENV_PY = tree(BOOK, env=EnvPy(top=WAITS).text)


def descendants(pid: int) -> set[int]:
    """Return all processes that a process has started, and those that they have."""
    children: dict[int, list[int]] = {}
    for child, parent in _processes():
        children.setdefault(parent, []).append(child)
    found, waiting = set[int](), [pid]
    while waiting:
        for child in children.get(waiting.pop(), []):
            found.add(child)
            waiting.append(child)
    return found


def _processes() -> Iterator[tuple[int, int]]:
    """Yield (process, parent) of everything that runs; a zombie does not run."""
    if sys.platform != "linux":
        for line in subprocess.check_output(["ps", "-A", "-o", "pid=,ppid=,stat="], text=True).splitlines():
            pid, parent, state = line.split()
            if "Z" not in state:
                yield int(pid), int(parent)
        return
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = stat.read_text().rpartition(") ")[2].split()[:2]
        except OSError:
            continue
        if state != "Z":
            yield int(stat.parent.name), int(parent)


def data_directory(pids: set[int]) -> Path | None:
    """Return the folder of the server that is among the processes."""
    for words in map(command_line, pids):
        if "-D" in words:
            return Path(words[words.index("-D") + 1])
    return None


def running() -> set[int]:
    return {pid for pid, _ in _processes()}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("files", [IN_A_MIGRATION, IN_ENV_PY], ids=["in a migration", "in env.py"])
def test_a_run_that_is_stopped_leaves_nothing(number: signal.Signals, files: dict[str, str], tmp_path: Path) -> None:
    project, scratch = write(tmp_path / "project", files), tmp_path / "scratch"
    scratch.mkdir(mode=0o777)
    scratch.chmod(0o777)
    process = subprocess.Popen(
        command(project),
        env=environ({"TMPDIR": str(scratch)}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        wait_until((project / "here").exists)
        started = descendants(process.pid)
        data = data_directory(started)
        process.send_signal(number)
        _, printed = process.communicate(timeout=30)
    finally:
        process.kill()
        process.communicate()
    assert data is not None
    assert process.returncode == 130
    assert printed.splitlines()[-1] == "Stopped by a signal. Every server and process of this run has ended."
    wait_until(lambda: not started & running())
    assert not data.parent.exists()
    assert list(scratch.iterdir()) == []


def test_a_run_leaves_no_process_and_no_file(run: Run, tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    scratch.chmod(0o777)
    ran = run(write(tmp_path / "project", tree(BOOK)), TMPDIR=str(scratch))
    assert ran.outline == PASSED, ran.stderr
    assert list(scratch.iterdir()) == []


def test_two_runs_side_by_side(tmp_path: Path) -> None:
    reports = [tmp_path / "one.json", tmp_path / "two.json"]
    project = write(tmp_path / "project", tree(BOOK))
    runs = [
        subprocess.Popen(
            command(project, "--json", report),
            env=environ({}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        for report in reports
    ]
    printed = [process.communicate(timeout=120)[1] for process in runs]
    assert [process.returncode for process in runs] == [0, 0], printed
    assert [json.loads(report.read_text())["verdict"] for report in reports] == ["passed", "passed"]


def test_a_server_that_is_kept_can_be_reached_until_it_is_stopped(run: Run, tmp_path: Path) -> None:
    project = write(tmp_path, env_files.USUAL["a second schema"])
    ran = run(project, "--keep")
    assert ran.outline == PASSED, ran.stderr
    kept = re.search(
        r"\. Connect with: psql (\S+) \. Stop it with: kill -INT (\d+) \(the next run deletes (\S+)\)"
        r"\. Databases: .*_head_",
        ran.report["server"]["detail"],
    )
    assert kept is not None
    assert kept[0] in ran.stderr
    url, pid, directory = kept.groups()
    connection = psycopg2.connect(url)
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE 'ac\\_%\\_head\\_%'")
        (head,) = cursor.fetchone() or ("",)
    connection.close()
    connection = psycopg2.connect(url.rpartition("/")[0] + "/" + head)
    with connection.cursor() as cursor:
        cursor.execute("SELECT version_num, to_regclass('desk.loan')::text FROM alembic_version")
        assert cursor.fetchall() == [("b2", "desk.loan")]
    connection.close()
    os.kill(int(pid), signal.SIGINT)
    wait_until(lambda: int(pid) not in running())
    run(project)
    assert not Path(directory).exists()


@pytest.mark.skipif(sys.platform != "linux", reason="it looks into /proc")
@pytest.mark.parametrize("tenths", range(6))
def test_a_signal_in_the_first_second_is_no_traceback(tenths: int, tmp_path: Path) -> None:
    """Python itself answers a signal until our first line has run."""
    process = subprocess.Popen(
        command(write(tmp_path, tree(BOOK))),
        env=environ({}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    wait_until(lambda: "SigBlk:\t0000000000000000" not in Path(f"/proc/{process.pid}/status").read_text())
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(tenths / 10)
    process.send_signal(signal.SIGINT)
    _, printed = process.communicate(timeout=60)
    assert (process.returncode, "Traceback" in printed) == (130, False), printed
