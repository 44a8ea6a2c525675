"""What revisions take away: each row of the tables is a branch of one project, which is rehearsed once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from action.postgres.databases import Databases
from action.rehearsal.rehearse import rehearse
from checks.check import Outcome
from checks.findings import Finding
from checks.loss.check import CHECK
from checks.policy import Policy
from checks.recording.tree import TreeRecording
from tests.integration.rehearsal.rehearsing import Heard, prepared
from tests.projects import builder
from tests.projects.losses import LOSSES, LossRow, project
from tests.projects.no_losses import NO_LOSSES

ROWS = (*LOSSES, *NO_LOSSES)


def judged(root: Path, databases: Databases, rows: tuple[LossRow, ...]) -> tuple[TreeRecording, Outcome]:
    base, head = project(rows)
    builder.commit(root, base)
    builder.git(root, "checkout", "-q", "-b", "work")
    builder.commit(root, head)
    with prepared(root, "main") as found, found.session() as session:
        plan = found.plan()
        plan = replace(plan, judged=plan.new, seeks_losses=True, compares_models=False)
        (recording,) = rehearse(plan, session, [databases], found.recording, Heard())
    return recording, CHECK.run(recording, Policy())


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory, databases: Databases) -> Iterator[Outcome]:
    root = tmp_path_factory.mktemp("losses")
    yield judged(root, databases, ROWS)[1]
    databases.drop_all()


def of(outcome: Outcome, row: LossRow) -> list[Finding]:
    return [one for one in outcome.findings if re.search(rf"\b{row.name}(_(old|mood))?\b", str(one.object))]


def test_everything_was_judged(outcome: Outcome) -> None:
    assert (outcome.unjudged, outcome.reason) == (None, None)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_row(outcome: Outcome, row: LossRow) -> None:
    found = [(one.severity.value, one.rule, one.object) for one in of(outcome, row)]
    assert found == list(row.found)
