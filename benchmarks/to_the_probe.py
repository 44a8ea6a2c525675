"""Measure a release up to the project's process: python -m benchmarks.to_the_probe [RUNS]. Needs a Docker engine.

The image is on the machine already, as after the runner's pull, and the project's packages are those of the image. The
second column is what our own process computed until then: unlike the first, it is the same on a busy machine.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from release import example_repository
from tests.e2e.ours import with_our_packages
from tests.e2e.runner import Runner, prepare

REPOSITORY = Path(__file__).parents[1]
IMAGE = "alembic-checks-benchmark"
_PROBE = b"/opt/alembic-checks/action/probe/__main__.py"
_TICKS = os.sysconf("SC_CLK_TCK")
_POLL = 0.05
_BUDGET = 2.0
"""Seconds from `docker run` to the project's process on a machine that does nothing else (issue 12)."""


def main(runs: int) -> None:
    """Print the median of each figure, in seconds."""
    prepare(REPOSITORY, IMAGE)
    empty, figures = [], []
    for _ in range(runs):
        began = time.perf_counter()
        subprocess.run(["docker", "run", "--rm", "--entrypoint", "/bin/true", IMAGE], check=True)
        empty.append(time.perf_counter() - began)
        figures.append(measured())
    until, computed = (statistics.median(column) for column in zip(*figures, strict=True))
    print(f"{statistics.median(empty):6.2f}  an empty container of the image, from docker run to its end")
    print(f"{until:6.2f}  from docker run to the project's process; to be under {_BUDGET:.0f}")
    print(f"{computed:6.2f}  processor time of our own process until then")


def measured() -> tuple[float, float]:
    """Run the action once without a network; return both figures."""
    with tempfile.TemporaryDirectory() as folder:
        workspace = Path(folder) / "runner" / "shop" / "shop"
        workspace.parent.mkdir(parents=True)
        example_repository.make(workspace)
        inputs = {"comment": "never", "options": "base=HEAD~1"}
        job = with_our_packages(workspace=workspace, inputs=inputs, network="none")
        began = time.clock_gettime(time.CLOCK_BOOTTIME)
        with Runner(Path(folder) / "runner", REPOSITORY, IMAGE).start(job) as step:
            while (found := _probe_since(began)) is None:
                assert step.runs, step.wait().log
                time.sleep(_POLL)
            return found


def _probe_since(began: float) -> tuple[float, float] | None:
    """Return when a probe in a container started, and the processor time of the process that started it."""
    for path in Path("/proc").glob("[0-9]*"):
        try:
            if _PROBE not in (path / "cmdline").read_bytes():
                continue
            stat = _stat(path)
            parent = _stat(path.parent / stat[1])
        except OSError:
            continue  # it has ended
        started = int(stat[19]) / _TICKS - began
        if started > -1 / _TICKS:
            return started, (int(parent[11]) + int(parent[12])) / _TICKS
    return None


def _stat(process: Path) -> list[str]:
    """Return the fields of proc(5) from the third on: state, parent, …; the second, a name, can hold anything."""
    return (process / "stat").read_text().rpartition(") ")[2].split()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 7)
