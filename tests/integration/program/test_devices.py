"""Devices, pipes, sockets and open descriptors that settings name are written into, and stay what they are."""

from __future__ import annotations

import json
import os
import socket
import stat
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.integration.program.saved_runs import device, judged, names, root_only

FIRST = {"json": "{", "markdown": "## ", "sarif": "{", "junit": "<?xml"}
"""How each report begins."""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    made = tmp_path / "project"
    made.mkdir()
    return made


@root_only
@pytest.mark.parametrize("place", ["outside", "inside"])
def test_a_device_stays_one(recording: Path, project: Path, tmp_path: Path, place: str) -> None:
    null = device(project if place == "inside" else tmp_path, "null", 3)
    ran = judged(recording, project, "--json", null)
    assert (ran.returncode, ran.stdout.split()[0], ran.stderr) == (1, "FAILED", "")
    assert stat.S_ISCHR(null.lstat().st_mode)


@root_only
def test_a_full_device_is_a_sentence_beside_the_report(recording: Path, project: Path, tmp_path: Path) -> None:
    full = device(tmp_path, "full", 7)
    null = device(tmp_path, "null", 3)
    wanted: list[str | Path] = [
        "--json",
        full,
        "--markdown",
        "report.md",
        "--report-dir",
        null,
        "--junit",
        "report.xml",
    ]
    ran = judged(recording, project, *wanted)
    assert (ran.returncode, ran.stdout.split()[0]) == (2, "FAILED")
    assert ran.stderr.splitlines() == [
        f"The report cannot be written to {full}: No space left on device.",
        "Set another path.",
        f"The report cannot be written to {null}: a part of the path is a symbolic link or not a folder.",
        "Symbolic links in a checkout are not followed: a pull request can point them anywhere.",
        "Set another path.",
    ]
    assert stat.S_ISCHR(full.lstat().st_mode)
    assert names(project) == ["report.md", "report.xml"]


@pytest.mark.parametrize(
    ("report", "name"),
    [("json", "-"), ("markdown", "-"), ("sarif", "/dev/stdout"), ("junit", "/dev/fd/1"), ("json", "/proc/self/fd/1")],
)
def test_standard_output_gets_one_report_and_nothing_else(
    recording: Path, project: Path, report: str, name: str
) -> None:
    ran = judged(recording, project, f"--{report}", name)
    assert (ran.returncode, ran.stderr.split()[0]) == (1, "FAILED")
    assert ran.stdout.startswith(FIRST[report])
    assert "FAILED" not in ran.stdout
    assert names(project) == []
    if report == "json":
        assert json.loads(ran.stdout)["verdict"] == "failed"


def test_standard_output_that_is_a_file_is_appended_to_in_place(recording: Path, project: Path) -> None:
    ran = judged(
        recording, project, "--json", "/dev/stdout", shell='(echo before; "$@"; echo after) > out.txt 2> errors.txt'
    )
    assert ran.returncode == 0
    lines = (project / "out.txt").read_text().splitlines()
    assert (lines[0], lines[-1]) == ("before", "after")
    assert json.loads("\n".join(lines[1:-1]))["verdict"] == "failed"


def test_a_report_on_standard_error(recording: Path, project: Path) -> None:
    ran = judged(recording, project, "--json", "/dev/stderr")
    assert (ran.returncode, ran.stdout.split()[0]) == (1, "FAILED")
    assert json.loads(ran.stderr)["verdict"] == "failed"


def test_a_process_substitution(recording: Path, project: Path) -> None:
    shell = '"$@" --json >(cat > json) --sarif >(cat > sarif) > out.txt; code=$?; wait; sleep 0.2; exit $code'
    ran = judged(recording, project, shell=shell)
    assert (ran.returncode, ran.stderr) == (1, "")
    assert json.loads((project / "json").read_text())["verdict"] == "failed"
    assert json.loads((project / "sarif").read_text())["version"] == "2.1.0"


