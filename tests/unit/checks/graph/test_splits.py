"""The heads that ``alembic upgrade head`` does not accept, and how to join them."""

from __future__ import annotations

from checks.graph.merged import MergedGraph
from checks.graph.splits import Split, splits
from checks.policy import Policy
from checks.recording.tree import TreeRecording
from tests.unit.checks.dsl import tree


def found(recording: TreeRecording, *, allow: tuple[str, ...] = ()) -> list[Split]:
    return list(splits(MergedGraph(recording=recording), Policy(allow_heads=allow)))


def extras(recording: TreeRecording, *, allow: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """Return the first head and the extra one of each split."""
    return [(split.first, split.extra) for split in found(recording, allow=allow)]


def test_a_chain_beside_the_bases_head_can_follow_it() -> None:
    recording = tree("a; c<-a; d<-c", base="a; b<-a", fork="a")
    entry = recording.graph.revisions[1]
    assert found(recording) == [
        Split(
            first="b",
            extra="d",
            heads=("b", "d"),
            start="a",
            old=False,
            chain=("c", "d"),
            movable=entry,
            target="b",
            because="b came first: it is already on origin/main.",
        )
    ]


def test_a_split_of_the_base_is_old_and_none_of_its_revisions_is_moved() -> None:
    assert found(tree("a; b<-a; c<-a", base="a; b<-a; c<-a")) == [
        Split(
            first="b",
            extra="c",
            heads=("b", "c"),
            start="a",
            old=True,
            chain=("c",),
            movable=None,
            target="b",
            because="",
        )
    ]


def test_separate_bases_have_no_branch_point() -> None:
    (split,) = found(tree("a; b<-a; y; z<-y", base="a; b<-a"), allow=("y",))
    assert (split.start, split.chain, split.target) == (None, ("y", "z"), "b")


def test_each_extra_head_can_follow_the_one_before() -> None:
    assert [(s.extra, s.target) for s in found(tree("a; x<-a; y<-a; z<-a", base="a; x<-a"))] == [("y", "x"), ("z", "y")]


def test_a_head_that_is_based_on_the_bases_head_came_first() -> None:
    (split,) = found(tree("a; y<-a @2026-01-01; b<-a @2026-02-01; c<-b @2026-03-01", base="a; b<-a @2026-02-01"))
    assert (split.first, split.extra, split.because) == (
        "c",
        "y",
        "c is based on the head of origin/main; y is not.",
    )


def test_the_start_of_a_second_history_is_no_split() -> None:
    recording = tree("a; b<-a; y; z<-y", base="a; b<-a")
    assert (extras(recording), extras(recording, allow=("y",))) == ([], [("b", "z")])


def test_what_a_missing_parent_breaks_is_no_split() -> None:
    assert extras(tree("a; b<-a; c<-gone; d<-c")) == []


def test_an_allowed_head_conflicts_with_no_other() -> None:
    recording = tree("a; b<-a; c:left<-a; d<-a")
    assert extras(recording) == [("b", "d")]
    assert (extras(recording, allow=("d",)), extras(recording, allow=("b",))) == ([], [])


def test_a_merge_and_what_the_target_depends_on_stay_where_they_are() -> None:
    merge = found(tree("a; b<-a; c<-b; m<-a,b", base="a; b<-a; c<-b"))
    needed = found(tree("a; c<-a; d<-c; b<-a +c", base="a; b<-a +c", fork="a"))
    assert [(s.extra, s.movable) for s in (*merge, *needed)] == [("m", None), ("d", None)]


def test_a_head_that_another_branch_depends_on_still_conflicts_with_one_of_its_own() -> None:
    """``alembic upgrade heads`` leaves no row for it, yet its branch has two heads."""
    apart = "a; b<-a; p:plugin +b"
    assert extras(tree(f"{apart}; x<-a", base=apart)) == [("b", "x")]
    assert extras(tree(f"{apart}; c<-b", base=apart)) == []
    (old,) = found(tree("a; b<-a; x<-a; p:plugin +b,x; q<-p", base="a; b<-a; x<-a; p:plugin +b,x"))
    assert (old.first, old.extra, old.old) == ("b", "x", True)


def test_a_head_that_another_of_its_branch_depends_on_conflicts_with_none() -> None:
    assert extras(tree("a; b<-a; c<-a +b; p:plugin +c")) == []
