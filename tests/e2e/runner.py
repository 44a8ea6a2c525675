"""A stand-in for GitHub's runner: it runs our action as a step of a job, as the runner would, and says what came of it.

Written from the behaviour of the runner's ContainerActionHandler and DockerCommandManager (2.329 and later): the
arguments of ``docker``, the mounts and the variables are the runner's. It departs in one thing: images are built on the
host's network, for machines where Docker's own leads nowhere, and a step runs on it where ``reach_host`` says so, to
reach a stand-in of GitHub's API that listens on the loopback address.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tests.e2e.runner_commands import Annotation, translated
from tests.e2e.runner_step import Launch, Step, StepResult

OWNER = 1001
"""The user that a hosted runner runs as, and its group."""
FILES = {
    "GITHUB_ENV": "set_env",
    "GITHUB_OUTPUT": "set_output",
    "GITHUB_PATH": "add_path",
    "GITHUB_STATE": "save_state",
    "GITHUB_STEP_SUMMARY": "step_summary",
}
"""The files that a step writes to, each with the beginning of its name."""
_TOOLS = "/opt/hostedtoolcache"
_PYTHON = f"{_TOOLS}/Python/3.12.11/x64"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What the workflow and GitHub bring to a step."""

    workspace: Path
    """Checked out already; it becomes the runner's own."""
    event: Mapping[str, Any] = field(default_factory=dict)
    inputs: Mapping[str, str] = field(default_factory=dict)
    """What stands below ``with:``."""
    env: Mapping[str, str] = field(default_factory=dict)
    """The workflow's ``env:``, and what earlier steps wrote to GITHUB_ENV."""
    github: Mapping[str, str] = field(default_factory=dict)
    """The ``github`` context, where it is not as in ``GITHUB``: ``{"event_name": "push", "sha": …}``."""
    token: str = "ghs_aTokenOfTheJobThatNobodyElseMaySee"
    matrix: str = "null"
    reach_host: bool = False
    """Run in the host's network."""
    network: str | None = None
    """Another network than Docker's own; the runner has one for jobs with services."""


GITHUB = {
    "action": "__alembic-checks_alembic-checks",
    "action_ref": "v1",
    "action_repository": "alembic-checks/alembic-checks",
    "actor": "ann",
    "actor_id": "1",
    "api_url": "https://api.github.com",
    "base_ref": "",
    "event_name": "workflow_dispatch",
    "graphql_url": "https://api.github.com/graphql",
    "head_ref": "",
    "job": "migrations",
    "ref": "refs/heads/main",
    "ref_name": "main",
    "ref_protected": "false",
    "ref_type": "branch",
    "repository": "acme/bookstore",
    "repository_id": "2",
    "repository_owner": "acme",
    "repository_owner_id": "3",
    "retention_days": "90",
    "run_attempt": "1",
    "run_id": "4000000001",
    "run_number": "12",
    "server_url": "https://github.com",
    "sha": "0" * 40,
    "triggering_actor": "ann",
    "workflow": "Migrations",
    "workflow_ref": "acme/bookstore/.github/workflows/migrations.yml@refs/heads/main",
    "workflow_sha": "0" * 40,
}


def leaked_by_setup_python(workspace: Path) -> dict[str, str]:
    """Return what actions/setup-python, and steps after it, leave in the job's environment."""
    roots = ("pythonLocation", "Python_ROOT_DIR", "Python2_ROOT_DIR", "Python3_ROOT_DIR")
    return dict.fromkeys(roots, _PYTHON) | {
        "LD_LIBRARY_PATH": f"{_PYTHON}/lib",
        "PKG_CONFIG_PATH": f"{_PYTHON}/lib/pkgconfig",
        "PYTHONPATH": f"{workspace}/src",
        "VIRTUAL_ENV": f"{workspace}/.venv",
    }


