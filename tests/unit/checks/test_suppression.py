"""What silences which finding: the comment of the revision's own file, or of one that the change touches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from checks.check import Check
from checks.heads import check as heads
from checks.history import check as history
from checks.policy import Policy
from checks.recording.revisions import Changes, Edit, Suppression
from checks.recording.tree import TreeRecording
from checks.suppression import apply
from tests.unit.checks.dsl import tree

Silenced = tuple[str, str | None]
"""Rule and reason."""


def commented(recording: TreeRecording, comments: Mapping[str, str], reason: str = "agreed") -> TreeRecording:
    """Return the recording of files with a comment that silences a rule: id and rule."""
    revisions = tuple(
        replace(revision, suppressions=(Suppression(rules=(comments[revision.id],), reason=reason, line=3),))
        if revision.id in comments
        else revision
        for revision in recording.graph.revisions
    )
    return replace(recording, graph=replace(recording.graph, revisions=revisions))


def silenced(recording: TreeRecording, check: Check = history.CHECK) -> list[Silenced]:
    outcome = check.run(recording, Policy())
    return [(f.rule, f.suppressed) for f in apply(check, outcome.findings, recording, outcome.unjudged is None)]


def touched(recording: TreeRecording, *ids: str, edits: tuple[Edit, ...] = ()) -> TreeRecording:
    """Return the recording with these revisions edited."""
    assert isinstance(recording.changes, Changes)
    return replace(recording, changes=replace(recording.changes, edited=ids, edits=edits))


EDIT = Edit(revision="b", parts=("upgrade",), old_path="migrations/versions/b.py")
EDITED = touched(tree("a; b<-a; c<-b", base="a; b<-a"), "b", edits=(EDIT,))
UNTOUCHED = tree("a; b<-a", base="a; b<-a")
REMOVED = tree("a; c<-a", base="a; b<-a; c<-b")
SILENCED: dict[str, tuple[TreeRecording, dict[str, str], list[Silenced]]] = {
    "in the edited file": (EDITED, {"b": "edited-revision"}, [("edited-revision", "agreed")]),
    "in another file": (
        EDITED,
        {"c": "edited-revision"},
        [("edited-revision", None), ("unused-suppression", None)],
    ),
    "of a removed revision, in an edited file": (
        touched(REMOVED, "c"),
        {"c": "removed-revision"},
        [("removed-revision", "agreed")],
    ),
    "of a removed revision, in a new file": (
        tree("a; x<-a", base="a; b<-a"),
        {"x": "removed-revision"},
        [("removed-revision", "agreed")],
    ),
    "of a removed revision, in an old file": (REMOVED, {"c": "removed-revision"}, [("removed-revision", None)]),
    "for nothing, in an edited file": (
        touched(UNTOUCHED, "b"),
        {"b": "edited-revision"},
        [("unused-suppression", None)],
    ),
    "for nothing, in an old file": (UNTOUCHED, {"b": "edited-revision"}, []),
    "of another check, in an edited file": (
        touched(UNTOUCHED, "b"),
        {"b": "multiple-heads"},
        [],
    ),
}


@pytest.mark.parametrize("name", SILENCED)
def test_findings_are_silenced(name: str) -> None:
    recording, comments, expected = SILENCED[name]
    assert silenced(commented(recording, comments)) == expected


def test_silence_needs_a_reason() -> None:
    assert silenced(commented(EDITED, {"b": "edited-revision"}, reason="")) == [
        ("edited-revision", None),
        ("suppression-without-reason", None),
    ]


def test_a_check_of_new_revisions_leaves_the_suppressions_of_edited_ones_alone() -> None:
    recording = commented(touched(UNTOUCHED, "b"), {"b": "multiple-heads"})
    assert silenced(recording, heads.CHECK) == []


def test_a_finding_of_a_new_revision_is_silenced_in_its_own_file_only() -> None:
    recording = tree("a; b<-a; c<-a", base="a; b<-a")
    assert silenced(commented(recording, {"c": "multiple-heads"}), heads.CHECK) == [("multiple-heads", "agreed")]
    assert silenced(commented(recording, {"b": "multiple-heads"}), heads.CHECK) == [("multiple-heads", None)]


def test_without_a_base_what_is_not_judged_is_not_unused() -> None:
    assert silenced(commented(tree("a; b<-a"), {"b": "edited-revision"})) == []
