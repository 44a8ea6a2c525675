"""The graph's algorithms, compared with Alembic's own where Alembic has them."""

from __future__ import annotations

import pytest
from alembic.script.revision import RevisionError
from hypothesis import given
from hypothesis import strategies as st

from checks.graph.algorithms import (
    ancestors,
    bases,
    branch_labels,
    branch_point,
    children,
    cycles,
    descendants,
    effective_heads,
    heads,
    lineage,
    names,
    order,
    unresolved,
)
from checks.recording.revisions import Graph
from tests.unit.checks.dsl import graph
from tests.unit.checks.graph.oracle import alembic_map, graphs, of_alembic, thoroughly
from tests.unit.checks.graph.oracle import script_ids as ids

DIAMOND = graph("a; b<-a; c<-a; d<-b,c; e<-d")


@thoroughly
@given(graphs())
def test_heads_and_bases_are_those_of_alembic(graph: Graph) -> None:
    map_ = alembic_map(graph)
    assert sorted(heads(graph)) == sorted(map_.heads)
    assert sorted(effective_heads(graph)) == sorted(map_._real_heads)
    assert sorted(bases(graph)) == sorted(map_.bases)


@thoroughly
@given(graphs())
def test_ancestors_and_descendants_are_those_of_alembic(graph: Graph) -> None:
    map_ = alembic_map(graph)
    for id_ in names(graph).values():
        at = [of_alembic(map_, id_)]
        assert ancestors(graph, id_) | {id_} == ids(map_._get_ancestor_nodes(at, include_dependencies=False))
        assert ancestors(graph, id_, dependencies=True) | {id_} == ids(map_._get_ancestor_nodes(at))
        assert descendants(graph, id_) | {id_} == ids(map_._get_descendant_nodes(at, include_dependencies=False))


@thoroughly
@given(graphs())
def test_order_has_the_revisions_of_alembics_plan_each_after_all_that_it_needs(graph: Graph) -> None:
    plan = ids(alembic_map(graph).iterate_revisions("heads", (), implicit_base=True))
    places = {id_: place for place, id_ in enumerate(order(graph))}
    assert (len(order(graph)), set(places)) == (len(graph.revisions), plan)
    for id_ in places:
        assert all(places[needed] < places[id_] for needed in ancestors(graph, id_, dependencies=True))


@thoroughly
@given(graphs())
def test_branch_labels_and_branch_points_are_those_of_alembic(graph: Graph) -> None:
    map_ = alembic_map(graph)
    assert branch_labels(graph) == {id_: of_alembic(map_, id_).branch_labels for id_ in names(graph).values()}
    points = {id_ for id_, above in children(graph).items() if len(above) > 1}
    assert points == {id_ for id_ in names(graph).values() if of_alembic(map_, id_).is_branch_point}


@thoroughly
@given(graphs(), st.data())
def test_the_branch_point_of_two_is_shared_and_nothing_shared_is_above_it(graph: Graph, data: st.DataObject) -> None:
    one, other = (data.draw(st.sampled_from(sorted(children(graph)))) for _ in range(2))
    shared = lineage(graph, one) & lineage(graph, other)
    point = branch_point(graph, one, other)
    assert (point in shared) if shared else point is None
    assert point is None or not descendants(graph, point) & shared


@pytest.mark.filterwarnings("ignore:Revision .* is not present")
@thoroughly
@given(graphs(broken=True))
def test_alembic_refuses_exactly_the_names_that_no_revision_has(graph: Graph) -> None:
    """It accepts no abbreviation, no ``label@head``, and a label only in ``depends_on``."""
    refused = refusal(graph)
    names = {name for _, name, _ in unresolved(graph)}
    assert (refused is None) == (not names and not cycles(graph))
    assert not isinstance(refused, KeyError) or refused.args[0] in names


def refusal(graph: Graph) -> Exception | None:
    """Return the exception with which Alembic refuses a graph."""
    try:
        alembic_map(graph).heads  # noqa: B018 - reads the graph
    except (KeyError, RevisionError) as error:
        return error
    return None


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


def test_a_label_does_not_go_below_a_branch_point_above_it_nor_to_a_merge_point() -> None:
    split = branch_labels(graph("a; b:x<-a; c<-b; d<-b"))
    needed = branch_labels(graph("a; b:x<-a; c +b; d +b"))
    merge = branch_labels(graph("a; b; m<-a,b; n:x<-m"))
    assert [{id_ for id_, found in labels.items() if found} for labels in (split, needed, merge)] == [
        {"b", "c", "d"},
        {"b"},
        {"n"},
    ]


def test_names_that_no_revision_has_are_listed_with_their_field() -> None:
    found = unresolved(graph("a:core; b<-core; c<-a +core,cor"))
    assert [(revision.id, name, field) for revision, name, field in found] == [
        ("b", "core", "down_revision"),
        ("c", "cor", "depends_on"),
    ]
