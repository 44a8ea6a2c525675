"""Privileges, comments and settings of every kind, undone and applied again on a real server."""

from __future__ import annotations

from pathlib import Path

import pytest

from action.postgres.databases import Databases
from tests.integration.rehearsal.test_downgrades import expected, judged, said
from tests.projects.downgrades_kinds import ALTERED, LEAVING, LOSING, RIGHT

GROUPS = {"leaving": LEAVING, "losing": LOSING, "altered": ALTERED, "right": RIGHT}


@pytest.mark.parametrize("group", GROUPS)
def test_every_kind_is_judged_by_what_is_left_of_it(group: str, tmp_path: Path, databases: Databases) -> None:
    rows = GROUPS[group]
    outcome = judged(rows, tmp_path, databases)
    assert (outcome.unjudged, outcome.reason) == (None, None)
    assert {row.name: said(outcome, row) for row in rows} == {row.name: expected(row) for row in rows}
