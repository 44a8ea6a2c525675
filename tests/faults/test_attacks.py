"""A hostile pull request in the image, on a runner with many secrets: no attempt gains anything (docs/security.md)."""

from __future__ import annotations

import json
import socket
import subprocess
import threading
from pathlib import Path

import pytest

from tests.e2e.conftest import REPOSITORY
from tests.e2e.ours import with_our_packages
from tests.e2e.runner import Runner, give
from tests.faults.attacks import BY_CODE, BY_SQL
from tests.projects import attacks, builder, hostile

SECRETS = {
    "src/.git/config": f"[http]\n\textraheader = {hostile.MARKER}\n",
    ".git/modules/lib/config": f"[http]\n\textraheader = {hostile.MARKER}\n",
    "gha-creds-0123456789abcdef.json": f'{{"token": "{hostile.MARKER}"}}',
    ".npmrc": f"//registry.example.org/:_authToken={hostile.MARKER}\n",
    "pip.conf": f"[global]\nindex-url = https://ann:{hostile.MARKER}@registry.example.org/\n",
    ".pypirc": f"[pypi]\npassword = {hostile.MARKER}\n",
}
OF_RUNNER = {
    "git-credentials-1.config": hostile.MARKER,
    "_github_home/.netrc": f"machine github.com password {hostile.MARKER}\n",
    "_github_home/.docker/config.json": f'{{"auths": {{"ghcr.io": {{"auth": "{hostile.MARKER}"}}}}}}',
}
_AS_ROOT = f'sh -c "sleep 60" {hostile.MARKER} & sleep 60 & exec /opt/alembic-checks/venv/bin/python more_attempts.py'


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("runner")


def laid_out(folder: Path, files: dict[str, str]) -> Path:
    """Check the project out beside the secrets that other steps leave."""
    workspace, temporary = folder / "bookstore" / "bookstore", folder / "_temp"
    builder.commit(workspace, files)
    builder.git(workspace, "config", "http.extraheader", f"AUTHORIZATION: basic {hostile.MARKER}")
    for top, secrets in ((workspace, SECRETS), (temporary, OF_RUNNER)):
        for name, text in secrets.items():
            (top / name).parent.mkdir(parents=True, exist_ok=True)
            (top / name).write_text(text)
    return workspace


def gained(output: str) -> dict[str, list[str]]:
    """Return what each attempt gained, as the project printed it."""
    (line,) = {line.partition("MORE ")[2] for line in output.splitlines() if "MORE {" in line}
    found: dict[str, list[str]] = json.loads(line)
    return found


@pytest.fixture(scope="module")
def in_the_action(image: str, folder: Path) -> dict[str, list[str]]:
    """Run the action once on a project that tries everything."""
    workspace = laid_out(folder, attacks.project())
    job = with_our_packages(
        workspace=workspace, inputs={"options": "verbose=true"}, event={"secret": hostile.MARKER}, token=hostile.MARKER
    )
    result = Runner(folder, REPOSITORY, image).run(job)
    assert (result.exit_code, result.outputs.get("verdict")) == (0, "passed"), result.log
    assert [line for line in result.log.splitlines() if hostile.MARKER in line and "::add-mask::" not in line] == []
    return gained(result.log)


@pytest.fixture(scope="module")
def as_root(image: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """Run the attempts by themselves, as root of a container with all of the runner's folders."""
    folder = tmp_path_factory.mktemp("control")
    workspace, temporary = laid_out(folder, attacks.project()), folder / "_temp"
    (temporary / "_github_workflow").mkdir()
    (temporary / "_github_workflow" / "event.json").write_text(hostile.MARKER)
    give(folder, 1001)
    mounts = {
        workspace: "workspace",
        temporary: "runner_temp",
        temporary / "_github_home": "home",
        temporary / "_github_workflow": "workflow",
    }
    volumes = [word for outside, inside in mounts.items() for word in ("-v", f"{outside}:/github/{inside}")]
    options = ["--rm", *volumes, "--workdir", "/github/workspace", "--entrypoint", "/bin/sh"]
    done = subprocess.run(
        ["docker", "run", *options, image, "-c", _AS_ROOT],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return gained(done.stdout)


@pytest.mark.parametrize("attempt", BY_CODE)
def test_an_attempt_gains_nothing(
    attempt: str, in_the_action: dict[str, list[str]], as_root: dict[str, list[str]]
) -> None:
    assert (in_the_action[attempt], bool(as_root[attempt])) == ([], True)


@pytest.mark.parametrize("statement", BY_SQL)
def test_a_statement_gains_nothing(statement: str, in_the_action: dict[str, list[str]]) -> None:
    assert in_the_action[statement] == []


def test_no_attempt_is_forgotten(in_the_action: dict[str, list[str]]) -> None:
    assert set(in_the_action) == {*BY_CODE, *BY_SQL}


def test_a_program_that_waits_for_the_end_sends_nothing_away(
    image: str,
    tmp_path: Path,
) -> None:
    """One of the migration, one of env.py, and one that the server starts where a migration may ask it to."""
    received: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=_receive, args=(listening, received), daemon=True).start()
        workspace = laid_out(tmp_path, attacks.waiting(listening.getsockname()[1]))
        for inputs in ({}, {"options": "superuser=true"}):
            job = with_our_packages(workspace=workspace, inputs=inputs, token=hostile.MARKER, reach_host=True)
            result = Runner(tmp_path, REPOSITORY, image).run(job)
            assert (result.exit_code, result.outputs.get("verdict")) == (0, "passed"), result.log
    assert received == []


def _receive(listening: socket.socket, received: list[bytes]) -> None:
    while True:
        try:
            client, _ = listening.accept()
        except OSError:
            return
        with client:
            received.append(client.recv(100))
