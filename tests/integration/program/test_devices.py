"""What a setting names is written as what it is: a file as a whole or not at all, and a device or pipe stays one."""

from __future__ import annotations

import json
import os
import socket
import stat
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from action.documents import recording as recording_file
from tests.integration.program.conftest import command, environ
from tests.projects.builder import BOOK, tree, write
from tests.unit.reports import bookstore_recordings

FIRST = {"json": "{", "markdown": "## ", "sarif": "{", "junit": "<?xml"}
"""How each report begins."""
root_only = pytest.mark.skipif(os.geteuid() != 0, reason="only root can make devices and give files away")


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the saved run that has findings: it is judged again in a moment, with exit code 1."""
    folder = tmp_path_factory.mktemp("saved")
    recording_file.save(bookstore_recordings.missing_migration(), folder, folder / "recording.json")
    return folder / "recording.json"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    made = tmp_path / "project"
    made.mkdir()
    return made


def judged(
    recording: Path, cwd: Path, *arguments: str | Path, shell: str = "", **variables: str
) -> subprocess.CompletedProcess[str]:
    """Judge the saved run again; ``shell`` is a command line of bash in which ``"$@"`` is the program."""
    words = command("--recording", recording, *arguments)
    return subprocess.run(
        ["bash", "-c", shell, "bash", *words] if shell else words,
        env=environ(variables),
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="surrogateescape",
        timeout=60,
        check=False,
    )


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def device(folder: Path, name: str, number: int) -> Path:
    """Make a device like /dev/null (3) or /dev/full (7), so that no test can harm the machine's."""
    try:
        os.mknod(folder / name, stat.S_IFCHR | 0o666, os.makedev(1, number))
        with (folder / name).open("w"):
            pass
    except PermissionError:
        pytest.skip("no devices can be made here")
    return folder / name


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


def test_a_link_of_the_checkout_is_replaced_and_one_of_the_user_followed(
    recording: Path, project: Path, tmp_path: Path
) -> None:
    target, theirs = tmp_path / "target", tmp_path / "theirs"
    target.write_text("old")
    theirs.write_text("theirs")
    (tmp_path / "link").symlink_to(target)
    (project / "link").symlink_to(theirs)
    ran = judged(recording, project, "--json", tmp_path / "link", "--markdown", "link")
    assert (ran.returncode, ran.stderr) == (1, "")
    assert (theirs.read_text(), (project / "link").is_symlink()) == ("theirs", False)
    assert (json.loads(target.read_text())["verdict"], (tmp_path / "link").is_symlink()) == ("failed", True)


def test_a_link_of_the_checkout_to_a_device_is_replaced(recording: Path, project: Path) -> None:
    (project / "link").symlink_to("/dev/null")
    ran = judged(recording, project, "--json", "link")
    assert (ran.returncode, ran.stderr) == (1, "")
    assert json.loads((project / "link").read_text())["verdict"] == "failed"


@root_only
def test_a_file_keeps_its_owner_and_mode_and_its_other_names_their_content(recording: Path, project: Path) -> None:
    file, other = project / "report.json", project / "other"
    file.write_text("old")
    other.hardlink_to(file)
    file.chmod(0o640)
    os.chown(file, 1234, 1235)
    assert judged(recording, project, "--json", file).returncode == 1
    found = file.stat()
    assert (found.st_uid, found.st_gid, stat.S_IMODE(found.st_mode)) == (1234, 1235, 0o640)
    assert (other.read_text(), names(project)) == ("old", ["other", "report.json"])


def test_an_old_file_stays_whole_where_the_new_one_does_not_fit(recording: Path, project: Path) -> None:
    """A limit on the size of files is met half-way."""
    (project / "report.json").write_text("old")
    shell = 'ulimit -f 1; "$@"'
    ran = judged(recording, project, "--json", "report.json", "--junit", "-", shell=shell)
    assert ran.returncode == 2
    assert ran.stderr.splitlines()[-2:] == [
        f"The report cannot be written to {project}/report.json: File too large.",
        "Set another path.",
    ]
    assert ran.stdout.startswith("<?xml")
    assert {file.name: file.read_text() for file in project.iterdir()} == {"report.json": "old"}


@root_only
def test_a_trace_that_can_be_written_no_further_ends_alone(tmp_path: Path) -> None:
    full = device(tmp_path, "full", 7)
    project = write(tmp_path / "project", tree(BOOK))
    ran = subprocess.run(
        command(project, "--trace", full, "--json", "-"),
        env=environ({}),
        cwd=project,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (ran.returncode, json.loads(ran.stdout)["verdict"]) == (2, "passed")
    assert ran.stderr.splitlines()[-2:] == [
        f"The report cannot be written to {full}: No space left on device.",
        "Set another path.",
    ]
