"""The image as a step of a job: only what GitHub's runner gives it, in a workspace that is not its own."""

from __future__ import annotations

import json
import os
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.ours import with_our_packages
from tests.e2e.runner import OWNER, Runner, leaked_by_setup_python
from tests.e2e.runner_step import Step, StepResult
from tests.projects.builder import BOOK, Revision, commit, tree

EXTENSIONS = (
    "btree_gist",
    "citext",
    "hstore",
    "pg_trgm",
    "pgcrypto",
    "postgres_fdw",
    "unaccent",
    "uuid-ossp",
    "vector",
)
WITH_EXTENSIONS = Revision(
    id="a0",
    upgrade="\n".join(f"op.execute('CREATE EXTENSION \"{name}\"')" for name in EXTENSIONS)
    + "\nop.execute('CREATE TABLE place (at vector(3), name citext, tags hstore, id uuid DEFAULT uuid_generate_v4())')"
    + "\nop.execute('DROP TABLE place')",
)
AFTER_EXTENSIONS = Revision(id="a1", down="a0", upgrade=BOOK.upgrade)


def report(result: StepResult, workspace: Path) -> dict[str, Any]:
    """Return the report that the step's output names."""
    assert "report" in result.outputs, result.log
    found = json.loads((workspace / result.outputs["report"]).read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


def verdicts(result: StepResult, workspace: Path) -> dict[str, str]:
    """Return what each check of the only tree came to."""
    (only,) = report(result, workspace)["trees"]
    return {check["id"]: check["status"] for check in only["checks"]}


def not_the_runner_s(folder: Path) -> list[Path]:
    """Return what the runner's user could not remove before the next job."""
    return [path for path in (folder, *folder.rglob("*")) if path.lstat().st_uid != OWNER]


def test_a_project_s_own_extensions_are_there(runner: Runner, workspace: Path) -> None:
    commit(workspace, tree(WITH_EXTENSIONS, AFTER_EXTENSIONS))
    result = runner.run(with_our_packages(workspace=workspace))
    assert (result.exit_code, result.succeeded) == (0, True), result.log
    assert result.outputs["verdict"] == "passed"
    assert verdicts(result, workspace)["upgrade"] == "passed"


def test_what_earlier_steps_left_in_the_job_does_not_reach_us(runner: Runner, workspace: Path) -> None:
    """Variables of setup-python, a virtual environment whose Python is not mounted, a PATH without our programs."""
    commit(workspace, tree(BOOK))
    binaries = workspace / ".venv" / "bin"
    binaries.mkdir(parents=True)
    (binaries.parent / "pyvenv.cfg").write_text("home = /opt/hostedtoolcache/Python/3.12.11/x64/bin\n")
    (binaries / "python").symlink_to("/opt/hostedtoolcache/Python/3.12.11/x64/bin/python3.12")
    (workspace / "src").mkdir()
    (workspace / "src" / "pydantic.py").write_text("raise SystemExit('the workspace was on our path')\n")
    leaked = leaked_by_setup_python(workspace) | {"PATH": "/opt/hostedtoolcache/Python/3.12.11/x64/bin"}
    result = runner.run(with_our_packages(workspace=workspace, env=leaked))
    assert (result.exit_code, result.outputs["verdict"]) == (0, "passed"), result.log


def test_all_that_is_left_belongs_to_the_runner(runner: Runner, workspace: Path) -> None:
    commit(workspace, tree(BOOK))
    result = runner.run(with_our_packages(workspace=workspace))
    assert result.exit_code == 0, result.log
    assert os.geteuid() != 0 or not_the_runner_s(workspace) + not_the_runner_s(runner.temp) == []
    assert list(workspace.rglob("__pycache__")) == []


def test_a_hyphened_input_arrives(runner: Runner, workspace: Path) -> None:
    commit(workspace, tree(BOOK, Revision(id="b1", down="a1"), Revision(id="c1", down="a1")))
    split = runner.run(with_our_packages(workspace=workspace))
    assert (split.exit_code, split.outputs["verdict"]) == (1, "failed"), split.log
    never = runner.run(with_our_packages(workspace=workspace, inputs={"fail-on": "never"}))
    assert (never.exit_code, never.outputs["verdict"]) == (0, "failed"), never.log
    wrong = runner.run(with_our_packages(workspace=workspace, inputs={"fail-on": "sometimes"}))
    assert wrong.exit_code == 2, wrong.log
    assert "fail-on" in wrong.log


def test_an_unknown_input_is_named_by_the_runner_and_by_us(runner: Runner, workspace: Path) -> None:
    commit(workspace, tree(BOOK))
    result = runner.run(with_our_packages(workspace=workspace, inputs={"fail-om": "never"}))
    assert result.exit_code == 2, result.log
    assert result.annotations[0].message.startswith("Unexpected input(s) 'fail-om', valid inputs are ['")
    assert "did you mean fail-on?" in result.log


def test_nothing_but_annotations_masks_and_folds_is_asked_of_the_runner(runner: Runner, workspace: Path) -> None:
    commit(workspace, tree(BOOK))
    result = runner.run(with_our_packages(workspace=workspace))
    asked = {"add-mask", "stop-commands", "error", "warning", "notice", "group", "endgroup"}
    assert {command.name for command in result.commands} <= asked
    assert (result.env_set, result.path_added, result.state) == ({}, (), {})


HANGS = Revision(id="b1", down="a1", upgrade="op.execute('SELECT pg_sleep(3000)')")


@pytest.mark.parametrize("times", [1, 2])
def test_a_job_that_is_cancelled_leaves_nothing(runner: Runner, workspace: Path, times: int) -> None:
    """``times``: a second job in the same workspace starts as if there had been no first."""
    commit(workspace, tree(BOOK, HANGS))
    for _ in range(times):
        with runner.start(with_our_packages(workspace=workspace)) as step:
            wait_for_process(step, "SELECT")
            result = step.cancel()
        assert result.exit_code == 130, result.log
        assert containers(step.container) == []
        assert os.geteuid() != 0 or not_the_runner_s(workspace) == []


def wait_for_process(step: Step, word: str) -> None:
    """Wait until a process of the container has the word in its title, which is what PostgreSQL's are for."""
    deadline = time.monotonic() + 60
    titles = ""
    while f" {word}" not in titles:
        assert step.runs, f"it ended before a process came to {word}:\n{step.wait().log}"
        assert time.monotonic() < deadline, f"no process came to {word}:\n{titles}"
        top = ["docker", "top", step.container, "-eo", "pid,args"]
        titles = subprocess.run(top, capture_output=True, text=True, check=False).stdout
        time.sleep(0.05)


def containers(name: str) -> list[str]:
    """Return the containers of that name, running or not."""
    listing = ["docker", "ps", "-a", "--filter", f"name={name}", "--format", "{{.Names}}"]
    return subprocess.run(listing, capture_output=True, text=True, check=True).stdout.split()
