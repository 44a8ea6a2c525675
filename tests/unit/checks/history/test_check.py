"""The check ``history``, on graphs in a line of text (tests/unit/checks/dsl.py)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from checks.check import Outcome
from checks.findings import Finding, Severity, Snippet, Status
from checks.history.check import run
from checks.policy import Policy
from checks.recording.absent import Absent
from checks.recording.revisions import Edit, ReplacedId, Unreadable
from checks.recording.tree import TreeRecording
from tests.unit.checks.dsl import LINE, tree

FORK = "f" * 40
Listed = tuple[str, str, str | None]
"""Rule, severity, revision."""


def judged(recording: TreeRecording, *allow_heads: str) -> tuple[Finding, ...]:
    outcome = run(recording, Policy(allow_heads=allow_heads))
    assert (outcome.unjudged, outcome.reason) == (None, None)
    return outcome.findings


def listed(recording: TreeRecording, *allow_heads: str) -> list[Listed]:
    return [(f.rule, f.severity.value, f.revision) for f in judged(recording, *allow_heads)]


def only(recording: TreeRecording) -> Finding:
    (finding,) = judged(recording)
    return finding


def changed(recording: TreeRecording, **fields: object) -> TreeRecording:
    """Return the recording with other fields of its changes."""
    assert recording.changes is not None
    return replace(recording, changes=replace(recording.changes, **fields))  # type: ignore[arg-type]


def edited(*parts: str, on_base: tuple[str, ...] = (), diff: str = "-a\n+b", old: str = "b") -> TreeRecording:
    """Return a tree whose revision b is edited in these parts."""
    edit = Edit(
        revision="b", parts=parts, on_base=on_base, line=21, old_path=f"migrations/versions/{old}.py", diff=diff
    )
    return changed(tree('a; b<-a "add pages"; c<-b', base="a; b<-a"), edits=(edit,), edited=("b",))


@pytest.mark.parametrize(
    ("expected", "outcome"),
    [
        (True, Outcome(unjudged=Status.SKIPPED, reason="No base was named.", required=True)),
        (False, Outcome(unjudged=Status.SKIPPED, reason="No base was named.", required=False)),
    ],
)
def test_without_a_base_nothing_is_compared(expected: bool, outcome: Outcome) -> None:
    recording = replace(tree("a; b<-a; c<-a"), changes=Absent(reason="No base was named."), base_expected=expected)
    assert run(recording, Policy()) == outcome


@pytest.mark.parametrize(
    ("work", "base", "fork"),
    [
        ("a; b<-a", "a; b<-a", None),
        ("a; b<-a; c<-b", "a; b<-a", None),
        ("a; b<-a/renamed", "a; b<-a", None),
        ("a", "a; b<-a", "a"),
        ("a; b<-a; c<-a; m<-b,c", "a; b<-a", None),
        ("a", "a", "a; b<-a"),
        ("a; x<-a; b<-x", "a; x<-a; b<-x", "a; b<-a"),
        ("a; m<-c,b; b<-a; c<-a", "a; b<-a; c<-a; m<-b,c", None),
        ("a; b:core<-a", "a; b<-a", None),
    ],
    ids=[
        "nothing changed",
        "a new revision",
        "a renamed file",
        "the base has more",
        "a merge revision",
        "removed on the base too",
        "reparented on the base too",
        "parents in another order",
        "a branch label",
    ],
)
def test_changes_without_a_finding(work: str, base: str, fork: str | None) -> None:
    assert listed(tree(work, base=base, fork=fork)) == []


def test_an_edit_of_upgrade() -> None:
    assert only(edited("upgrade", "downgrade")) == Finding(
        rule="edited-revision",
        severity=Severity.ERROR,
        message="b (add pages) is already on origin/main, and its upgrade() and downgrade() have changed.",
        why="Databases that already ran this revision never run it again. They keep the result of the old code; new "
        "databases get the result of the new code. The old and the new upgrade() were not compared by running them: no "
        "migration ran. The old and the new downgrade() were not compared by running them: no migration ran.",
        remedy="Restore the file. Make the change in a new revision.",
        path="migrations/versions/b.py",
        line=21,
        revision="b",
        evidence=(Snippet(title="What changed", text="-a\n+b", language="diff"),),
        fixes=(
            Snippet(
                title="Restore the file", text=f"git checkout {FORK} -- migrations/versions/b.py", language="shell"
            ),
        ),
    )


def test_an_edit_of_downgrade_is_a_warning() -> None:
    finding = only(edited("downgrade", diff=""))
    assert (finding.severity, finding.evidence) == (Severity.WARNING, ())
    assert finding.message == "b (add pages) is already on origin/main, and its downgrade() has changed."
    assert finding.why == (
        "Nothing happens until a database is downgraded. The new downgrade() then has to undo the upgrade() that the "
        "base has. The old and the new downgrade() were not compared by running them: no migration ran."
    )
    assert finding.remedy == (
        "Restore the file. If the old downgrade() was wrong, add a suppression comment with that reason instead."
    )


@pytest.mark.parametrize(
    ("parts", "on_base", "findings"),
    [
        (("upgrade",), ("upgrade",), []),
        (("upgrade", "downgrade"), ("upgrade", "downgrade"), []),
        (("upgrade", "downgrade"), ("upgrade",), [("edited-revision", "warning", "b")]),
        (("upgrade", "downgrade"), ("downgrade",), [("edited-revision", "error", "b")]),
    ],
)
def test_what_the_base_edited_too_is_no_finding(
    parts: tuple[str, ...], on_base: tuple[str, ...], findings: list[Listed]
) -> None:
    assert listed(edited(*parts, on_base=on_base)) == findings


def test_a_renamed_and_edited_file_is_restored_under_its_new_name() -> None:
    (fix,) = only(edited("upgrade", old="old b")).fixes
    assert fix.text == f"git show '{FORK}:migrations/versions/old b.py' > migrations/versions/b.py"


SQUASH = (
    " After a deliberate squash, set the id of the squashed revision to the last id that it replaces. Suppress this "
    "finding there once no database is at the other ids."
)


def test_a_removed_head() -> None:
    assert only(tree("a", base='a; b<-a "add pages"')) == Finding(
        rule="removed-revision",
        severity=Severity.ERROR,
        message="b (add pages) is already on origin/main, but no version file has it any more.",
        why="Every up-to-date database is at this revision. Alembic can no longer migrate such a database: every "
        'command stops with "Can\'t locate revision identified by" and the id.',
        remedy=f"Restore the file.{SQUASH}",
        path="migrations/versions/b.py",
        revision="b",
        fixes=(
            Snippet(
                title="Restore the file", text=f"git checkout {FORK} -- migrations/versions/b.py", language="shell"
            ),
        ),
    )


def test_a_removed_revision_below_others() -> None:
    finding = only(tree("a; c<-a", base="a; b<-a; c<-b"))
    assert (finding.rule, finding.revision) == ("removed-revision", "b")
    assert finding.why == (
        "Some databases may be at this revision. Alembic can no longer migrate such a database: every command stops "
        'with "Can\'t locate revision identified by" and the id.'
    )


def test_an_id_that_changed() -> None:
    finding = only(tree("a; x<-a/b; c<-x", base="a; b<-a; c<-b"))
    assert finding == Finding(
        rule="removed-revision",
        severity=Severity.ERROR,
        message="b is already on origin/main, but its file now has the id x.",
        why="Some databases may be at this revision. Alembic can no longer migrate such a database: every command "
        'stops with "Can\'t locate revision identified by" and the id.',
        remedy=f"Set the file's old revision id again.{SQUASH}",
        path="migrations/versions/b.py",
        line=LINE,
        revision="b",
        fixes=(
            Snippet(
                title="Set the old revision id again (line 14)",
                text='revision = "b"',
                language="python",
                path="migrations/versions/b.py",
            ),
        ),
    )


def test_an_id_that_was_replaced_in_a_renamed_file() -> None:
    recording = changed(
        tree("a; x<-a; c<-x; d<-c +x", base='a; b<-a "add pages"; c<-b'), replaced=(ReplacedId(old="b", new="x"),)
    )
    assert only(recording) == Finding(
        rule="removed-revision",
        severity=Severity.ERROR,
        message="b (add pages) is already on origin/main, but its file now has the id x.",
        why="Some databases may be at this revision. Alembic can no longer migrate such a database: every command "
        'stops with "Can\'t locate revision identified by" and the id.',
        remedy="Set the file's old revision id again. Set the `down_revision` of c to b again. Set the `depends_on` of "
        "d to b again.",
        path="migrations/versions/x.py",
        line=LINE,
        revision="b",
        fixes=(
            Snippet(
                title="Set the old revision id again (line 14)",
                text='revision = "b"',
                language="python",
                path="migrations/versions/x.py",
            ),
            Snippet(
                title="Set c's down_revision to b again (line 15)",
                text='down_revision = "b"',
                language="python",
                path="migrations/versions/c.py",
            ),
        ),
    )


def test_an_id_that_the_base_replaced_too() -> None:
    recording = tree("a; x<-a", base="a; x<-a", fork="a; b<-a")
    assert listed(changed(recording, replaced=(ReplacedId(old="b", new="x"),))) == []


def test_a_history_that_is_squashed() -> None:
    assert listed(tree("c", base="a; b<-a; c<-b")) == [
        ("removed-revision", "error", "a"),
        ("removed-revision", "error", "b"),
    ]


def test_what_could_not_be_compared_is_skipped_and_the_rest_judged() -> None:
    files = [Unreadable(path=f"migrations/versions/{id_}.py", line=None, reason="SyntaxError") for id_ in "bcdef"]
    outcome = run(changed(tree("a", base="a; b<-a; x<-a"), uncompared=tuple(files)), Policy())
    assert [(finding.rule, finding.revision) for finding in outcome.findings] == [("removed-revision", "x")]
    assert (outcome.unjudged, outcome.required, outcome.reason) == (
        Status.SKIPPED,
        True,
        "5 version files could not be compared with origin/main: migrations/versions/b.py (SyntaxError), "
        "migrations/versions/c.py (SyntaxError), migrations/versions/d.py (SyntaxError) and 2 more.",
    )
