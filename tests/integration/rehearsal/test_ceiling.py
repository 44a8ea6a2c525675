"""The whole run has a ceiling: what is not judged by then says so, and everything ends."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from action.allowance import UNLIMITED, Allowance
from action.postgres.databases import Databases
from action.rehearsal.rehearse import rehearse
from action.session.running import ProjectRun
from checks.recording.obstacles import Obstacle, ObstacleKind
from checks.recording.tree import TreeRecording
from tests.integration.rehearsal.rehearsing import Heard, prepared
from tests.projects import builder
from tests.projects.builder import BOOK, EnvPy, Revision, tree

SLEEPS = Revision(id="b2", down="a1", upgrade='op.execute("SELECT pg_sleep(600)")')
WHY = "A run may take 60 seconds and 5 times `timeout` for each Alembic config, counting at most 4."
REMEDY = "Look for what is slow in the migrations, or set a higher `timeout`."


@pytest.fixture
def databases(databases: Databases) -> Iterator[Databases]:
    """Give the allowance back that a test has taken."""
    yield databases
    databases.address.bounds.allowance = UNLIMITED


def stopped(seconds: float) -> Obstacle:
    message = f"The run was stopped after {seconds:g} seconds."
    return Obstacle(kind=ObstacleKind.INTERRUPTED, message=message, why=WHY, remedy=REMEDY)


def rehearsed(root: Path, databases: Databases, seconds: float, *files: dict[str, str]) -> TreeRecording:
    allowance = Allowance(seconds)
    databases.address.bounds.allowance = allowance
    run = ProjectRun(python=sys.executable, timeout=300, allowance=allowance)
    with prepared(builder.write(root, *files)) as project, project.session(run) as session:
        return rehearse(project.plan(run=run), session, [databases], project.recording, Heard())[0]


def test_nothing_begins_when_there_is_no_time(tmp_path: Path, databases: Databases) -> None:
    recording = rehearsed(tmp_path, databases, 0, tree(BOOK))
    assert (recording.obstacle, recording.legs) == (stopped(0), ())


def test_a_project_that_loads_for_ever(tmp_path: Path, databases: Databases) -> None:
    env = EnvPy(top="import time; time.sleep(600)").text
    assert rehearsed(tmp_path, databases, 4, tree(BOOK, env=env)).obstacle == stopped(4)


def test_a_migration_that_sleeps(tmp_path: Path, databases: Databases) -> None:
    """Its own limit is not reached, so the revision is not blamed."""
    started = time.monotonic()
    recording = rehearsed(tmp_path, databases, 20, tree(BOOK, SLEEPS))
    assert recording.obstacle == stopped(20)
    assert [leg.name for leg in recording.legs if leg.failure] == []
    assert time.monotonic() - started < 150
