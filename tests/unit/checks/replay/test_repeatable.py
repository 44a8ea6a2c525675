"""Statements in a form that can run again."""

from __future__ import annotations

import pytest

from checks.recording.legs import Statement
from checks.replay.repeatable import repeatable

STAYS = (
    "ALTER TABLE book ADD COLUMN IF NOT EXISTS seen integer",
    "ALTER TABLE book ADD IF NOT EXISTS seen integer",
    "ALTER TABLE book DROP COLUMN IF EXISTS seen",
    "ALTER TYPE mood ADD VALUE IF NOT EXISTS 'glad'",
    "REFRESH MATERIALIZED VIEW CONCURRENTLY titles",
    "VACUUM book",
)


@pytest.mark.parametrize("sql", STAYS)
def test_what_can_run_again_stays_as_it_is(sql: str) -> None:
    assert repeatable(Statement(sql=sql), (1, 20), inserts=False) == ()


@pytest.mark.parametrize(
    ("sql", "again"),
    [
        ("ALTER TABLE book ADD COLUMN seen integer", "ALTER TABLE book ADD COLUMN IF NOT EXISTS seen integer"),
        ("ALTER TABLE book ADD seen integer", "ALTER TABLE book ADD IF NOT EXISTS seen integer"),
        ("ALTER TABLE book DROP COLUMN seen", "ALTER TABLE book DROP COLUMN IF EXISTS seen"),
    ],
)
def test_what_cannot_gets_if_exists_once(sql: str, again: str) -> None:
    assert repeatable(Statement(sql=sql), (1, 20), inserts=False) == (f'op.execute("{again}")',)
