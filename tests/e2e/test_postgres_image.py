"""A server in a container of the user's image: from this machine, from inside our own container, and killed."""

from __future__ import annotations

import io
import os
import signal
import subprocess
from pathlib import Path

import docker
import pytest

from action.probe.orphans import processes
from tests.e2e.runner import Job, Runner
from tests.e2e.test_image import python
from tests.e2e.test_image_runner import report
from tests.integration.program.conftest import command, environ, wait_until
from tests.projects.builder import BOOK, Revision, commit, tree, write

OFFICIAL = "postgres:17"
OURS: dict[str, str | list[str] | bool] = {"label": "alembic-checks.run"}
SETUP = "CREATE ROLE reader; CREATE SCHEMA app; CREATE EXTENSION file_fdw;"
NEEDS = Revision(
    id="b2",
    down="a1",
    upgrade='op.execute("CREATE TABLE app.kept (id int)")\n'
    'op.execute("GRANT SELECT ON app.kept TO reader")\n'
    'op.execute("CREATE EXTENSION hstore")\n'
    'op.execute("DROP TABLE app.kept")\n'
    "asked = \"SELECT current_user || current_setting('is_superuser') || current_setting('fsync')\"\n"
    "assert op.get_bind().exec_driver_sql(asked).scalar() == 'postgresoffoff'",
)
"""Passes with what the setup makes, as a role that is no superuser, on a server that is tuned."""


@pytest.fixture
def official(docker_engine: docker.DockerClient) -> str:
    """Return the name of the image, where this machine has it: a test pulls nothing."""
    try:
        docker_engine.images.get(OFFICIAL)
    except docker.errors.ImageNotFound:
        pytest.skip(f"the engine has no image {OFFICIAL}")
    return OFFICIAL


def started_by(engine: docker.DockerClient, run: int) -> list[str]:
    """Return the containers of a run, by the number of its process."""
    found = engine.containers.list(all=True, filters=OURS, ignore_removed=True)
    return [str(one.name) for one in found if one.labels["alembic-checks.process"].startswith(f"{run} ")]


def child_of(run: subprocess.Popen[str]) -> int:
    """Return the number of the process that does the work of a run, as soon as there is one."""
    found: list[int] = []

    def look() -> bool:
        found[:] = [pid for pid, parent, _ in processes() if parent == run.pid]
        return bool(found)

    wait_until(look)
    return found[0]


def start(project: Path, *options: str) -> tuple[subprocess.Popen[str], int]:
    """Start a run on the official image, and return it with the number of the process that does its work."""
    run = subprocess.Popen(
        command(project, "--postgres-image", OFFICIAL, *options),
        env=environ({}),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    return run, child_of(run)


@pytest.mark.usefixtures("official")
def test_from_this_machine_after_a_run_that_was_killed_with_its_parent(
    docker_engine: docker.DockerClient, tmp_path: Path
) -> None:
    project = write(tmp_path, tree(BOOK, NEEDS))
    killed, child = start(project)
    wait_until(lambda: bool(started_by(docker_engine, child)))
    os.kill(killed.pid, signal.SIGSTOP)
    os.kill(child, signal.SIGKILL)
    os.kill(killed.pid, signal.SIGKILL)
    killed.communicate(timeout=60)
    assert started_by(docker_engine, child) != []
    run, other = start(project, "--postgres-setup", SETUP)
    out, err = run.communicate(timeout=300)
    assert (run.returncode, out.splitlines()[0]) == (0, "PASSED  Migrations: no problems found"), out + err
    assert "PostgreSQL 17." in out
    wait_until(lambda: started_by(docker_engine, child) + started_by(docker_engine, other) == [])


@pytest.mark.usefixtures("official")
def test_a_run_that_is_killed_while_the_container_boots(docker_engine: docker.DockerClient, tmp_path: Path) -> None:
    run, child = start(write(tmp_path, tree(BOOK)))
    wait_until(lambda: bool(started_by(docker_engine, child)))
    os.kill(child, signal.SIGKILL)
    said = run.communicate(timeout=60)[1]
    assert "alembic-checks was killed (SIGKILL). Every server and process of this run has ended." in said
    wait_until(lambda: started_by(docker_engine, child) == [])


def test_a_container_that_ends_at_once_has_its_log_in_the_message(
    official: str, docker_engine: docker.DockerClient, tmp_path: Path
) -> None:
    recipe = f'FROM {official}\nENTRYPOINT ["sh", "-c", "echo no more space >&2; exit 3"]\n'
    name = "alembic-checks-test-ends:1"
    docker_engine.images.build(fileobj=io.BytesIO(recipe.encode()), tag=name)
    project = write(tmp_path, tree(BOOK))
    done = subprocess.run(
        command(project, "--postgres-image", name),
        env=environ({}),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    said = (
        f"upgrade: The container of the image {name} ended before PostgreSQL took connections. The end of its log: "
        "no more space Check that it is an image of PostgreSQL that reads POSTGRES_PASSWORD"
    )
    assert (done.returncode, said in " ".join(done.stdout.split())) == (4, True), done.stdout


LOCALHOST = """
from action.errors import PostgresError
from action.postgres.servers.external import use
try:
    with use("postgresql://postgres:secret@localhost:5432/shop"):
        pass
except PostgresError as error:
    print(error.what, error.why.splitlines()[0], error.remedy, sep="\\n")
"""


def test_from_inside_our_container(
    official: str, runner: Runner, workspace: Path, image: str, docker_engine: docker.DockerClient
) -> None:
    """As root of the container, on its network; the project's user has no way to the engine."""
    commit(workspace, tree(BOOK, NEEDS))
    packages = workspace / ".venv" / "lib" / "python3.13" / "site-packages"
    packages.mkdir(parents=True)
    (packages / "ours.pth").write_text("/opt/alembic-checks/venv/lib/python3.13/site-packages\n")
    (workspace / ".venv" / "pyvenv.cfg").touch()
    result = runner.run(Job(workspace=workspace, inputs={"postgres-image": official, "postgres-setup": SETUP}))
    assert (result.exit_code, result.outputs.get("verdict")) == (0, "passed"), result.log
    assert report(result, workspace)["server"]["kind"] == "docker_image"
    assert python(image, LOCALHOST).splitlines() == [
        "No connection to the PostgreSQL server at localhost:5432.",
        "localhost is this container: use the name of the service, such as postgres.",
        "Set `database-url: postgresql://USER:PASSWORD@postgres:5432/DATABASE`, with the port that the server has in "
        "its own container.",
    ]
    inside = [
        one.labels["alembic-checks.in"]
        for one in docker_engine.containers.list(all=True, filters=OURS, ignore_removed=True)
    ]
    assert not any(inside), "containers of runs inside of containers"
