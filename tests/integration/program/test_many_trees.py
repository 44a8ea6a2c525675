"""A repository with many Alembic environments: they share the machine in the order of work."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.integration.program.conftest import Run
from tests.projects import builder
from tests.projects.builder import CREATE_BOOK, Revision, tree, write

TREES = 6
COUNT = """
import os
def parent(pid):
    return int(open(f"/proc/{pid}/stat").read().rpartition(") ")[2].split()[1])
probe = parent(os.getpid())
siblings = 0
for name in filter(str.isdigit, os.listdir("/proc")):
    try:
        siblings += parent(name) == parent(probe) and "probe/__main__.py" in open(f"/proc/{name}/cmdline").read()
    except OSError:
        pass
databases = op.get_bind().exec_driver_sql("SELECT count(*) FROM pg_database WHERE datname LIKE 'ac%%'").scalar()
with open(COUNTS, "a") as counts:
    print(siblings, databases, file=counts)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="it counts processes in /proc")
def test_few_projects_are_loaded_at_once_and_each_takes_its_databases_with_it(run: Run, tmp_path: Path) -> None:
    counts = tmp_path / "counts"
    upgrade = COUNT.replace("COUNTS", repr(str(counts))) + CREATE_BOOK.strip()
    for number in range(TREES):
        write(tmp_path / "project", builder.below(f"service{number}", tree(Revision(id="a1", upgrade=upgrade))))
    ran = run(tmp_path / "project")
    assert (ran.code, len(ran.report["trees"])) == (0, TREES), ran.stderr
    seen = [tuple(map(int, line.split())) for line in counts.read_text().splitlines()]
    assert len(seen) == TREES
    assert {probes for probes, _ in seen} <= {1, 2}
    assert len({databases for _, databases in seen}) == 1
