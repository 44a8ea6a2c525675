"""Runs a workflow of our pages on this machine: its jobs, matrix, artifacts, and our actions without the image."""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tests.e2e.runner_commands import key_values
from tests.integration.program.conftest import command
from tests.projects.environments import CACHE
from tests.readme import REPOSITORY

HOST = REPOSITORY / "host"
_EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A job that has ended: the exit code of our step, its outputs and its log."""

    code: int
    outputs: Mapping[str, str]
    log: str


@dataclass(slots=True)
class Workflow:
    """A workflow and what GitHub has of it; ``variables`` are those of the runner, the same for all jobs."""

    text: str
    repository: Path
    """A clone that a checkout copies."""
    folder: Path
    variables: Mapping[str, str]
    token: str
    path: tuple[str, ...] = ()
    """Folders that the job has put on PATH."""
    jobs: dict[str, list[Job]] = field(default_factory=dict)
    has_uv: bool = True

    @property
    def runner_temp(self) -> Path:
        """Return the runner's own folder, which lasts so that the program is installed once for each way."""
        return CACHE / ("runner-temp" if self.has_uv else "runner-temp-without-uv")

    @property
    def search_path(self) -> str:
        """Return PATH as the runner has it."""
        folders = [*self.path, str(Path(sys.executable).parent), *os.environ["PATH"].split(os.pathsep)]
        return os.pathsep.join(one for one in folders if self.has_uv or not (Path(one) / "uv").exists())

    @property
    def artifacts(self) -> Path:
        """Return the folder with one folder for each artifact."""
        return self.folder / "artifacts"

    def run(self) -> None:
        """Run all jobs in their order, each leg of a matrix after the other."""
        for name in YAML(typ="safe").load(self.text)["jobs"]:
            self.run_job(name)

    def run_job(self, name: str) -> None:
        """Run a job, with all legs of its matrix."""
        job = YAML(typ="safe").load(self.text)["jobs"][name]
        legs: list[dict[str, Any]] = [{}]
        if "strategy" in job:
            legs = json.loads(self._filled(job["strategy"]["matrix"], {}))["include"]
        self.jobs[name] = []
        for number, leg in enumerate(legs):
            values = {f"matrix.{key}": value for key, value in leg.items()} | {"strategy.job-index": number}
            workspace = self.folder / f"{name}-{number}"
            self.jobs[name].append(self._job(job, workspace, values, json.dumps(leg) if leg else "null"))
        last = self.jobs[name][-1]
        self.variables = {**self.variables, **{f"needs.{name}.outputs.{k}": v for k, v in last.outputs.items()}}

    def _job(self, job: Mapping[str, Any], workspace: Path, values: Mapping[str, Any], matrix: str) -> Job:
        shutil.rmtree(workspace, ignore_errors=True)
        workspace.mkdir(parents=True)
        ours = Job(code=0, outputs={}, log="")
        for step in job["steps"]:
            given = {key: self._filled(str(value), values) for key, value in step.get("with", {}).items()}
            match step["uses"].partition("@")[0]:
                case "actions/checkout":
                    shutil.copytree(self.repository, workspace, dirs_exist_ok=True)
                case "actions/upload-artifact":
                    if (workspace / given["path"]).exists():
                        place = self.artifacts / given["name"] / Path(given["path"]).name
                        place.parent.mkdir(parents=True, exist_ok=True)
                        shutil.copy2(workspace / given["path"], place)
                case "actions/download-artifact":
                    for found in self.artifacts.glob(given["pattern"]):
                        shutil.copytree(found, workspace / given["path"] / found.name)
                case "alembic-checks/alembic-checks":
                    ours = self.ours(given, workspace, matrix, host=False)
                    values = {**values, **{f"steps.{step.get('id')}.outputs.{k}": v for k, v in ours.outputs.items()}}
                case "alembic-checks/alembic-checks/host":
                    ours = self.ours(given, workspace, matrix, host=True)
                case other:
                    raise AssertionError(f"nobody stands in for {other}")
        return ours

    def ours(self, given: Mapping[str, str], workspace: Path, matrix: str, *, host: bool) -> Job:
        """Run the step of our action, or of the one for the runner itself."""
        manifest = YAML(typ="safe").load(((HOST if host else REPOSITORY) / "action.yml").read_text(encoding="utf-8"))
        known = {"github.token": self.token, "toJSON(matrix)": matrix}
        defaults = {
            name: _EXPRESSION.sub(lambda match: known[match[1]], str(about.get("default", "")))
            for name, about in manifest["inputs"].items()
        }
        inputs = {f"inputs.{name}": value for name, value in {**defaults, **given}.items()}
        if not host:
            named = {f"INPUT_{name.removeprefix('inputs.').upper()}": value for name, value in inputs.items()}
            return self._ran(command(), named, workspace)
        (step,) = manifest["runs"]["steps"]
        named = {name: self._filled(text, inputs) for name, text in step["env"].items()}
        # As a runner's own folder outlives no job, only one job at a time installs the program into it.
        CACHE.mkdir(parents=True, exist_ok=True)
        with (CACHE / "runner-temp.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            return self._ran(["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]], named, workspace)

    def _ran(self, program: list[str], named: Mapping[str, str], workspace: Path) -> Job:
        output = self.folder / "output"
        output.write_text("")
        ours = {name: value for name, value in os.environ.items() if not name.startswith(("INPUT_", "GITHUB_"))}
        runners = {name: value for name, value in self.variables.items() if "." not in name}
        done = subprocess.run(
            program,
            env={
                **ours,
                **runners,
                **named,
                "PATH": self.search_path,
                "GITHUB_ACTIONS": "true",
                "GITHUB_OUTPUT": str(output),
                "GITHUB_ACTION_PATH": str(HOST),
                "RUNNER_TEMP": str(self.runner_temp),
            },
            cwd=workspace,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=300,
            check=False,
        )
        return Job(code=done.returncode, outputs=key_values(output.read_text()), log=done.stdout)

    def _filled(self, text: str, values: Mapping[str, Any]) -> str:
        def value(match: re.Match[str]) -> str:
            name = match[1].removeprefix("fromJSON(").removesuffix(")")
            found = values.get(name, self.variables.get(name))
            assert found is not None, f"{name} is not known"
            return found if isinstance(found, str) else json.dumps(found)

        return _EXPRESSION.sub(value, text)
