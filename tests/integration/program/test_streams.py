"""Whoever reads what a run prints, in whatever encoding: the exit code is the verdict's, and files are written."""

from __future__ import annotations

import json
import os
import pty
import stat
import subprocess
from pathlib import Path

import pytest

from tests.integration.program.conftest import command, environ
from tests.projects.builder import BOOK, Revision, tree, write
from tests.unit.reports.bookstore_schemas import MISSING_PATH

AS_C = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
CLOSED = ["1>&-", "2>&-", "0<&-", "1>&- 2>&-", "0<&- 1>&- 2>&-"]
ENCODINGS: dict[str, dict[str, str]] = {
    "latin-1": {"PYTHONIOENCODING": "latin-1"},
    "ascii": {"PYTHONIOENCODING": "ascii"},
    "cp1252": {"PYTHONIOENCODING": "cp1252:strict"},
    "utf-16": {"PYTHONIOENCODING": "utf-16"},
    "the locale C": AS_C,
}


def judged(
    recording: Path, cwd: Path, shell: str, *arguments: str, **variables: str
) -> subprocess.CompletedProcess[bytes]:
    """Judge the saved run again by a command line of bash in which ``"$@"`` is the program."""
    words = command("--recording", recording, "--json", "report.json", *arguments)
    return subprocess.run(
        ["bash", "-c", shell, "bash", *words],
        env=environ(variables),
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
        check=False,
    )


def verdict(folder: Path) -> str:
    return str(json.loads((folder / "report.json").read_text(encoding="utf-8"))["verdict"])


@pytest.mark.parametrize("variables", ENCODINGS.values(), ids=ENCODINGS)
def test_an_encoding_without_our_characters(recording: Path, tmp_path: Path, variables: dict[str, str]) -> None:
    ran = judged(recording, tmp_path, '"$@"', **variables)
    assert (ran.returncode, ran.stderr, verdict(tmp_path)) == (1, b"", "failed")
    text = ran.stdout.decode(variables.get("PYTHONIOENCODING", "ascii").partition(":")[0])
    assert text.startswith("FAILED  Migrations: do not merge yet (")
    rules = [line for line in text.splitlines() if line[:4] in ("────", "----")]
    assert rules[0] in [f"{mark * 4} {MISSING_PATH} ".ljust(100, mark) for mark in "─-"]


@pytest.mark.parametrize("closed", CLOSED)
def test_closed_streams(recording: Path, tmp_path: Path, closed: str) -> None:
    ran = judged(recording, tmp_path, f'"$@" {closed}')
    assert (ran.returncode, ran.stderr, verdict(tmp_path)) == (1, b"", "failed")
    assert [file.name for file in tmp_path.iterdir()] == ["report.json"]
    assert bool(ran.stdout) is ("1>&-" not in closed)


@pytest.mark.parametrize("full", ["1>full", "2>full", "1>full 2>full"])
def test_full_streams(recording: Path, tmp_path: Path, full: str) -> None:
    try:
        os.mknod(tmp_path / "full", stat.S_IFCHR | 0o666, os.makedev(1, 7))
    except PermissionError:
        pytest.skip("no devices can be made here")
    ran = judged(recording, tmp_path, f'"$@" {full}')
    assert (ran.returncode, ran.stderr, verdict(tmp_path)) == (1, b"", "failed")


@pytest.mark.parametrize("stream", ["", "2>&1 >/dev/null", "2>&1"], ids=["stdout", "stderr", "both"])
def test_a_reader_that_has_gone(recording: Path, tmp_path: Path, stream: str) -> None:
    ran = judged(recording, tmp_path, f'set -o pipefail; (sleep 0.1; exec "$@") {stream} | true')
    assert (ran.returncode, ran.stderr, verdict(tmp_path)) == (1, b"", "failed")


def test_a_pipe_that_does_not_wait(recording: Path, tmp_path: Path) -> None:
    """Its other end made it non-blocking, and reads when it is full."""
    read, write = os.pipe()
    os.set_blocking(write, False)
    process = subprocess.Popen(
        command("--recording", recording, "--json", "-"),
        env=environ({}),
        cwd=tmp_path,
        stdin=subprocess.DEVNULL,
        stdout=write,
        stderr=subprocess.PIPE,
    )
    os.close(write)
    with os.fdopen(read, "rb") as file:
        got = file.read()
    _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors.split()[0]) == (1, b"FAILED")
    assert json.loads(got)["verdict"] == "failed"


@pytest.mark.parametrize("hangs_up", [False, True])
def test_a_terminal(recording: Path, tmp_path: Path, hangs_up: bool) -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        command("--recording", recording, "--json", "report.json"),
        env=environ({"TERM": "xterm"}),
        cwd=tmp_path,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    got = b""
    while not hangs_up:
        try:
            got += os.read(ours, 1 << 16)
        except OSError:
            break
    os.close(ours)
    assert (process.wait(timeout=60), verdict(tmp_path)) == (1, "failed")
    assert (b"FAILED" in got) is not hangs_up


FAILS = tree(BOOK, Revision(id="b2", down="a1", upgrade="print('printed')\nraise ValueError('schön 中文 \\udc80')"))


@pytest.mark.parametrize("streams", ["", "0<&- 1>&- 2>&-"], ids=["the locale C", "closed"])
def test_a_whole_run(tmp_path: Path, streams: str) -> None:
    """No file or pipe of ours gets a number that is printed to."""
    project = write(tmp_path / "pröject", FAILS)
    words = command(project, "--json", "report.json", "--trace", "trace", "--verbose", "--save-recording", "saved")
    ran = subprocess.run(
        ["bash", "-c", f'"$@" {streams}', "bash", *words],
        env=environ({} if streams else AS_C),
        cwd=tmp_path,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert (ran.returncode, verdict(tmp_path)) == (1, "failed"), ran.stderr.decode()
    assert b"Traceback" not in ran.stderr.partition(b"--- printed by")[0]
    for line in (tmp_path / "trace").read_text(encoding="utf-8").splitlines():
        assert json.loads(line)["tree"] == "alembic.ini"
    if not streams:
        assert b"sch\\xf6n \\u4e2d\\u6587" in ran.stdout
