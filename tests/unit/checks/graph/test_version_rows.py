"""The version table's rows that we compute, compared with those that Alembic's own steps leave."""

from __future__ import annotations

import contextlib
from dataclasses import replace

import pytest
from alembic.util import CommandError
from hypothesis import assume, given
from hypothesis import strategies as st

from checks.graph.algorithms import effective_heads, names
from checks.graph.version_rows import Difference, difference, rows_at, rows_of
from checks.recording.absent import Absent
from checks.recording.revisions import Graph, Unreadable
from tests.unit.checks.dsl import graph
from tests.unit.checks.graph.oracle import Database, alembic_map, graphs, thoroughly

REFUSED = (CommandError, KeyError)
"""Targets that overlap; and Alembic's own fault in a merge of a revision with one of its ancestors."""


@thoroughly
@given(graphs(), st.data())
def test_the_rows_after_an_upgrade_from_any_state_are_those_that_alembic_leaves(
    graph: Graph, data: st.DataObject
) -> None:
    database = Database(alembic_map(graph))
    some = st.lists(st.sampled_from(sorted({*names(graph).values()})), min_size=1, max_size=3, unique=True)
    for _ in range(2):
        _travel(database, data.draw(st.sampled_from(("upgrade", "downgrade", "stamp", "stay"))), data.draw(some))
        before, targets = database.rows, data.draw(some)
        assume(set(rows_of(graph, before)) == before)  # Alembic's downgrade may leave a row that another stands for
        with contextlib.suppress(*REFUSED):
            database.upgrade(targets)
            assert database.rows == {*rows_of(graph, (*before, *targets))}


def _travel(database: Database, how: str, targets: list[str]) -> None:
    with contextlib.suppress(*REFUSED, AssertionError):
        if how == "upgrade":
            database.upgrade(targets)
        elif how == "downgrade":
            database.downgrade(targets[0])
        elif how == "stamp":
            database.stamp(targets)


@thoroughly
@given(graphs())
def test_the_rows_at_the_heads_are_those_that_alembic_leaves_and_stamps(graph: Graph) -> None:
    wanted = rows_at(graph)
    assert not isinstance(wanted, Absent)
    for targets in ("heads", wanted):
        stamped = Database(alembic_map(graph))
        stamped.stamp(targets)
        assert stamped.rows == {*wanted}
        with contextlib.suppress(KeyError):
            upgraded = Database(alembic_map(graph))
            upgraded.upgrade(targets)
            assert upgraded.rows == {*wanted}


@thoroughly
@given(graphs(), st.data())
def test_rows_that_differ_are_named_and_the_same_rows_are_not(graph: Graph, data: st.DataObject) -> None:
    rows = data.draw(st.sets(st.sampled_from([*names(graph).values(), "z9"])))
    wanted = effective_heads(graph)
    found = difference(graph, wanted, rows)
    assert (found is None) == (rows == {*wanted})
    assert found is None or found.text


LINE = "a1; b2<-a1; c3<-b2"


@pytest.mark.parametrize(
    ("text", "wanted", "rows", "clause"),
    [
        (LINE, ("c3",), (), "Not applied: a1, b2, c3"),
        (LINE, ("c3",), ("a1",), "Not applied: b2, c3"),
        (LINE, ("b2",), ("c3",), "Still applied: c3"),
        (LINE, ("c3",), ("c3", "z9"), "Unknown revision: z9"),
        (LINE, ("c3",), ("b2", "c3"), "Listed beside a later revision: b2"),
        (LINE, ("c3",), ("z9",), "Not applied: a1, b2, c3; unknown revision: z9"),
        ("a1:alpha; b1 +alpha; c1", ("b1",), ("a1", "c1"), "Still applied: c1; not applied: b1"),
        (LINE, ("Z9",), (), "Not applied: Z9"),
    ],
)
def test_a_difference_is_a_clause(text: str, wanted: tuple[str, ...], rows: tuple[str, ...], clause: str) -> None:
    found = difference(graph(text), wanted, rows)
    assert found is not None
    assert found.text == clause


def test_only_rows_that_alembic_does_not_leave_are_a_surplus() -> None:
    assert Difference(not_applied=("b2",)).surplus == ()
    found = difference(graph(LINE), ("c3",), ("b2", "c3", "z9"))
    assert found == Difference(unknown=("z9",), superseded=("b2",))
    assert found.surplus == ("z9", "b2")


UNREAD = Unreadable(path="versions/x.py", line=3, reason="revision is not a literal but f()")


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        (
            replace(graph("a1"), unreadable=(UNREAD,)),
            "The revision in versions/x.py cannot be read: revision is not a literal but f().",
        ),
        (graph("a1; b1 +{NEEDED}"), "The depends_on of b1 is not a literal but NEEDED."),
        (graph("b2<-a1"), "The down_revision of b2 names a1, but no version file is known to have that name."),
        (
            graph("a1; b1; c2<-a1; c2/copy<-b1"),
            "Two files have the revision id c2: migrations/versions/c2.py and migrations/versions/copy.py.",
        ),
    ],
)
def test_heads_that_the_graph_does_not_tell_are_not_computed(found: Graph, reason: str) -> None:
    assert rows_at(found) == Absent(reason=reason)
    assert rows_at(found, ("c2",)) == ("c2",)


def test_a_copy_of_a_revision_leaves_no_doubt() -> None:
    assert rows_at(graph("a1; b2<-a1; b2/copy<-a1")) == ("b2",)
