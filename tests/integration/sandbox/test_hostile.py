"""Hostile code of the project's, run as a user without rights: what it tries, and what is left of it."""

from __future__ import annotations

import os
import select
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from action.postgres.databases import Databases
from action.probe.protocol.requests import Upgrade
from action.project.discovery import find_trees
from action.sandbox.credentials import withheld
from action.sandbox.processes import end_all, running
from action.sandbox.project_user import ProjectUser
from action.session.made_places import made_places
from action.session.running import ProjectRun
from action.session.session import Session
from checks.recording.obstacles import ObstacleKind
from tests.projects import builder, hostile

SECRETS = {"INPUT_GITHUB-TOKEN": hostile.MARKER, "MY_TOKEN": hostile.MARKER, "GITHUB_ENV": "/somewhere"}


@pytest.fixture
def targets(shared: Path) -> Iterator[hostile.Targets]:
    """Make what a runner has: command files, Docker's socket, and a process of root's that has the token."""
    commands = shared / "file_commands"
    commands.mkdir()
    (commands / "set_env_1").touch()
    path = shared / "docker.sock"
    with socket.socket(socket.AF_UNIX) as engine:
        engine.bind(str(path))
        path.chmod(0o660)
        engine.listen()
        with subprocess.Popen(["sleep", "600"], env=SECRETS, stdout=subprocess.DEVNULL) as bystander:
            yield hostile.Targets(
                command_files=str(commands),
                socket=str(path),
                repository=str(shared / "repository"),
                temporary=str(shared),
                victims=(bystander.pid,),
            )
            bystander.kill()


@pytest.fixture
def repository(shared: Path, targets: hostile.Targets) -> Path:
    """Check the hostile project out, with the job's token where actions/checkout leaves it."""
    root = shared / "repository"
    builder.commit(root, hostile.project(targets))
    builder.git(root, "config", "http.extraheader", f"AUTHORIZATION: basic {hostile.MARKER}")
    return root


@pytest.fixture
def secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put into our environment what a runner does."""
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)


def test_every_attempt_would_succeed_as_root_with_our_environment(repository: Path, stranger: ProjectUser) -> None:
    done = subprocess.run(
        [sys.executable, "attempts.py"],
        cwd=repository,
        env={**os.environ, **SECRETS},
        capture_output=True,
        text=True,
        check=True,
    )
    managed = hostile.managed(done.stdout)
    assert [attempt for attempt, gained in managed.items() if not gained] == []


@pytest.mark.usefixtures("secrets")
def test_nothing_is_managed_as_another_user(
    repository: Path, stranger: ProjectUser, python: str, databases: Databases, capfd: pytest.CaptureFixture[str]
) -> None:
    (tree,) = find_trees(repository)
    before = sorted(path.name for path in repository.rglob("*"))
    with withheld(repository, stranger), Session(ProjectRun(python=python, user=stranger), tree, repository) as session:
        assert session.load(databases.address, databases.create("load")) is None
        events: list[str] = []
        ended = session.perform(Upgrade(database=databases.create("head")), lambda e: events.append(e.event))
        session.keep_output()
        assert (ended.died, ended.timed_out, events[-2:]) == (None, False, ["done", "ended"])
    assert list(running(stranger)) == []  # not even the daemon
    assert {name: gained for name, gained in hostile.managed(session.output).items() if gained} == {}
    assert [command for command in hostile.COMMANDS if session.output.count(command) != 2] == []
    assert capfd.readouterr() == ("", "")
    assert sorted(path.name for path in repository.rglob("*")) == before
    assert hostile.MARKER in (repository / ".git" / "config").read_text()
    assert (repository / ".git" / "config").stat().st_mode & 0o777 == 0o644


FLEE = """
import os
for _ in range(%d):
    os.fork()
while True:
    if os.fork() == 0:
        os.setsid()
    else:
        os._exit(0)
