"""What the rows of the version table prove, and what they do not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from action.rehearsal.goals import AtRows, Goal, Unproven, UpgradedTo, unreached, wanted_rows
from checks.graph.version_rows import Difference
from checks.recording.absent import Absent
from checks.recording.revisions import Unreadable
from tests.unit.checks.dsl import graph

BRANCHES = graph("a1:alpha; b1:beta +alpha; b2<-b1")
UNREAD = replace(BRANCHES, unreadable=(Unreadable(path="versions/c3.py", line=1, reason="revision is computed"),))
WHY = Absent(reason="The revision in versions/c3.py cannot be read: revision is computed.")


@pytest.mark.parametrize(
    ("goal", "rows", "found"),
    [
        (UpgradedTo(graph=BRANCHES), ("b2",), None),
        (UpgradedTo(graph=BRANCHES), ("b1",), Difference(not_applied=("b2",))),
        (UpgradedTo(graph=BRANCHES), ("a1", "b2"), Difference(superseded=("a1",))),
        (UpgradedTo(graph=BRANCHES), ("b2", "z9"), Difference(unknown=("z9",))),
        (UpgradedTo(graph=BRANCHES, targets=("b1",)), ("b1",), None),
        (UpgradedTo(graph=BRANCHES, targets=("b1",)), ("b2",), Difference(still_applied=("b2",))),
        (AtRows(rows=("b1",)), ("b1",), None),
        (AtRows(rows=()), ("b1",), Difference(still_applied=("b1",))),
        (AtRows(rows=("b1",)), (), Difference(not_applied=("b1",))),
        (Unproven(), ("z9",), None),
    ],
)
def test_a_goal_is_reached_by_its_exact_rows(goal: Goal, rows: tuple[str, ...], found: Difference | None) -> None:
    """Whatever Alembic, in the project's process, names as its heads."""
    assert unreached(goal, rows, named=rows) == found


@pytest.mark.parametrize(
    ("rows", "named", "found"),
    [
        (("c3",), ("c3",), None),
        (("c3",), ("c3", "c3"), None),
        (("b2",), ("c3",), WHY),
        (("b2", "c3"), ("c3",), WHY),
        ((), (), WHY),
    ],
)
def test_heads_that_the_graph_does_not_tell_are_those_that_alembic_names(
    rows: tuple[str, ...], named: tuple[str, ...], found: Absent | None
) -> None:
    assert unreached(UpgradedTo(graph=UNREAD), rows, named) == found
    assert wanted_rows(UpgradedTo(graph=UNREAD), named) == tuple(dict.fromkeys(named))


def test_given_revisions_need_no_other_file() -> None:
    assert unreached(UpgradedTo(graph=UNREAD, targets=("b1",)), ("b1",), ()) is None


@pytest.mark.parametrize(
    ("goal", "rows"),
    [(UpgradedTo(graph=BRANCHES), ("b2",)), (AtRows(rows=("b1",)), ("b1",)), (Unproven(), ())],
)
def test_the_wanted_rows_of_a_goal(goal: Goal, rows: tuple[str, ...]) -> None:
    assert wanted_rows(goal, named=("z9",)) == rows
