"""Revisions that start a second history without a branch label."""

from __future__ import annotations

import pytest

from checks.findings import Severity
from tests.unit.checks.dsl import DOWN_LINE, tree
from tests.unit.checks.heads.judging import Listed, listed, only, texts


def test_a_second_base_is_one_finding() -> None:
    finding = only(tree('a "first"; b<-a; z; z2<-z', base='a "first"; b<-a'))
    assert (finding.rule, finding.severity, finding.path, finding.line, finding.revision, finding.message) == (
        "second-base",
        Severity.ERROR,
        "migrations/versions/z.py",
        DOWN_LINE,
        "z",
        "z has no down_revision, but the history already starts at a (first).",
    )
    assert (finding.why, finding.remedy) == (
        "The two histories end in two heads, and alembic upgrade head refuses to run with more than one head.",
        "Set z's `down_revision` to b. Or add a branch label if a separate history is intended.",
    )
    assert texts(finding.fixes) == [
        ("Set z's down_revision to b (line 15)", 'down_revision = "b"'),
        ("Or add a branch label", 'branch_labels = ("NAME",)'),
    ]


@pytest.mark.parametrize(
    ("text", "base", "expected"),
    [
        ("a; z", "a; z", [("second-base", "notice", "z", None)]),
        ("a; z; m<-a,z", None, [("second-base", "notice", "z", None)]),
        ("a:core; z", "a:core", [("second-base", "error", "z", None)]),
    ],
)
def test_second_bases(text: str, base: str | None, expected: list[Listed]) -> None:
    assert listed(tree(text, base=base)) == expected


def test_a_second_base_cannot_follow_a_head_that_depends_on_it() -> None:
    finding = only(tree("a; z; b<-a +z", base="a"))
    assert (finding.rule, finding.revision, finding.remedy) == (
        "second-base",
        "z",
        "Set z's `down_revision` to the revision that it was written for. Or add a branch label if a separate history "
        "is intended.",
    )
    assert texts(finding.fixes) == [("Add a branch label", 'branch_labels = ("NAME",)')]


def test_a_second_base_does_not_follow_another_branch_that_depends_on_the_first() -> None:
    assert only(tree("a; p:plugin +a; z", base="a; p:plugin +a")).fixes[0].title == "Add a branch label"


def test_a_label_above_a_branch_point_declares_a_history_too() -> None:
    """Alembic lets it inherit no label there, but ``upgrade x@heads`` runs it."""
    assert listed(tree("a; z; z2:x<-z; z3<-z2; y:y +z2; w:w +z2", base="a")) == []


def test_an_allowed_head_may_have_a_base_of_its_own() -> None:
    assert listed(tree("a; b<-a; z; z2<-z", base="a; b<-a"), "z2") == []
