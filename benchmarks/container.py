"""Measure the phases of a run in the container: python -m benchmarks.container [RUNS]. Needs a Docker engine."""

from __future__ import annotations

import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from tests.e2e.runner import Job, Runner, build
from tests.projects import bookstore

REPOSITORY = Path(__file__).parents[1]
IMAGE = "alembic-checks-benchmark"
_ENDED = re.compile(r"\[ *[0-9.]+s\] (.*): ([0-9.]+) s")


def main(runs: int) -> None:
    """Print the median of each phase, in seconds, for the example as a pull request."""
    build(REPOSITORY, IMAGE)
    found: dict[str, list[float]] = defaultdict(list)
    for _ in range(runs):
        began = time.perf_counter()
        subprocess.run(["docker", "run", "--rm", "--entrypoint", "/bin/true", IMAGE], check=True)
        found["an empty container of the image, from docker run to its end"].append(time.perf_counter() - began)
        for phase, seconds in phases():
            found[phase].append(seconds)
    for phase, all_seconds in found.items():
        print(f"{statistics.median(all_seconds):6.2f}  {phase}")


def phases() -> Iterator[tuple[str, float]]:
    """Run the action once, on a shallow checkout whose base must be fetched; yield each phase with its seconds."""
    with tempfile.TemporaryDirectory() as folder:
        pull = bookstore.pull_request(Path(folder))
        runner = Runner(Path(folder) / "runner", REPOSITORY, IMAGE)
        remote = pull.origin.as_uri()
        workspace = bookstore.check_out(pull, Path(folder) / "runner" / "shop" / "shop", remote, depth=0)
        began = time.perf_counter()
        result = runner.run(Job(workspace=workspace, inputs={"base": pull.base_sha}))
        took = time.perf_counter() - began
        assert result.outputs.get("verdict") == "failed", result.log
        for line in result.log.splitlines():
            if match := _ENDED.fullmatch(line):
                yield match[1], float(match[2])
        yield "the whole step, from docker run to its end", took


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 7)
