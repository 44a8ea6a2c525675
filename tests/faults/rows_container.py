"""Faults of a run in the image, on the stand-in for GitHub's runner (Reliability 1, 3, 5, 6, 9, 10 and 12)."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tests.e2e.runner_step import Step
from tests.faults.rows_children import DAEMON
from tests.faults.rows_many import trees
from tests.projects.builder import BOOK, CREATE_BOOK, Revision, tree

WAITS = "print('here', flush=True)\nimport threading\nthreading.Event().wait()\n"
STOPPED = "Stopped by a signal. Every server and process of this run has ended."
_REPORT = "Migrations: "
ActOnStep = Callable[[Step], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultInContainer:
    """A row: what is done to the step, and how it ends. No container may be left, and no file but the reports."""

    name: str
    kind: str
    files: Mapping[str, str] = field(default_factory=lambda: tree(BOOK))
    inputs: Mapping[str, str] = field(default_factory=dict)
    during: ActOnStep | None = None
    code: int | tuple[int, ...] = 0
    says: tuple[str, ...] = ()
    within: float = 120.0
    """Seconds for the whole step."""
    ends_within: float | None = None
    """Seconds between the report in the log and the end of the container's last process."""

    @property
    def codes(self) -> tuple[int, ...]:
        """Return the exit codes that are right."""
        return (self.code,) if isinstance(self.code, int) else self.code


def migration(code: str) -> dict[str, str]:
    """Return a project whose only revision runs the code first."""
    return tree(Revision(id="a1", upgrade=f"{code}\n{CREATE_BOOK.strip()}"))


def after(text: str, *acts: ActOnStep) -> ActOnStep:
    """Act when the log has a text."""

    def act(step: Step) -> None:
        step.until(text)
        for one in acts:
            one(step)

    return act


def cancelled(step: Step) -> None:
    """Cancel the step as the runner does."""
    step.cancel()


def signalled(name: str) -> ActOnStep:
    """Send a signal to the first process of the container."""
    return lambda step: _docker("kill", "-s", name, step.container)


def stopped(step: Step) -> None:
    """Stop the container as ``docker stop`` does."""
    _docker("stop", "-t", "8", step.container)


def paused(step: Step) -> None:
    """Let all processes stand still for a while, as on a machine that sleeps."""
    _docker("pause", step.container)
    time.sleep(3)
    _docker("unpause", step.container)


def all_killed(step: Step) -> None:
    """Kill every process but the first."""
    _docker("exec", step.container, "/bin/sh", "-c", "kill -KILL -1")


def seconds(number: float) -> ActOnStep:
    """Let time pass."""
    return lambda step: time.sleep(number)


def _docker(*words: str) -> None:
    subprocess.run(["docker", *words], stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=60)


_RUNNING = "applying the revisions"
_MANY_FILES = "for a in $(seq 300); do mkdir -p /tmp/many/$a; (cd /tmp/many/$a && seq 200 | xargs touch); done"
_MANY_TABLES = 'for n in range(3000):\n    op.execute(f"CREATE TABLE many.t{n} (id int)")'
ROWS = (
    FaultInContainer(
        name="cancelled in a migration",
        kind="R5",
        files=migration(WAITS),
        during=after(_RUNNING, cancelled),
        code=130,
        says=(STOPPED,),
        within=60,
    ),
    FaultInContainer(
        name="cancelled while the server starts",
        kind="R5",
        during=after("starting PostgreSQL", cancelled),
        code=130,
        says=(STOPPED,),
        within=60,
    ),
    FaultInContainer(
        name="cancelled in the first second", kind="R11", during=cancelled, code=(-2, 130, 137), within=60
    ),
    FaultInContainer(
        name="two signals in a row",
        kind="R3",
        files=migration(WAITS),
        during=after(_RUNNING, signalled("INT"), seconds(0.05), signalled("TERM")),
        code=130,
        says=(STOPPED,),
        within=60,
    ),
    FaultInContainer(
        name="docker stop", kind="R5", files=migration(WAITS), during=after(_RUNNING, stopped), code=130, within=60
    ),
    FaultInContainer(
        name="docker kill",
        kind="R5",
        files=migration(WAITS),
        during=after(_RUNNING, signalled("KILL")),
        code=137,
        within=60,
    ),
    FaultInContainer(
        name="every process but the first is killed",
        kind="R5",
        files=migration(WAITS),
        during=after(_RUNNING, all_killed),
        code=(1, 4, 137),
        within=60,
    ),
    FaultInContainer(
        name="the machine sleeps in a migration",
        kind="R2",
        files=migration("import time\ntime.sleep(2)"),
        during=after(_RUNNING, paused),
        says=("PASSED",),
    ),
    FaultInContainer(name="a migration leaves a daemon", kind="R6", files=migration(DAEMON), says=("PASSED",)),
    FaultInContainer(
        name="--json /dev/stdout", kind="R1", inputs={"options": "json=/dev/stdout"}, says=('"verdict": "passed"',)
    ),
    FaultInContainer(name="--json /dev/null", kind="R1", inputs={"options": "json=/dev/null"}, says=("PASSED",)),
    FaultInContainer(
        name="an exception of 15 MB",
        kind="R9",
        files=migration('raise ValueError("shelf " * 2_500_000)'),
        code=1,
        says=("FAILED",),
        within=60,
    ),
    FaultInContainer(
        name="twelve trees with 64 MB of shared memory", kind="R10", files=trees(12), says=("PASSED",), within=180
    ),
    FaultInContainer(
        name="the container ends with the report, after a large installation",
        kind="R12",
        inputs={"install": f"{_MANY_FILES}; ln -s /opt/alembic-checks/venv/lib/python3*/site-packages/* "
                "/opt/project/env/lib/python3*/site-packages/ 2>/dev/null; true"},
        ends_within=1.0,
    ),
    FaultInContainer(
        name="the container ends with the report, with a large database",
        kind="R12",
        files=migration(f'op.execute("CREATE SCHEMA many")\n{_MANY_TABLES}'),
        ends_within=1.0,
        within=240,
    ),
)  # fmt: skip
