"""The action on the runner itself: its step's lines, as a runner would run them, in a job with a Python of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from tests.integration.program.workflow import Job, Workflow
from tests.projects.builder import BOOK, Revision, commit, tree
from tests.standin_api.state import WRITE


@pytest.fixture
def workflow(tmp_path: Path) -> Workflow:
    """Return a job with a virtual environment on PATH, which has the project's dependencies."""
    folder = tmp_path / "job-python"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    (packages,) = folder.glob("lib/python*/site-packages")
    (packages / "theirs.pth").write_text(sysconfig.get_path("purelib"))
    project = tmp_path / "project"
    project.mkdir()
    variables = {
        "GITHUB_EVENT_NAME": "schedule",
        "GITHUB_REPOSITORY": "acme/shop",
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary"),
    }
    return Workflow(
        text="",
        repository=project,
        folder=tmp_path,
        variables=variables,
        token=WRITE,
        path=(str(folder / "bin"),),
    )


def checked(workflow: Workflow, *revisions: Revision, **inputs: str) -> Job:
    commit(workflow.repository, tree(*revisions))
    # GitHub's API is not asked: the event names no pull request, and statuses are not wanted.
    return workflow.ours({"options": "statuses=false", **inputs}, workflow.repository, "null", host=True)


@pytest.mark.parametrize(
    ("inputs", "has_uv"), [({}, True), ({"install": "none"}, True), ({}, False)], ids=["uv", "none", "venv"]
)
def test_the_project_runs_with_the_python_of_the_job(
    inputs: dict[str, str], has_uv: bool, workflow: Workflow, tmp_path: Path
) -> None:
    workflow.has_uv = has_uv
    # Nothing is installed from it: an earlier step of the job did that.
    (workflow.repository / "requirements.txt").write_text("alembic==0.0.0\n")
    ran = checked(workflow, BOOK, **inputs)
    assert (ran.code, ran.outputs["verdict"], ran.outputs["comment-url"]) == (0, "passed", ""), ran.log
    report = json.loads((workflow.repository / ran.outputs["report"]).read_text())
    assert report["trees"][0]["environment"]["interpreter"] == str(tmp_path / "job-python" / "bin" / "python")
    assert "Migrations: no problems found" in (tmp_path / "summary").read_text()
    made = {"uv = " in file.read_text() for file in workflow.runner_temp.glob("alembic-checks-*/pyvenv.cfg")}
    assert made == {has_uv}


def test_an_environment_of_the_project_goes_before_the_python_of_the_job(workflow: Workflow, tmp_path: Path) -> None:
    (tmp_path / "job-python").rename(workflow.repository / ".venv")
    (workflow.repository / "requirements.txt").write_text("alembic==0.0.0\n")
    ran = checked(workflow, BOOK)
    assert (ran.code, ran.outputs["verdict"]) == (0, "passed"), ran.log
    report = json.loads((workflow.repository / ran.outputs["report"]).read_text())
    assert report["trees"][0]["environment"]["interpreter"] == str(workflow.repository / ".venv" / "bin" / "python")


def test_no_input_is_a_part_of_a_script(workflow: Workflow, tmp_path: Path) -> None:
    hostile = f"$(touch {tmp_path}/ran); `touch {tmp_path}/ran`"
    ran = checked(workflow, BOOK, **{"tree": hostile, "fail-on": "sometimes"})
    assert (ran.code, (tmp_path / "ran").exists()) == (2, False)
    assert "fail-on (input): 'sometimes'; accepted: error, warning or never." in ran.log


def test_nothing_of_the_workspace_takes_part_in_the_installation(workflow: Workflow, tmp_path: Path) -> None:
    for name in ("pip", "venv", "ensurepip", "action"):
        (workflow.repository / name).mkdir()
        (workflow.repository / name / "__init__.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w').close()")
    (workflow.repository / "uv.toml").write_text("index-url = 'http://127.0.0.1:9/simple'\n")
    ran = checked(workflow, Revision(id="a1", upgrade="op.execute('SELECT 1 / 0')"))
    assert (ran.code, ran.outputs["verdict"], (tmp_path / "ran").exists()) == (1, "failed", False), ran.log


def test_what_only_the_container_installs_is_refused(workflow: Workflow) -> None:
    ran = checked(workflow, BOOK, **{"apt-packages": "libldap-dev"})
    assert ran.code == 2
    assert "apt-packages works only in the container of the action." in ran.log


def test_a_python_of_options_goes_before_the_python_of_the_job(workflow: Workflow, tmp_path: Path) -> None:
    (tmp_path / "job-python").rename(tmp_path / "other")
    python = str(tmp_path / "other" / "bin" / "python")
    ran = checked(workflow, BOOK, options=f"statuses=false\n Python = {python}")
    assert (ran.code, ran.outputs["verdict"]) == (0, "passed"), ran.log
    report = json.loads((workflow.repository / ran.outputs["report"]).read_text())
    assert report["trees"][0]["environment"]["interpreter"] == python
