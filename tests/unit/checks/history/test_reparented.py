"""The rule ``reparented-revision`` of the check ``history``, on graphs in a line of text (tests/unit/checks/dsl.py)."""

from __future__ import annotations

import pytest

from checks.findings import Finding, Severity, Snippet
from checks.history.check import run
from checks.policy import Policy
from checks.recording.tree import TreeRecording
from tests.unit.checks.dsl import DOWN_LINE, tree

FORK = "f" * 40


def judged(recording: TreeRecording, *allow_heads: str) -> tuple[Finding, ...]:
    return run(recording, Policy(allow_heads=allow_heads)).findings


def told(recording: TreeRecording, *allow_heads: str) -> list[tuple[str, str, str | None]]:
    return [(f.rule, f.severity.value, f.revision) for f in judged(recording, *allow_heads)]


def only(recording: TreeRecording) -> Finding:
    (finding,) = judged(recording)
    return finding


def test_a_revision_slipped_in_below() -> None:
    assert only(tree('a; x<-a "add price"; b<-x', base="a; b<-a")) == Finding(
        rule="reparented-revision",
        severity=Severity.ERROR,
        message="b is on origin/main already, and comes after other revisions now: it follows x now, and followed a "
        "there.",
        why="A database that is past b never runs x (add price), new below it, and differs from every database that is "
        "made from now on.",
        remedy="Put the old line back, and put x on top of b.",
        path="migrations/versions/b.py",
        line=DOWN_LINE,
        revision="b",
        fixes=(
            Snippet(
                title="Put the old line back: migrations/versions/b.py, line 15",
                text='down_revision = "a"',
                language="python",
                path="migrations/versions/b.py",
            ),
            Snippet(
                title="Put x on top of b, in line 15",
                text='down_revision = "b"',
                language="python",
                path="migrations/versions/x.py",
            ),
        ),
    )


Reparented = tuple[str, str, list[str]]
"""What it says of the parents, the remedy, and the texts of the fixes."""
REPARENTED: dict[str, tuple[str, str, Reparented]] = {
    "a chain slipped in": (
        "a; x<-a; y<-x; b<-y; c<-b",
        "a; b<-a; c<-b",
        (
            "it follows y now, and followed a there",
            "Put the old line back, and put x, y on top of c.",
            ['down_revision = "a"', 'down_revision = "c"'],
        ),
    ),
    "slipped in below the first": (
        "x; a<-x; b<-a",
        "a; b<-a",
        (
            "it follows x now, and followed no revision there",
            "Put the old line back, and put x on top of b.",
            ["down_revision = None", 'down_revision = "b"'],
        ),
    ),
    "with more on top": (
        "a; x<-a; b<-x; c<-b",
        "a; b<-a",
        (
            "it follows x now, and followed a there",
            "Put the old line back, and put x on top of the head.",
            ['down_revision = "a"'],
        ),
    ),
    "a branch merged in": (
        "a; x<-a; y<-a; b<-x,y",
        "a; b<-a",
        (
            "it follows x and y now, and followed a there",
            "Put the old line back, and put x, y on top of b.",
            ['down_revision = "a"'],
        ),
    ),
    "a dependency": (
        "a; b<-a; x; c<-b +x",
        "a; b<-a; c<-b",
        (
            "it depends on x now, and depended on no revision there",
            "Restore the file, and put x on top of c.",
            [f"git checkout {FORK} -- migrations/versions/c.py", 'down_revision = "c"'],
        ),
    ),
    "nothing new": (
        "a; b<-a; c<-a",
        "a; b<-a; c<-b",
        ("it follows a now, and followed b there", "Put the old line back.", ['down_revision = "b"']),
    ),
}


@pytest.mark.parametrize("name", REPARENTED)
def test_revisions_that_come_after_others(name: str) -> None:
    work, base, expected = REPARENTED[name]
    (finding,) = (finding for finding in judged(tree(work, base=base)) if finding.rule == "reparented-revision")
    said = finding.message.partition(" now: ")[2].rstrip(".")
    assert (said, finding.remedy, [fix.text for fix in finding.fixes]) == expected


def test_another_order_of_the_same_revisions() -> None:
    finding = only(tree("a; b<-a; c<-a; d<-c", base="a; b<-a; c<-a; d<-b"))
    assert finding.why == "A new database runs the revisions in another order than every database that is past it."


def test_removing_and_slipping_in_is_both() -> None:
    assert told(tree("a; x<-a; c<-x", base="a; b<-a; c<-b")) == [
        ("removed-revision", "error", "b"),
        ("reparented-revision", "error", "c"),
    ]


def test_an_id_of_two_files_is_passed_over() -> None:
    assert told(tree("a; x<-a; b<-x; b<-a/copy", base="a; b<-a")) == []
