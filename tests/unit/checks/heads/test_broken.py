"""Duplicated revision ids, cycles and unreadable version files."""

from __future__ import annotations

from dataclasses import replace

import pytest

from checks.findings import Severity, Status
from checks.heads.check import CHECK, run
from checks.policy import Policy
from checks.recording.revisions import Changes, Graph, Unreadable
from checks.recording.tree import Environment, TreeRecording
from tests.unit.checks.dsl import LINE, graph, tree
from tests.unit.checks.heads.judging import judged, listed, only, texts


def test_a_duplicated_id_names_both_files_and_a_fresh_id() -> None:
    finding = only(tree("a; b<-a; c<-b; a/copy<-c", base="a; b<-a; c<-b"))
    assert (finding.rule, finding.severity, finding.path, finding.line, finding.revision, finding.message) == (
        "duplicate-revision-id",
        Severity.ERROR,
        "migrations/versions/copy.py",
        LINE,
        "a",
        "Two files have the revision id a: migrations/versions/a.py and migrations/versions/copy.py.",
    )
    assert finding.why == (
        "Alembic only warns, and never runs one of the two files. "
        "migrations/versions/a.py is already on origin/main; migrations/versions/copy.py is new."
    )
    assert finding.remedy == (
        "Set the `revision` of migrations/versions/copy.py to a new id, such as 9d70e6ec3bdc. "
        "Then check which of the two files b should follow."
    )
    assert texts(finding.fixes) == [("Set a new revision id (line 14)", 'revision = "9d70e6ec3bdc"')]


def test_a_duplicated_id_without_a_base_is_at_the_newer_file() -> None:
    finding = only(tree("a/newer @2026-02-02; a @2026-01-01"))
    assert (finding.path, finding.why.partition(". ")[2]) == (
        "migrations/versions/newer.py",
        "migrations/versions/newer.py is newer by create date: "
        "2026-02-02 12:00:00.000000 after 2026-01-01 12:00:00.000000.",
    )


def test_a_duplicated_id_of_the_base_is_a_notice() -> None:
    assert listed(tree("a; b<-a; b/copy<-a; c<-b", base="a; b<-a; b/copy<-a")) == [
        ("duplicate-revision-id", "notice", "b", "migrations/versions/copy.py")
    ]


def test_what_follows_a_duplicated_id_is_no_second_finding() -> None:
    found = listed(tree("a; b<-a; c<-b; b/copy<-c; d<-b", base="a; b<-a; c<-b"))
    assert [rule for rule, *_ in found] == ["duplicate-revision-id"]


def test_a_cycle_is_at_the_revision_that_the_change_edits() -> None:
    finding = only(tree("a; b<-a,d; c<-b; d<-c", base="a; b<-a", merged="a; b<-a,d; c<-b; d<-c"))
    assert (finding.rule, finding.severity, finding.revision, finding.message) == (
        "revision-cycle",
        Severity.ERROR,
        "d",
        "Revisions form a cycle: d comes after c, c after b, b after d.",
    )
    assert finding.evidence[0].text == (
        'migrations/versions/d.py:15: down_revision = "c"\n'
        'migrations/versions/c.py:15: down_revision = "b"\n'
        'migrations/versions/b.py:15: down_revision = ("a", "d")'
    )


@pytest.mark.parametrize(("base", "severity"), [("a<-a", "notice"), ("", "error"), (None, "error")])
def test_a_revision_that_follows_itself(base: str | None, severity: str) -> None:
    assert listed(tree("a<-a", base=base)) == [("revision-cycle", severity, "a", None)]


UNREADABLE = Unreadable(path="migrations/versions/x_9.py", line=3, reason="SyntaxError: invalid syntax")


def with_unreadable(text: str) -> TreeRecording:
    return TreeRecording(path="alembic.ini", graph=Graph(revisions=graph(text).revisions, unreadable=(UNREADABLE,)))


def test_an_unreadable_file_leaves_the_check_unjudged() -> None:
    outcome = run(with_unreadable("a; b<-x_9"), Policy())
    assert (outcome.unjudged, outcome.reason) == (
        Status.SKIPPED,
        "1 version file cannot be read: migrations/versions/x_9.py.",
    )
    assert [(f.rule, f.severity, f.path, f.line, f.message) for f in outcome.findings] == [
        (
            "unreadable-revision",
            Severity.WARNING,
            "migrations/versions/x_9.py",
            3,
            "The revision in migrations/versions/x_9.py cannot be read: SyntaxError: invalid syntax.",
        )
    ]


@pytest.mark.parametrize(("heads", "unjudged"), [(("b",), None), (("b", "x"), Status.SKIPPED)])
def test_alembics_own_heads_judge_what_cannot_be_read(heads: tuple[str, ...], unjudged: Status | None) -> None:
    environment = Environment(python="", python_version="", alembic="", sqlalchemy="", driver="", heads=heads)
    assert run(replace(with_unreadable("a; b<-a"), environment=environment), Policy()).unjudged is unjudged


def test_an_unreadable_file_of_the_base_is_a_notice() -> None:
    here = with_unreadable("a")
    recording = tree("a", base="a")
    assert isinstance(recording.changes, Changes)
    changes = replace(recording.changes, base_graph=here.graph, merged_graph=here.graph)
    (finding,) = run(replace(here, changes=changes), Policy()).findings
    assert finding.severity is Severity.NOTICE


def test_every_rule_that_is_found_is_declared() -> None:
    recordings = [tree("a; b<-a; b/c<-a; d<-a; e; f<-g; h<-h"), with_unreadable("a"), tree("a" * 33)]
    found = {finding.rule for recording in recordings for finding in judged(recording)}
    assert found == set(CHECK.rules)
