"""The graph's algorithms, compared with Alembic's own where Alembic has them."""

from __future__ import annotations

import pytest
from alembic.script.revision import Revision as AlembicRevision
from alembic.script.revision import RevisionMap
from hypothesis import given
from hypothesis import strategies as st

from checks.graph.algorithms import (
    ancestors,
    bases,
    branch_labels,
    branch_point,
    cycles,
    descendants,
    effective_heads,
    heads,
    order,
)
from checks.recording.revisions import Graph, Revision
from tests.unit.checks.dsl import graph

DIAMOND = graph("a; b<-a; c<-a; d<-b,c; e<-d")


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """Make graphs without cycles: merges, several bases, dependencies by id and by label."""
    revisions: list[Revision] = []
    for number in range(draw(st.integers(1, 9))):
        ids = [revision.id for revision in revisions]
        earlier = st.lists(st.sampled_from(ids), max_size=3, unique=True) if ids else st.just([])
        labels = [label for revision in revisions for label in revision.branch_labels]
        named = st.lists(st.sampled_from(ids + labels), max_size=2, unique=True) if ids else st.just([])
        revisions.append(
            Revision(
                id=f"r{number}",
                path=f"r{number}.py",
                line=1,
                down_revision_line=2,
                down_revisions=tuple(draw(earlier)),
                depends_on=tuple(draw(named)),
                branch_labels=(f"label{number}",) if draw(st.booleans()) else (),
            )
        )
    return Graph(revisions=tuple(draw(st.permutations(revisions))))


def alembic_map(graph: Graph) -> RevisionMap:
    return RevisionMap(
        lambda: [
            AlembicRevision(r.id, r.down_revisions or None, r.depends_on or None, r.branch_labels or None)
            for r in graph.revisions
        ]
    )


@given(graphs())
def test_heads_and_bases_are_those_of_alembic(graph: Graph) -> None:
    map_ = alembic_map(graph)
    assert sorted(heads(graph)) == sorted(map_.heads)
    assert sorted(effective_heads(graph)) == sorted(map_._real_heads)
    assert sorted(bases(graph)) == sorted(map_.bases)


@given(graphs())
def test_ancestors_and_descendants_are_those_of_alembic(graph: Graph) -> None:
    map_ = alembic_map(graph)
    for revision in graph.revisions:
        of_alembic = {r.revision for r in map_.iterate_revisions(revision.id, "base", implicit_base=False)}
        assert ancestors(graph, revision.id, dependencies=True) | {revision.id} == of_alembic
        assert all(revision.id in ancestors(graph, above) for above in descendants(graph, revision.id))


@given(graphs())
def test_order_has_every_revision_once_after_all_that_it_needs(graph: Graph) -> None:
    places = {id_: place for place, id_ in enumerate(order(graph))}
    assert sorted(order(graph)) == sorted(revision.id for revision in graph.revisions)
    for id_ in places:
        assert all(places[needed] < places[id_] for needed in ancestors(graph, id_, dependencies=True))


@given(graphs())
def test_a_graph_that_alembic_can_walk_has_no_cycles(graph: Graph) -> None:
    assert cycles(graph) == ()


def test_order_goes_along_a_branch_and_keeps_the_order_of_files() -> None:
    assert order(graph("d<-c; c<-a; b<-a; a")) == ("a", "c", "d", "b")


def test_order_puts_cycles_last() -> None:
    assert order(graph("a; b<-a,c; c<-b; d<-a")) == ("a", "d", "b", "c")


def test_heads_of_a_diamond() -> None:
    assert (heads(DIAMOND), bases(DIAMOND)) == (("e",), ("a",))


def test_a_missing_parent_makes_neither_a_head_nor_a_base() -> None:
    orphan = graph("a; c<-b")
    assert (heads(orphan), bases(orphan), ancestors(orphan, "c")) == (("a", "c"), ("a",), frozenset())


def test_a_duplicated_id_is_one_head() -> None:
    assert heads(graph("a; b<-a; b/copy<-a")) == ("b",)


def test_a_revision_that_is_only_depended_on_is_a_head_but_not_an_effective_one() -> None:
    apart = graph("a; b +a")
    assert (heads(apart), effective_heads(apart)) == (("a", "b"), ("b",))


def test_depends_on_resolves_labels() -> None:
    assert effective_heads(graph("a:core; b +core")) == ("b",)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a; b<-b", (("b",),)),
        ("a; b<-a,d; c<-b; d<-c; e<-d", (("b", "d", "c"),)),
        ("a<-b; b<-a; c<-b,d; d<-c", (("a", "b"), ("c", "d"))),
        ("a +b; b<-a", (("a", "b"),)),
    ],
)
def test_cycles_are_listed_from_child_to_parent(text: str, expected: tuple[tuple[str, ...], ...]) -> None:
    assert cycles(graph(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"), [("a; b<-a; c<-b; d<-b", "b"), ("c; d", None), ("c; d<-c", "c"), ("a; d<-a; c<-d,a", "d")]
)
def test_the_branch_point_is_the_newest_common_revision(text: str, expected: str | None) -> None:
    assert branch_point(graph(text), "c", "d") == expected


def test_labels_go_up_to_the_heads_and_down_to_the_branch_point() -> None:
    labels = branch_labels(graph("a; b<-a; x1<-a; x2:x<-x1; x3<-x2; y<-a"))
    assert {id_ for id_, found in labels.items() if found} == {"x1", "x2", "x3"}
