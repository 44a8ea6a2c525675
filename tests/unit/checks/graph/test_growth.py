"""Large graphs: the work grows as the graph does, whatever its shape. Counted, not timed."""

from __future__ import annotations

import gc

import pytest

from checks import CHECKS
from checks.findings import Status
from checks.graph import index
from checks.graph.index import index_of
from checks.judge import judge
from checks.policy import Policy
from checks.recording.revisions import Graph
from checks.recording.tree import Recording, TreeRecording
from tests.unit.checks.graph.counting import counted_ids, operations
from tests.unit.checks.graph.shapes import SHAPES, Shape, revision

SMALL, LARGE = 25, 100
MOST = 1.3
"""Times the work for each revision may grow, from the small graph to the large one: a sort costs a little more."""


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_four_times_the_graph_is_four_times_the_work(shape: Shape) -> None:
    small, large = (judging(shape(size)) / size for size in (SMALL, LARGE))
    assert large / small < MOST


def judging(recording: TreeRecording) -> int:
    """Return the operations of all checks on a recording."""
    tree = counted_ids(recording)
    return operations(lambda: judge(Recording(trees=(tree,)), Policy(), CHECKS), "checks")


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_no_check_crashes_on_a_deep_graph(shape: Shape) -> None:
    report = judge(Recording(trees=(shape(1_100),)), Policy(), CHECKS)
    assert [result.reason for _, result in report.results() if result.status is Status.ERROR] == []


def test_a_graph_is_indexed_once_and_forgotten_with_it() -> None:
    gc.collect()
    before = len(index._KNOWN)
    graph, same = (Graph(revisions=(revision("a"), revision("b", "a"))) for _ in range(2))
    assert (graph == same, index_of(graph) is index_of(graph), index_of(graph) is index_of(same)) == (True, True, False)
    assert len(index._KNOWN) == before + 2
    del graph, same
    gc.collect()
    assert len(index._KNOWN) == before
