"""The revision graph after the merge: what the base has of it, and which revisions are older."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest

from checks.graph.merged import MergedGraph, created
from checks.recording.absent import Absent
from checks.recording.revisions import Graph, Revision
from tests.unit.checks.dsl import graph, tree


def ids(found: Graph) -> list[str]:
    return [revision.id for revision in found.revisions]


def paths(found: list[Revision] | tuple[Revision, ...]) -> list[str]:
    return [revision.path.removeprefix("migrations/versions/").removesuffix(".py") for revision in found]


def test_with_a_base_it_is_the_merge_result() -> None:
    merged = MergedGraph(recording=tree("a; c<-a", base="a; b<-a", fork="a"))
    assert (ids(merged.all), ids(merged.graph), list(merged.revisions)) == (["a", "b", "c"],) * 3
    assert (merged.base, merged.base_heads) == ("origin/main", ("b",))
    assert {id_: (merged.on_base(id_), merged.is_checked_out(id_)) for id_ in "abcx"} == {
        "a": (True, True),
        "b": (True, False),
        "c": (False, True),
        "x": (False, False),
    }


def test_without_a_base_it_is_what_is_checked_out() -> None:
    recording = replace(tree("a; b<-a"), changes=Absent(reason="The clone is shallow."))
    merged = MergedGraph(recording=recording)
    assert merged.changes is None
    assert (merged.all, merged.base, merged.base_heads) == (recording.graph, "the base", ())
    assert [merged.on_base(id_) for id_ in "ab"] == [False, False]
    assert merged.file_on_base(recording.graph.revisions[0]) is False


def test_of_a_duplicated_id_the_oldest_file_stays() -> None:
    merged = MergedGraph(recording=tree("a; b/newer<-a; b<-a", base="a; b<-a"))
    assert (paths(merged.all.revisions), paths(merged.graph.revisions)) == (["a", "b", "newer"], ["a", "b"])
    assert merged.duplicated == {"b"}
    assert [merged.file_on_base(revision) for revision in merged.all.revisions] == [True, True, False]


def test_a_moved_file_is_the_bases() -> None:
    merged = MergedGraph(recording=tree("a/moved; b/moved_too<-a; c<-b", base="a; b<-a"))
    assert [(r.id, merged.file_on_base(r)) for r in merged.recording.graph.revisions] == [
        ("a", True),
        ("b", True),
        ("c", False),
    ]


@pytest.mark.parametrize(
    ("text", "base", "expected"),
    [
        ("a @2026-03-01; b @2026-01-01; c @2026-02-01", None, ["b", "c", "a"]),
        ("a @2026-03-01; b; c @2026-02-01", None, ["a", "b", "c"]),
        ("a @2026-01-01; b @2026-03-01; c @2026-02-01", "b @2026-03-01", ["b", "a", "c"]),
    ],
)
def test_age_is_the_base_then_the_create_dates_where_all_have_one(
    text: str, base: str | None, expected: list[str]
) -> None:
    merged = MergedGraph(recording=tree(text, base=base))
    assert paths(merged.by_age(graph(text).revisions)) == expected


def test_what_comes_from_a_missing_parent_or_a_cycle_is_broken() -> None:
    merged = MergedGraph(recording=tree("a; b<-a; c<-gone; d<-c; e<-f; f<-e; g<-f"))
    assert merged.broken == {"c", "e", "f"}
    assert [id_ for id_ in merged.revisions if merged.is_whole(id_)] == ["a", "b"]


def test_a_revision_is_named_with_its_message() -> None:
    merged = MergedGraph(recording=tree('a "add price"; b<-a'))
    assert [merged.named(id_) for id_ in ("a", "b", "gone")] == ["a (add price)", "b", "gone"]


UTC = datetime.UTC


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-01-31 12:00:00.5", datetime.datetime(2026, 1, 31, 12, 0, 0, 500_000, tzinfo=UTC)),
        ("2026-01-31 12:00:00+02:00", datetime.datetime(2026, 1, 31, 10, tzinfo=UTC)),
        ("2026-01-31", datetime.datetime(2026, 1, 31, tzinfo=UTC)),
        ("last Tuesday", None),
        ("", None),
        (None, None),
    ],
)
def test_create_dates(text: str | None, expected: datetime.datetime | None) -> None:
    (revision,) = graph("a").revisions
    assert created(replace(revision, created=text)) == expected
