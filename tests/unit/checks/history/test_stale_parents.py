"""The rule ``stale-parent`` of the check ``history``, on graphs in a line of text (tests/unit/checks/dsl.py)."""

from __future__ import annotations

import pytest

from checks.findings import Finding, Severity, Snippet
from checks.heads import check as heads
from checks.history.check import run
from checks.policy import Policy
from checks.recording.tree import TreeRecording
from tests.unit.checks.dsl import DOWN_LINE, tree


def judged(recording: TreeRecording, *allow_heads: str) -> tuple[Finding, ...]:
    return run(recording, Policy(allow_heads=allow_heads)).findings


def listed(recording: TreeRecording, *allow_heads: str) -> list[tuple[str, str, str | None]]:
    return [(f.rule, f.severity.value, f.revision) for f in judged(recording, *allow_heads)]


def only(recording: TreeRecording) -> Finding:
    (finding,) = judged(recording)
    return finding


STALE = Finding(
    rule="stale-parent",
    severity=Severity.WARNING,
    message="c (add price) is based on a, which is no longer the head of origin/main.",
    why="origin/main now has b after a, so there is a second head.",
    remedy="Set c's `down_revision` to b.",
    path="migrations/versions/c.py",
    line=DOWN_LINE,
    revision="c",
    fixes=(
        Snippet(
            title="Set c's down_revision to b (line 15)",
            text='down_revision = "b"',
            language="python",
            path="migrations/versions/c.py",
        ),
    ),
)


@pytest.mark.parametrize(("work", "fork"), [("a; c<-a", "a"), ("a; b<-a; c<-a", "a; b<-a")], ids=["before", "after"])
def test_a_parent_that_is_no_longer_the_head(work: str, fork: str) -> None:
    """The finding is the same before the merge and for the merge commit that GitHub creates."""
    work = work.replace("c<-a", 'c<-a "add price"')
    assert only(tree(work, base="a; b<-a", fork=fork)) == STALE


def test_the_first_of_a_chain_is_stale_and_the_base_s_revisions_are_named() -> None:
    finding = only(tree("a; x<-a; y<-x", base="a; b<-a; c<-b; d<-c; e<-d", fork="a"))
    assert (finding.revision, finding.fixes[0].text) == ("x", 'down_revision = "e"')
    assert finding.why == "origin/main now has b, c, d and 1 more after a, so there is a second head."


def test_each_of_two_can_follow_the_one_before() -> None:
    findings = judged(tree("a; x<-a; y<-a", base="a; b<-a", fork="a"))
    assert [(f.revision, f.fixes[0].text) for f in findings] == [
        ("x", 'down_revision = "b"'),
        ("y", 'down_revision = "x"'),
    ]


def test_a_chain_that_only_a_merge_revision_can_join() -> None:
    finding = only(tree("a; k<-a; x<-a; y<-k; m<-x,y", base="a; k<-a; b<-k", fork="a; k<-a"))
    assert finding.message == "y is based on k, which is no longer the head of origin/main."
    assert (finding.revision, finding.remedy, finding.fixes) == ("y", "Add a merge revision: see multiple-heads.", ())


@pytest.mark.parametrize(
    ("work", "base", "fork"),
    [
        ("a; x<-a; y<-a", "a", None),
        ("a; b<-a; x<-a; m<-b,x", "a; b<-a", None),
        ("a; x:reporting<-a", "a; b<-a", "a"),
        ("a; b<-a; c<-a; x<-c", "a; b<-a; c<-a", None),
        ("a; x", "a; b<-a", "a"),
        ("a; x<-a", "a; b<-a; c<-b", "a"),
        ("a; b<-a; x<-b; y<-b; z<-x", "a; b<-a", None),
    ],
    ids=["both new", "merged", "a branch of its own", "the base's split", "a second base", "allowed", "its own split"],
)
def test_where_the_base_did_not_make_the_split(work: str, base: str, fork: str | None) -> None:
    assert listed(tree(work, base=base, fork=fork), "c") == []


def test_only_the_first_of_a_fork_of_new_revisions_is_stale() -> None:
    findings = judged(tree("a; x<-a; y<-x; z<-x", base="a; b<-a", fork="a"))
    assert [(f.rule, f.revision) for f in findings] == [("stale-parent", "x")]


@pytest.mark.parametrize("work", ["a; x<-a", "a; x<-a; y<-x", "a; x<-a; y<-a", "a; x:l<-a", "a; b<-a; x<-b", "a; x"])
@pytest.mark.parametrize("base", ["a; b<-a", "a; b<-a; c<-a", "a"])
def test_stale_parents_are_among_the_reported_heads(work: str, base: str) -> None:
    recording = tree(work, base=base, fork="a")
    split = {f.revision for f in heads.run(recording, Policy()).findings if f.severity is Severity.ERROR}
    assert {f.revision for f in judged(recording) if f.rule == "stale-parent"} <= split
