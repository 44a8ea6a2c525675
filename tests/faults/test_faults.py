"""Every fault ends as the table says: exit code, sentence, and nothing left."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator

import pytest

from tests.faults.conftest import Ended
from tests.faults.fault import OURS, Fault
from tests.faults.table import TABLE

ALL = os.environ.get("ALEMBIC_CHECKS_FAULTS") == "all"
"""Set by ``make faults``; otherwise the rows run that stand for their kind."""


def amiss(fault: Fault, ended: Ended) -> Iterator[str]:
    """Yield everything in which the end of a run is not as the table says."""
    yield from ended.wrong
    if ended.code not in fault.codes and ended.code is not None:
        yield f"exit code {ended.code} in place of {fault.code}"
    printed = ended.stdout + ended.stderr
    yield from (f"it does not say {text!r}" for text in fault.says if text not in printed)
    yield from (f"it says {text!r}" for text in (*OURS, *fault.never) if text in printed)
    if fault.verdict not in (None, ended.verdict):
        yield f"the verdict is {ended.verdict} in place of {fault.verdict}"
    yield from (f"left: {line}" for line in ended.left if not any(re.fullmatch(one, line) for one in fault.left))


@pytest.mark.parametrize(
    "fault", [row for row in TABLE if row.in_gate or ALL], ids=lambda row: f"{row.kind} {row.name}"
)
def test_a_fault(fault: Fault, play: Callable[[Fault], Ended]) -> None:
    ended = play(fault)
    assert list(amiss(fault, ended)) == [], f"{ended.stdout[-3000:]}\n--- stderr ---\n{ended.stderr[-3000:]}"


def test_rows_have_names_of_their_own() -> None:
    names = [row.name for row in TABLE]
    assert [name for name in names if names.count(name) > 1] == []
