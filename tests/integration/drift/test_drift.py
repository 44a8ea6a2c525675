"""The comparison on real databases: it finds every change of the drift cases, and none in the cases without drift."""

from __future__ import annotations

import pytest

from action.postgres.databases import Databases
from action.postgres.servers.interface import Address, PostgresServer
from checks.drift.sentences import message, object_name
from tests.integration.drift.cases import Case
from tests.integration.drift.comparing import run
from tests.integration.drift.drifts import DRIFTS
from tests.integration.drift.same import SAME

NOT_UNDONE = {
    "index invalid": ("index public.book.ix differs: before valid is False, afterwards True",),
    "enum value missing": ("enum public.mood differs: before values is sad, glad, afterwards sad, ok, glad",),
    "enum value renamed": ("enum public.mood differs: before values is sad, OK, afterwards sad, OK, ok",),
    "enum in an array": ("enum public.mood differs: before values is sad, afterwards sad, ok",),
}
"""What the lines for downgrade() cannot take back."""


def skip_on_older_server(server: PostgresServer, case: Case) -> None:
    if server.version_num < case.since * 10_000:
        pytest.skip(f"needs PostgreSQL {case.since}")


@pytest.mark.parametrize("case", DRIFTS, ids=lambda case: case.id)
def test_every_drift_has_its_message_and_lines_that_repair_it(
    server: PostgresServer, address: Address, databases: Databases, case: Case
) -> None:
    skip_on_older_server(server, case)
    result = run(databases, address, case)
    assert tuple((c.weight.value, object_name(c), message(c)) for c in result.changes) == case.changes
    assert [c.place for c in result.remaining] == [c.place for c in result.changes if not c.repair]
    assert result.not_undone == NOT_UNDONE.get(case.id, ())


@pytest.mark.parametrize("case", SAME, ids=lambda case: case.id)
def test_equal_databases_have_no_changes(
    server: PostgresServer, address: Address, databases: Databases, case: Case
) -> None:
    skip_on_older_server(server, case)
    assert run(databases, address, case).changes == ()


def test_there_are_enough_cases_and_each_has_its_own_id() -> None:
    assert len(DRIFTS) >= 70
    assert len(SAME) >= 70
    assert len({case.id for case in DRIFTS}) == len(DRIFTS)
    assert len({case.id for case in SAME}) == len(SAME)
