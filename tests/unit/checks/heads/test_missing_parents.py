"""Revisions whose parent does not exist, and the existing ids that resemble it."""

from __future__ import annotations

from dataclasses import replace

from checks.findings import Finding, Severity, Snippet
from checks.recording.absent import Absent
from checks.recording.revisions import Graph, ReplacedId
from tests.unit.checks.dsl import DOWN_LINE, tree
from tests.unit.checks.heads.judging import listed, only, texts


def test_a_misspelt_parent() -> None:
    finding = only(tree("3f2a9c11d0e4; b7<-3f2a9c11d0e5", base="3f2a9c11d0e4"))
    assert finding == Finding(
        rule="missing-parent",
        severity=Severity.ERROR,
        message="b7 names 3f2a9c11d0e5 as its down_revision, but no version file has that revision.",
        why="Every Alembic command stops with KeyError: '3f2a9c11d0e5'.",
        remedy="Set b7's `down_revision` to the full id of a revision that exists, such as 3f2a9c11d0e4.",
        path="migrations/versions/b7.py",
        line=DOWN_LINE,
        revision="b7",
        object="3f2a9c11d0e5",
        fixes=(
            Snippet(
                title="Replace 3f2a9c11d0e5 with 3f2a9c11d0e4 (line 15)",
                text='down_revision = "3f2a9c11d0e4"',
                language="python",
                path="migrations/versions/b7.py",
            ),
        ),
    )


def test_an_abbreviated_parent_is_missing_for_alembic() -> None:
    assert only(tree("3f2a9c11d0e4; b7<-3f2a")).fixes[0].text == 'down_revision = "3f2a9c11d0e4"'


def test_one_of_two_parents_is_missing() -> None:
    finding = only(tree("aa; xx<-aa; m<-xx,bbbbbbbb; bbbbbbbc<-aa; n<-bbbbbbbc,m"))
    assert (finding.object, finding.fixes[0].text) == ("bbbbbbbb", 'down_revision = ("xx", "bbbbbbbc")')


def test_a_parent_that_the_change_deletes() -> None:
    finding = only(tree("a; c<-b", base="a; b<-a; c<-b"))
    assert (finding.rule, finding.severity, finding.object) == ("missing-parent", Severity.ERROR, "b")
    assert finding.why.endswith("This change deletes b.")
    assert finding.remedy == "Restore migrations/versions/b.py: a database may already be at b."
    assert texts(finding.fixes) == [("Restore the file", f"git checkout {'f' * 40} -- migrations/versions/b.py")]


def test_a_parent_that_the_base_deleted_meanwhile() -> None:
    finding = only(tree("a; b<-a; c<-b", base="a", fork="a; b<-a"))
    assert (finding.revision, finding.why) == (
        "c",
        "Every Alembic command stops with KeyError: 'b'. origin/main no longer has b.",
    )


def test_a_missing_parent_of_the_base_is_a_notice() -> None:
    assert listed(tree("a; c<-zz", base="a; c<-zz")) == [("missing-parent", "notice", "c", "zz")]


def test_a_missing_dependency() -> None:
    recording = tree("a:core; b<-a +nothing; c<-b +core")
    assert listed(recording) == [("missing-parent", "error", "b", "nothing")]
    assert only(recording).remedy == (
        "Add the version file of nothing, or set b's `depends_on` to a revision that exists."
    )


def test_a_dependency_on_a_label_that_cannot_be_read_is_not_missing() -> None:
    assert listed(tree("a:{cli.CORE}; b<-a +core")) == []


def test_a_parent_whose_id_was_replaced_gets_it_back() -> None:
    recording = tree("a; x<-a; c<-b", base="a; b<-a; c<-b")
    assert not isinstance(recording.changes, Absent)
    changes = replace(recording.changes, replaced=(ReplacedId(old="b", new="x"),))
    finding = only(replace(recording, changes=changes))
    assert finding.why == "Every Alembic command stops with KeyError: 'b'. This change replaces the id b."
    assert finding.remedy == (
        "Set the revision id of migrations/versions/x.py to b again: a database may already be at b."
    )
    assert finding.fixes == (
        Snippet(
            title="Set the old revision id again (line 14)",
            text='revision = "b"',
            language="python",
            path="migrations/versions/x.py",
        ),
    )


def test_a_dependency_that_cannot_be_read_is_not_missing() -> None:
    assert listed(tree("a; b<-a +{cli.CORE}")) == []


def test_a_dependency_takes_no_abbreviated_id() -> None:
    finding = only(tree("3f2a9c11d0e4:core; b7 +3f2a"))
    assert (finding.object, finding.remedy) == (
        "3f2a",
        "Set b7's `depends_on` to a full id or a branch label, such as 3f2a9c11d0e4.",
    )


def test_a_dependency_takes_no_head_of_a_label() -> None:
    recording = tree("a:core; b:beta")
    a, b = recording.graph.revisions
    wrong = replace(recording, graph=Graph(revisions=(a, replace(b, depends_on=("core@head",)))))
    finding = only(wrong)
    assert (finding.rule, finding.message, finding.why, finding.remedy) == (
        "missing-parent",
        "b names core@head as its depends_on, but no version file has that revision.",
        "Every Alembic command stops with KeyError: 'core@head'.",
        "Set b's `depends_on` to a full id or a branch label, such as core.",
    )
