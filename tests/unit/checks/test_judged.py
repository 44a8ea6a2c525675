"""Which revisions are judged one by one: the new ones, or all, and never what ``start-after`` leaves behind."""

from __future__ import annotations

from dataclasses import replace

import pytest

from checks.judged import judged_revisions, revisions_named, unknown_starts
from checks.recording.revisions import Unreadable
from tests.unit.checks.dsl import graph, tree

BASE = "a1f0; b2e0<-a1f0"
WORK = f"{BASE}; c3d0<-b2e0; d4c0<-c3d0"
BRANCHES = "root; left<-root; right<-root+extra; extra:tools; join<-left,right; late<-join"


def judged(work: str, base: str | None, start_after: tuple[str, ...] = (), *, every: bool = False) -> tuple[str, ...]:
    recording = tree(work, base=base)
    return judged_revisions(recording.graph, recording.changes, start_after=start_after, all_revisions=every)


@pytest.mark.parametrize(
    ("base", "start_after", "every", "expected"),
    [
        (BASE, (), False, ("c3d0", "d4c0")),
        (BASE, (), True, ("a1f0", "b2e0", "c3d0", "d4c0")),
        (BASE, ("a1f0",), False, ("c3d0", "d4c0")),
        (BASE, ("a1f0",), True, ("b2e0", "c3d0", "d4c0")),
        (BASE, ("c3d0",), False, ("d4c0",)),
        (BASE, ("d4c0",), True, ()),
        (BASE, ("c3",), False, ("d4c0",)),
        (BASE, ("none",), True, ("a1f0", "b2e0", "c3d0", "d4c0")),
        (WORK, (), False, ()),
        (None, (), False, ()),
        (None, (), True, ("a1f0", "b2e0", "c3d0", "d4c0")),
        (None, ("b2e0",), False, ("c3d0", "d4c0")),
        (None, ("b2e0",), True, ("c3d0", "d4c0")),
        (None, ("none",), False, ()),
    ],
)
def test_the_new_revisions_or_all_after_the_start(
    base: str | None, start_after: tuple[str, ...], every: bool, expected: tuple[str, ...]
) -> None:
    assert judged(WORK, base, start_after, every=every) == expected


@pytest.mark.parametrize(
    ("start_after", "expected"),
    [
        (("left",), ("extra", "right", "join", "late")),
        (("right",), ("left", "join", "late")),
        (("left", "right"), ("join", "late")),
        (("join",), ("late",)),
        (("tools",), ("root", "left", "right", "join", "late")),
    ],
)
def test_a_start_on_a_branch_leaves_the_others_and_what_it_depends_on_runs_before_it(
    start_after: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    assert sorted(judged(BRANCHES, None, start_after)) == sorted(expected)
    positions = [judged(BRANCHES, None, start_after).index(revision) for revision in expected if revision != "extra"]
    assert positions == sorted(positions)


def test_a_cycle_or_a_missing_parent_ends_nothing() -> None:
    assert judged("a<-b; b<-a; c<-gone", "a<-b", ("a",), every=True) == ("c",)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ab12", ("ab12",)),
        ("ab1", ("ab12", "ab13")),
        ("ab13", ("ab13",)),
        ("tool", ("extra",)),
        ("xy", ()),
        ("", ()),
        ("head", ()),
    ],
)
def test_a_revision_is_named_as_for_alembic(name: str, expected: tuple[str, ...]) -> None:
    """Of a revision whose id has less than four characters, Alembic takes no beginning."""
    assert revisions_named(graph("ab12; ab13<-ab12; xyz<-ab13; extra:tools"), name) == expected


def test_a_name_of_another_config_is_no_mistake_where_each_has_its_own() -> None:
    one, other = graph("a1f0; b2e0<-a1f0"), graph("c3d0; c3e0<-c3d0")
    assert unknown_starts([one], ("a1f0",)) == {}
    assert unknown_starts([one], ("gone",)) == {"gone": ()}
    assert unknown_starts([one], ("a1f0", "c3d0")) == {}
    assert unknown_starts([one, other], ("a1f0", "gone")) == {"gone": ()}
    assert unknown_starts([one, other], ("a1f0", "c3")) == {"c3": ("c3d0", "c3e0")}
    assert unknown_starts([one, other], ("b2e0",)) == {}


def test_a_file_that_cannot_be_read_may_have_the_revision() -> None:
    unread = replace(graph("a1f0"), unreadable=(Unreadable(path="b.py", line=1, reason="no revision"),))
    assert unknown_starts([unread], ("gone",)) == {}
