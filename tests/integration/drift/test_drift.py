"""The comparison on real databases: every drift of the corpus is told whole, and no model without drift is."""

from __future__ import annotations

import pytest

from action.postgres.databases import Databases
from action.postgres.servers.interface import Address, PostgresServer
from checks.drift.sentences import message, object_name
from tests.integration.drift.cases import Case
from tests.integration.drift.comparing import run
from tests.integration.drift.drifts import DRIFTS
from tests.integration.drift.same import SAME


def needed(server: PostgresServer, case: Case) -> None:
    if server.version_num < case.since * 10_000:
        pytest.skip(f"needs PostgreSQL {case.since}")


@pytest.mark.parametrize("case", DRIFTS, ids=lambda case: case.id)
def test_a_drift_is_told_whole_and_its_lines_mend_it(
    server: PostgresServer, address: Address, databases: Databases, case: Case
) -> None:
    needed(server, case)
    result = run(databases, address, case)
    assert tuple((c.weight.value, object_name(c), message(c)) for c in result.changes) == case.changes
    assert [c.place for c in result.remaining] == [c.place for c in result.changes if not c.repair]


@pytest.mark.parametrize("case", SAME, ids=lambda case: case.id)
def test_nothing_is_told_where_nothing_differs(
    server: PostgresServer, address: Address, databases: Databases, case: Case
) -> None:
    needed(server, case)
    assert run(databases, address, case).changes == ()


def test_the_corpora_are_large_enough_and_no_case_stands_twice() -> None:
    assert len(DRIFTS) >= 70
    assert len(SAME) >= 70
    assert len({case.id for case in DRIFTS}) == len(DRIFTS)
    assert len({case.id for case in SAME}) == len(SAME)
