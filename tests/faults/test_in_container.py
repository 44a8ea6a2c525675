"""Faults of a run in the image: how the step ends, in which time, and that no container and no file is left."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

import pytest

from tests.e2e.conftest import REPOSITORY
from tests.e2e.ours import with_our_packages
from tests.e2e.runner import OWNER, Job, Runner
from tests.e2e.runner_step import Step
from tests.faults.fault import OURS
from tests.faults.rows_container import ROWS, FaultInContainer
from tests.faults.test_faults import ALL
from tests.projects import builder

IN_GATE = ("two signals in a row", "a migration leaves a daemon")
_REPORT = "Python 3."
"""On the last line of a report at a terminal."""


def containers(name: str) -> list[str]:
    """Return the containers of a step that are there, also stopped ones."""
    done = subprocess.run(
        ["docker", "ps", "-aq", "--filter", f"name={name}"], capture_output=True, text=True, check=True
    )
    return done.stdout.split()


def is_gone(step: Step) -> bool:
    """Return whether the engine has removed the step's container; it takes a moment after the end."""
    deadline = time.monotonic() + 10
    while containers(step.container) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not containers(step.container)


def until_its_end(step: Step) -> float:
    """Return the seconds between the end of the report and that of the last process, as the engine tells it.

    Not counted is what the engine does then: it writes out and removes the container's layer and volumes.
    """
    of_end = ["--filter", f"container={step.container}", "--filter", "event=die"]
    with subprocess.Popen(
        ["docker", "events", *of_end, "--format", "{{.TimeNano}}"], stdout=subprocess.PIPE, text=True
    ) as events:
        step.until(_REPORT)
        reported = time.time()
        assert events.stdout is not None
        ended = int(events.stdout.readline()) / 1e9
        events.kill()
    return ended - reported


def files(workspace: Path) -> set[str]:
    """Return the files of the workspace but for the reports and Git's own."""
    parts = {path.relative_to(workspace) for path in workspace.rglob("*")}
    return {str(path) for path in parts if path.parts[0] not in (".git", "alembic-checks-report")}


@pytest.mark.parametrize(
    "fault", [pytest.param(row, id=f"{row.kind} {row.name}") for row in ROWS if row.name in IN_GATE or ALL]
)
def test_a_fault_in_the_container(fault: FaultInContainer, image: str, tmp_path: Path) -> None:
    workspace = tmp_path / "runner" / "bookstore" / "bookstore"
    builder.commit(workspace, fault.files)
    before, began, took = files(workspace), time.monotonic(), 0.0
    job = (Job if "install" in fault.inputs else with_our_packages)(workspace=workspace, inputs=fault.inputs)
    with Runner(tmp_path / "runner", REPOSITORY, image).start(job) as step:
        if fault.during is not None:
            fault.during(step)
        if fault.ends_within is not None:
            took = until_its_end(step)
        result = step.wait()
        seconds = time.monotonic() - began
        gone = is_gone(step)
    assert result.exit_code in fault.codes, result.log[-5000:]
    assert [text for text in fault.says if text not in result.log] == [], result.log[-5000:]
    assert ([text for text in OURS if text in result.log], gone) == ([], True), result.log[-5000:]
    assert seconds < fault.within
    assert took <= (fault.ends_within or took)
    assert files(workspace) == before
    assert [path for path in workspace.rglob("*") if os.lstat(path).st_uid != OWNER] == []
