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


def listed(recording: TreeRecording, *allow_heads: str) -> list[tuple[str, str, str | None]]:
    return [(f.rule, f.severity.value, f.revision) for f in judged(recording, *allow_heads)]


def only(recording: TreeRecording) -> Finding:
    (finding,) = judged(recording)
    return finding


def test_a_revision_slipped_in_below() -> None:
    assert only(tree('a; x<-a "add price"; b<-x', base="a; b<-a")) == Finding(
        rule="reparented-revision",
        severity=Severity.ERROR,
        message="b is already on origin/main, but its down_revision has changed from a to x.",
        why="Databases that already ran b never run a revision that is inserted before it: x (add price). They will "
        "differ from new databases.",
        remedy="Restore the old `down_revision`. Set x's `down_revision` to b.",
        path="migrations/versions/b.py",
        line=DOWN_LINE,
        revision="b",
        fixes=(
            Snippet(
                title="Restore the old down_revision (line 15)",
                text='down_revision = "a"',
                language="python",
                path="migrations/versions/b.py",
            ),
            Snippet(
                title="Set x's down_revision to b (line 15)",
                text='down_revision = "b"',
                language="python",
                path="migrations/versions/x.py",
            ),
        ),
    )


Reparented = tuple[str, str, list[str]]
"""The change in the message, the remedy, and the texts of the fixes."""
REPARENTED: dict[str, tuple[str, str, Reparented]] = {
    "a chain slipped in": (
        "a; x<-a; y<-x; b<-y; c<-b",
        "a; b<-a; c<-b",
        (
            "its down_revision has changed from a to y",
            "Restore the old `down_revision`. Set x's `down_revision` to c.",
            ['down_revision = "a"', 'down_revision = "c"'],
        ),
    ),
    "slipped in below the first": (
        "x; a<-x; b<-a",
        "a; b<-a",
        (
            "its down_revision has changed from None to x",
            "Restore the old `down_revision`. Set x's `down_revision` to b.",
            ["down_revision = None", 'down_revision = "b"'],
        ),
    ),
    "with more on top": (
        "a; x<-a; b<-x; c<-b",
        "a; b<-a",
        (
            "its down_revision has changed from a to x",
            "Restore the old `down_revision`. Set x's `down_revision` to the head.",
            ['down_revision = "a"'],
        ),
    ),
    "a branch merged in": (
        "a; x<-a; y<-a; b<-x,y",
        "a; b<-a",
        (
            "its down_revision has changed from a to x, y",
            "Restore the old `down_revision`. Move x, y after b.",
            ['down_revision = "a"'],
        ),
    ),
    "a dependency": (
        "a; b<-a; x; c<-b +x",
        "a; b<-a; c<-b",
        (
            "its depends_on has changed from None to x",
            "Restore the file. Set x's `down_revision` to c.",
            [f"git checkout {FORK} -- migrations/versions/c.py", 'down_revision = "c"'],
        ),
    ),
    "nothing new": (
        "a; b<-a; c<-a",
        "a; b<-a; c<-b",
        ("its down_revision has changed from b to a", "Restore the old `down_revision`.", ['down_revision = "b"']),
    ),
}


@pytest.mark.parametrize("name", REPARENTED)
def test_revisions_that_come_after_others(name: str) -> None:
    work, base, expected = REPARENTED[name]
    (finding,) = (finding for finding in judged(tree(work, base=base)) if finding.rule == "reparented-revision")
    change = finding.message.partition(" is already on origin/main, but ")[2].rstrip(".")
    assert (change, finding.remedy, [fix.text for fix in finding.fixes]) == expected


def test_another_order_of_the_same_revisions() -> None:
    finding = only(tree("a; b<-a; c<-a; d<-c", base="a; b<-a; c<-a; d<-b"))
    assert finding.why == (
        "New databases run the revisions in a different order from databases that already ran this one."
    )


def test_removing_and_slipping_in_is_both() -> None:
    assert listed(tree("a; x<-a; c<-x", base="a; b<-a; c<-b")) == [
        ("removed-revision", "error", "b"),
        ("reparented-revision", "error", "c"),
    ]


def test_an_id_of_two_files_is_passed_over() -> None:
    assert listed(tree("a; x<-a; b<-x; b<-a/copy", base="a; b<-a")) == []