def test_a_number_that_is_not_open(recording: Path, project: Path) -> None:
    """Also not later, when it is the number of a file of ours."""
    ran = judged(recording, project, "--json", "/dev/fd/77")
    assert ran.returncode == 2
    assert "--json (command line): '/dev/fd/77', it is not open; accepted: a file in an existing fol" in ran.stderr


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["--json", "-", "--sarif", "-"], "--json (command line): the same file as --sarif (command line)."),
        (["--json", "-", "--sarif", "/dev/stdout"], "--json (command line): the same file as --sarif (command line)."),
        (["--json", "/dev/fd/1", "--junit", "-"], "--json (command line): the same file as --junit (command line)."),
        (["--json", "x/../a", "--junit", "a"], "--json (command line): the same file as --junit (command line)."),
        (["--json", "link/a", "--junit", "a"], "--json (command line): the same file as --junit (command line)."),
        (
            ["--report-dir", "a", "--junit", "a"],
            "--junit (command line): the same file as --report-dir (command line).",
        ),
        (
            ["--report-dir", "a", "--junit", "a/report.json"],
            "--junit (command line): the same file as report.json of --report-dir (command line).",
        ),
    ],
)  # fmt: skip
def test_two_reports_in_one_file(recording: Path, project: Path, arguments: list[str], problem: str) -> None:
    (project / "link").symlink_to(".")
    if "a/report.json" in arguments:
        (project / "a").mkdir()
    ran = judged(recording, project, *arguments)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.splitlines()[1] == f"  {problem}"


def test_the_folder_of_reports_is_no_stream(recording: Path, project: Path) -> None:
    ran = judged(recording, project, "--report-dir", "-")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "--report-dir (command line): '/dev/stdout', it is no folder; accepted: a folder" in ran.stderr


class Reader(threading.Thread):
    """Reads a pipe to its end."""

    def __init__(self, read: Callable[[], bytes]) -> None:
        super().__init__()
        self._read, self.got = read, b""
        self.start()

    def run(self) -> None:
        self.got = self._read()


@pytest.mark.parametrize("place", ["inside", "outside"])
def test_a_pipe_with_a_reader(recording: Path, project: Path, tmp_path: Path, place: str) -> None:
    pipe = (project if place == "inside" else tmp_path) / "pipe"
    os.mkfifo(pipe)
    reader = Reader(pipe.read_bytes)
    ran = judged(recording, project, "--json", pipe)
    reader.join()
    assert (ran.returncode, ran.stderr) == (1, "")
    assert json.loads(reader.got)["verdict"] == "failed"
    assert stat.S_ISFIFO(pipe.lstat().st_mode)


def test_a_pipe_that_nobody_reads_is_a_sentence(recording: Path, project: Path) -> None:
    os.mkfifo(project / "pipe")
    ran = judged(recording, project, "--json", "pipe", "--junit", "report.xml")
    assert (ran.returncode, ran.stdout.split()[0]) == (2, "FAILED")
    assert ran.stderr.splitlines() == [
        f"The report cannot be written to {project}/pipe: No program reads from the pipe.",
        "Set another path.",
    ]
    assert (project / "report.xml").exists()
    assert stat.S_ISFIFO((project / "pipe").lstat().st_mode)


def test_a_pipe_whose_reader_has_had_enough(recording: Path, project: Path) -> None:
    ran = judged(recording, project, "--json", "-", shell='set -o pipefail; "$@" 2> errors.txt | head -c 1')
    assert (ran.returncode, ran.stdout, ran.stderr) == (1, "{", "")
    assert (project / "errors.txt").read_text().split()[0] == "FAILED"


def test_a_socket(recording: Path, project: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(project / "socket"))
        server.listen()

        def read() -> bytes:
            connection, _ = server.accept()
            with connection, connection.makefile("rb") as file:
                return file.read()

        reader = Reader(read)
        ran = judged(recording, project, "--json", "socket")
        reader.join()
    assert (ran.returncode, ran.stderr) == (1, "")
    assert json.loads(reader.got)["verdict"] == "failed"
