"""What the user's machine refuses or lacks: an exit code of the user's, and a sentence; never a bug of ours."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.integration.program.conftest import ENTRYPOINT, Run, command, environ
from tests.projects.builder import BOOK, tree, write

NOWHERE = (
    'mkdir "$HOME/gone"; cd "$HOME/gone"; rmdir "$HOME/gone";',
    "The working directory cannot be used: No such file or directory.",
    "It was deleted, or this user may not enter a folder above it.",
    "Change to an existing folder: cd /path/to/project",
)
READ_ONLY = (
    "ulimit -f 0;",
    "There is no writable folder for temporary files.",
    "No usable temporary directory found in ",
    "Set TMPDIR to a writable folder, or mount one at /tmp.",
)
STRANGE_NAME = (
    "mkdir $'/$HOME/t\\xff'; export TMPDIR=$'/$HOME/t\\xff';".replace("/$HOME", "'\"$HOME\"$'"),
    "The name of the folder for temporary files is not UTF-8: ",
    "PostgreSQL and the project's interpreter are given its name as text.",
    "Set TMPDIR to a folder with a name in UTF-8.",
)
SHELL = {"no folder": NOWHERE, "nothing writable": READ_ONLY, "a strange name": STRANGE_NAME}


@pytest.mark.parametrize("what", SHELL)
def test_the_machine_refuses(what: str, tmp_path: Path) -> None:
    first, *lines = SHELL[what]
    done = started(first, tmp_path)
    said = [line for line in done.stderr.splitlines() if not line.startswith("[")]
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    assert [line[: len(start)] for line, start in zip(said, lines, strict=True)] == lines


@pytest.mark.parametrize("limit", [8, 10, 12])
def test_few_files(limit: int, tmp_path: Path) -> None:
    """What is refused first depends on what the run has opened by then; with 16, it may be a file of the server."""
    done = started(f"ulimit -n {limit};", tmp_path)
    said = [line for line in done.stderr.splitlines() if not line.startswith("[")]
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    assert re.fullmatch(r"The system refused what the check needs: (/\S+: )?Too many open files\.", said[0])
    assert said[1:] == [
        "This comes from the machine, its limits or the user's rights, not from the project's migrations.",
        "Raise the limit on open files: ulimit -n 1024",
    ]


def started(first: str, tmp_path: Path) -> subprocess.CompletedProcess[str]:
    """Run the program in a shell that runs ``first`` before it."""
    project = write(tmp_path / "project", tree(BOOK))
    return subprocess.run(
        ["/bin/bash", "-c", f'{first} exec "$@"', "bash", *command(project)],
        env=environ({"HOME": str(tmp_path)}),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def a_pipe(file: Path) -> str:
    os.mkfifo(file)
    file.chmod(0o777)
    return "Permission denied"


def a_text(file: Path) -> str:
    file.write_text("nonsense")
    file.chmod(0o755)
    return "Exec format error"


def a_lost_script(file: Path) -> str:
    file.write_text("#!/nonexistent/python\n")
    file.chmod(0o755)
    return "No such file or directory"


@pytest.mark.parametrize("make", [a_pipe, a_text, a_lost_script])
def test_an_interpreter_that_does_not_start(make: Callable[[Path], str], run: Run, tmp_path: Path) -> None:
    why = make(tmp_path / "python")
    project = write(tmp_path / "project", tree(BOOK))
    chosen = run(project, "--python", tmp_path / "python")
    assert (chosen.code, chosen.report) == (2, {})
    assert chosen.stderr.splitlines()[-3:] == [
        f"--python {tmp_path / 'python'} cannot be started: {why}.",
        "The project's migrations run in it.",
        "Set --python to a Python that has the project's dependencies, such as .venv/bin/python.",
    ]


def test_an_interpreter_of_the_project_that_does_not_start(run: Run, tmp_path: Path) -> None:
    write(tmp_path, tree(BOOK), {".venv/pyvenv.cfg": ""})
    (tmp_path / ".venv" / "bin").mkdir()
    why = a_text(tmp_path / ".venv" / "bin" / "python")
    ran = run(tmp_path)
    assert ran.code == 5
    assert ran.reason("upgrade") == (f"The interpreter {tmp_path}/.venv/bin/python cannot be started: {why}.")


@pytest.mark.parametrize(
    ("path", "code", "words"),
    [
        (".env", 0, ""),
        ("setup.cfg", 0, "setup.cfg (it is a named pipe, not a regular file)"),
        (".git/config", 0, ""),
        (".gitignore", 0, ""),
        ("alembic.ini", 2, "alembic.ini (it is a named pipe, not a regular file)"),
    ],
)
def test_a_pipe_in_place_of_a_file(path: str, code: int, words: str, run: Run, tmp_path: Path) -> None:
    write(tmp_path, tree(BOOK))
    (tmp_path / path).unlink(missing_ok=True)
    (tmp_path / path).parent.mkdir(exist_ok=True)
    os.mkfifo(tmp_path / path)
    ran = run(tmp_path, "--timeout", "60")
    assert ran.code == code, ran.stderr
    assert words in ran.stderr


@pytest.mark.parametrize(
    ("path", "message"),
    [
        (
            "migrations/versions/b2_.py",
            "The version file migrations/versions/b2_.py cannot be read: it is a named pipe, not a regular file.",
        ),
        ("migrations/env.py", "migrations/env.py cannot be read: it is not a regular file."),
    ],
)
def test_a_pipe_in_place_of_code_that_alembic_loads(path: str, message: str, run: Run, tmp_path: Path) -> None:
    write(tmp_path, tree(BOOK))
    (tmp_path / path).unlink(missing_ok=True)
    os.mkfifo(tmp_path / path)
    ran = run(tmp_path)
    assert (ran.code, ran.reason("upgrade")) == (5, message)


def test_links_that_lead_in_a_circle(run: Run, tmp_path: Path) -> None:
    project = write(tmp_path / "project", tree(BOOK))
    (project / "a").symlink_to("b")
    (project / "b").symlink_to("a")
    (project / "migrations" / "versions" / "loop").symlink_to("..")
    ran = run(project, "--checks", "heads")
    assert (ran.code, ran.report["verdict"]) == (0, "passed")
    (project / "migrations" / "versions" / "x_.py").symlink_to("x_.py")
    ran = run(project, "--checks", "heads")
    assert (ran.code, ran.finding("unreadable-revision")["message"]) == (
        1,
        "The revision in migrations/versions/x_.py cannot be read: the link leads in a circle.",
    )
    shutil.rmtree(project / "migrations" / "versions")
    (project / "migrations" / "versions").symlink_to("versions")
    ran = run(project, "--checks", "heads")
    assert (ran.code, ran.finding("unreadable-revision")["message"]) == (
        1,
        "The revisions in migrations/versions cannot be read: the link leads in a circle.",
    )


def test_names_that_no_path_can_have_and_folders_beyond_its_length(run: Run, tmp_path: Path) -> None:
    write(tmp_path, tree(BOOK))
    raw = os.fsencode(tmp_path)
    for name in (b"bad\xff", b"new\nline", b"a" * 255):
        (tmp_path / os.fsdecode(name)).mkdir()
    (tmp_path / os.fsdecode(b"migrations/versions/z\xff_.py")).write_text("revision = 'z9'\ndown_revision = 'a1'\n")
    here = os.open(raw, os.O_RDONLY)
    for _ in range(25):
        os.mkdir("d" * 200, dir_fd=here)
        inner = os.open("d" * 200, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    os.close(here)
    ran = run(tmp_path, "--checks", "heads")
    assert (ran.code, ran.report["verdict"]) == (0, "passed"), ran.stderr
    assert [place.rpartition(" (")[2] for place in ran.report["unsearched"]] == ["file name too long)"]


@pytest.mark.parametrize(
    ("url", "clause"),
    [
        ("postgresql://a:%00@127.0.0.1:1/x", "it has a NUL character"),
        (os.fsdecode(b"postgresql://a:\xff@127.0.0.1:1/x"), "it is not UTF-8"),
    ],
)
def test_a_database_url_that_no_server_can_have(url: str, clause: str, run: Run, tmp_path: Path) -> None:
    ran = run(write(tmp_path, tree(BOOK)), "--database-url", url)
    assert ran.code == 2
    assert (
        f"--database-url (command line): {clause}; accepted: postgresql://USER:PASSWORD@HOST:PORT/DATABASE."
        in ran.stderr
    )


@pytest.mark.parametrize("name", ["report-dir", "json", "schema", "recording"])
def test_a_path_with_a_nul_character(name: str, run: Run, tmp_path: Path) -> None:
    write(tmp_path, tree(BOOK), {"pyproject.toml": f'[tool.alembic-checks]\n{name} = "a\\u0000b"\n'})
    ran = run(tmp_path, *([] if name != "json" else ["--timeout", "9"]))
    assert ran.code == (0 if name == "json" else 2), ran.stderr  # --json of the command line wins
    assert ("it has a NUL character" in ran.stderr) is (name != "json")


def test_root_that_may_not_become_another_user(tmp_path: Path) -> None:
    """The image's case: there, the project's code has a user of its own."""
    if os.geteuid() != 0 or shutil.which("setpriv") is None:
        pytest.skip("needs root and setpriv")
    code = (
        "from action.commands.switching import refuse_unless_possible\n"
        "from action.sandbox.user import User\n"
        "refuse_unless_possible(User(name='', uid=None, gid=None))\n"
        "try:\n    refuse_unless_possible(User(name='project', uid=65534, gid=65534))\n"
        "except Exception as error:\n    print(error.exit_code, error, sep='\\n')\n"
    )
    python = command()[0]
    dropped = ["setpriv", "--bounding-set", "-all", "--inh-caps", "-all"]
    done = subprocess.run(
        [*dropped, python, "-c", code], cwd=ENTRYPOINT.parent, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == [
        "2",
        "The project's code cannot run as the user project: Operation not permitted.",
        "This process is root but may not switch to another user, and the project's code must not run as root.",
        "Give the container the capabilities SETUID, SETGID and KILL, or run as a user other than root.",
    ]