"""


PROGRAMS = {"a daemon": "import time; time.sleep(600)", "one that flees": FLEE % 0, "64 that flee": FLEE % 6}


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
def test_every_process_of_the_user_is_ended(program: str, stranger: ProjectUser, reachable: str) -> None:
    reads, held = os.pipe()  # each of them holds an end, and a list can miss processes that fork all the time
    with tempfile.TemporaryFile() as output, os.fdopen(reads, "rb") as pipe:
        command = [reachable, "-c", program]
        started = stranger.start(command, cwd=Path("/"), environ={}, output=output, pass_fds=[held])
        os.close(held)
        while not any(running(stranger)):
            pass
        gone = end_all(stranger)
        started.wait()
        ended = select.select([pipe], [], [], 10)[0] == [pipe]
    assert (gone, ended) == (True, True)


@pytest.mark.parametrize("line", hostile.FORGED.values(), ids=hostile.FORGED)
def test_what_is_forged_on_the_probes_pipe_is_one_sentence(line: str, tmp_path: Path, databases: Databases) -> None:
    root = builder.write(tmp_path, hostile.forging(line))
    (tree,) = find_trees(root)
    with Session(ProjectRun(python=sys.executable), tree, root) as session:
        obstacle = session.load(databases.address, databases.create("load"))
    assert obstacle is not None
    early = line == hostile.FORGED["the end, too early"]
    how = "did not report how the import ended" if early else "wrote on a pipe that is private to alembic-checks"
    assert (obstacle.kind, obstacle.message) == (
        ObstacleKind.DIED,
        f"The project's process {how} while it was being loaded.",
    )


def test_a_forged_leg_does_not_have_another_group_killed(tmp_path: Path, databases: Databases) -> None:
    with subprocess.Popen(["sleep", "60"], start_new_session=True) as bystander:
        forged = f'{{"event": "started", "pid": {bystander.pid}}}'
        files = hostile.forging(forged)
        files["migrations/env.py"] += "\nimport threading\nthreading.Event().wait()\n"
        root = builder.write(tmp_path, files)
        (tree,) = find_trees(root)
        with Session(ProjectRun(python=sys.executable, timeout=5), tree, root) as session:
            obstacle = session.load(databases.address, databases.create("load"))
        alive = bystander.poll() is None
        bystander.kill()
    assert obstacle is not None
    assert (obstacle.kind, alive) == (ObstacleKind.TIMEOUT, True)


def test_a_project_that_writes_into_the_checkout_gets_a_fix(
    shared: Path, stranger: ProjectUser, python: str, databases: Databases
) -> None:
    env = builder.EnvPy(top="open('log.txt', 'w')").text
    root = builder.write(shared / "repository", builder.tree(builder.BOOK, env=env))
    (tree,) = find_trees(root)
    with Session(ProjectRun(python=python, user=stranger), tree, root) as session:
        obstacle = session.load(databases.address, databases.create("load"))
    assert obstacle is not None
    assert (obstacle.message, obstacle.remedy) == (
        "The project's own code failed to load: PermissionError: [Errno 13] Permission denied: 'log.txt'",
        "Write to a temporary folder instead: the project's code runs as the user stranger, who may not use log.txt.",
    )


WRITES = """
import pathlib
pathlib.Path(__file__).parents[1].joinpath('uploads', 'of', 'readers').mkdir(parents=True, exist_ok=True)
open('uploads/of/readers/list', 'w').write('x')
open('app.log', 'a').write('started')
"""


def test_what_a_project_adds_to_the_checkout_is_made_for_it_and_removed(
    shared: Path, stranger: ProjectUser, python: str, databases: Databases
) -> None:
    root = builder.write(shared / "repository", builder.tree(builder.BOOK, env=builder.EnvPy(top=WRITES).text))
    before = sorted(root.rglob("*"))
    (tree,) = find_trees(root)
    with (
        made_places(root) as made,
        Session(ProjectRun(python=python, user=stranger, made=made), tree, root) as session,
    ):
        obstacle = session.load(databases.address, databases.create("load"))
        assert (root / "uploads" / "of" / "readers" / "list").is_file()
    assert (obstacle, sorted(root.rglob("*"))) == (None, before)
    assert session.environment is not None
    assert session.environment.folder_note == (
        "`uploads` and `app.log` were created for the project's code, which writes there; they are removed at the end."
    )


@pytest.mark.parametrize(
    "name",
    [
        "README.md",
        ".git/hooks/pre-commit",
        "../beside",
        "linked/in",
        "nowhere/in",
        "open/in",
        "own/in",
        "open/below/in",
    ],
)
def test_nothing_else_is_made_for_a_project(
    name: str, shared: Path, stranger: ProjectUser, python: str, databases: Databases
) -> None:
    denies = f"raise PermissionError(13, 'Permission denied', {name!r})"
    files = {**builder.tree(builder.BOOK, env=builder.EnvPy(top=denies).text), "README.md": "", ".git/hooks/x": ""}
    root = builder.write(shared / "repository", files)
    (shared / "elsewhere").mkdir()
    for folder in ("open", "open/below", "own"):
        (root / folder).mkdir()
    (root / "open").chmod(0o777)  # there this user could put a link in the way of root
    stranger.own(root / "own")
    (root / "linked").symlink_to(shared / "elsewhere")
    before = sorted(shared.rglob("*"))
    (tree,) = find_trees(root)
    with (
        made_places(root) as made,
        Session(ProjectRun(python=python, user=stranger, made=made), tree, root) as session,
    ):
        obstacle = session.load(databases.address, databases.create("load"))
        assert (sorted(shared.rglob("*")), made.note) == (before, "")
    assert obstacle is not None
    assert obstacle.message.startswith("The project's own code failed to load: PermissionError")