def build(action: Path, tag: str) -> None:
    """Build the image of an action, as the runner does at a job's start."""
    command = ["docker", "build", "-t", tag, "-f", str(action / "Dockerfile"), "--network", "host", str(action)]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def prepare(action: Path, tag: str) -> str:
    """Pull the image that an action names, or build it under a tag, as the runner does; return its name."""
    named = str(YAML(typ="safe").load((action / "action.yml").read_text(encoding="utf-8"))["runs"]["image"])
    if not named.startswith("docker://"):
        build(action, tag)
        return tag
    image = named.removeprefix("docker://")
    done = subprocess.run(
        ["docker", "pull", image], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return image


class Runner:
    """A runner with a folder of its own; for one job after another."""

    def __init__(self, folder: Path, action: Path, image: str) -> None:
        """``folder`` is the runner's, ``action`` holds action.yml, whose ``image`` has been built."""
        self.temp, self._image = folder / "_temp", image
        self._inputs = declared_inputs((action / "action.yml").read_text(encoding="utf-8"))

    def run(self, job: Job) -> StepResult:
        """Run the step to its end."""
        with self.start(job) as step:
            return step.wait()

    def start(self, job: Job) -> Step:
        """Start the step; ``Step`` is a context manager that leaves no container behind."""
        suffix = str(uuid.uuid4())
        files = {name: self.temp / "_runner_file_commands" / f"{prefix}_{suffix}" for name, prefix in FILES.items()}
        for path in (*files.values(), event := self.temp / "_github_workflow" / "event.json"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("")
        event.write_text(json.dumps(dict(job.event)), encoding="utf-8")
        (self.temp / "_github_home").mkdir(exist_ok=True)
        for folder in (self.temp, job.workspace):
            give(folder, OWNER)
        launch = Launch(
            image=self._image,
            workspace=job.workspace,
            mounts=self.mounts(job),
            environ=self.environ(job, files),
            network="host" if job.reach_host else job.network,
        )
        return Step(launch, files, self._unexpected(job))

    def mounts(self, job: Job) -> dict[str, str]:
        """Return the folders of the runner and where the container sees them, the innermost first."""
        return {
            str(job.workspace): "/github/workspace",
            str(self.temp / "_runner_file_commands"): "/github/file_commands",
            str(self.temp / "_github_workflow"): "/github/workflow",
            str(self.temp / "_github_home"): "/github/home",
            str(self.temp): "/github/runner_temp",
        }

    def environ(self, job: Job, files: Mapping[str, Path]) -> dict[str, str]:
        """Return the container's variables, of which the later ones win."""
        given = {**self._defaults(job), **job.inputs}
        environ = {
            **job.env,
            **{f"INPUT_{name.replace(' ', '_').upper()}": value for name, value in given.items()},
            "HOME": str(self.temp / "_github_home"),
            **{f"GITHUB_{name.upper()}": value for name, value in (GITHUB | dict(job.github)).items()},
            "GITHUB_WORKSPACE": str(job.workspace),
            "GITHUB_EVENT_PATH": str(self.temp / "_github_workflow" / "event.json"),
            **{name: str(path) for name, path in files.items()},
            "RUNNER_ARCH": "X64",
            "RUNNER_ENVIRONMENT": "github-hosted",
            "RUNNER_NAME": "GitHub Actions 1",
            "RUNNER_OS": "Linux",
            "RUNNER_TEMP": str(self.temp),
            "RUNNER_TOOL_CACHE": _TOOLS,
            "RUNNER_WORKSPACE": str(job.workspace.parent),
            "ACTIONS_CACHE_URL": "https://cache.example.org/",
            "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "an-identity-token-of-the-job",
            "ACTIONS_ID_TOKEN_REQUEST_URL": "https://identity.example.org/",
            "ACTIONS_RESULTS_URL": "https://results.example.org/",
            "ACTIONS_RUNTIME_TOKEN": "a-runtime-token-of-the-job",
            "ACTIONS_RUNTIME_URL": "https://runtime.example.org/",
        }
        mounts = self.mounts(job)
        return {name: translated(value, mounts) for name, value in environ.items()}

    def _defaults(self, job: Job) -> dict[str, str]:
        expressions = {"github.token": job.token, "toJSON(matrix)": job.matrix, "job.check_run_id": "5000000001"}

        def value(match: re.Match[str]) -> str:
            return expressions[match[1]]

        return {name: re.sub(r"\$\{\{\s*(.*?)\s*\}\}", value, default) for name, default in self._inputs.items()}

    def _unexpected(self, job: Job) -> list[Annotation]:
        names = "', '".join(name for name in job.inputs if name not in self._inputs)
        valid = "', '".join(self._inputs)
        message = f"Unexpected input(s) '{names}', valid inputs are ['{valid}']"
        return [Annotation(level="warning", message=message)] if names else []


def declared_inputs(manifest: str) -> dict[str, str]:
    """Return the inputs that an action.yml declares, with their defaults."""
    inputs = YAML(typ="safe").load(manifest).get("inputs") or {}
    return {name: str((about or {}).get("default", "")) for name, about in inputs.items()}


def give(folder: Path, owner: int) -> None:
    """Let a user own a folder with all that is in it, where we may."""
    if os.geteuid() == 0:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, owner, owner, follow_symlinks=False)
