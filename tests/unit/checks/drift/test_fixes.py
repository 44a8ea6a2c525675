"""The migrations that are proposed, with what was observed of them in their titles."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from checks.drift.check import run
from checks.findings import Snippet
from checks.policy import Policy
from checks.recording.absent import Absent
from checks.recording.models import Candidate, LeftOut, TriedUndo
from tests.unit.checks.drift.recordings import EMPTY, NAMED, VERSIONS, recording
from tests.unit.checks.schemas import column, models, schema_of, table

HALF = schema_of(VERSIONS, table("t", column("b", comment="note")))
CANDIDATE = Candidate(
    path="migrations/versions/x_.py", content="revision = 'x'\n", revision="x", empty=False, repaired=NAMED
)


@pytest.mark.parametrize(
    ("candidate", "more", "title"),
    [
        (
            CANDIDATE,
            {"base": models(EMPTY, schema_of(table("t", column("a"))))},
            "Missing migration (autogenerate; verified: no differences remain)",
        ),
        (
            replace(CANDIDATE, added=("op.execute('x')",)),
            {},
            "Missing migration (autogenerate + 1 added line; verified: no differences remain)",
        ),
        (
            replace(CANDIDATE, repaired=HALF),
            {"base": models(EMPTY, schema_of(table("t", column("a"))))},
            "Missing migration (autogenerate; verified: no differences remain)",
        ),
    ],
)
def test_the_title_says_what_a_run_of_the_candidate_showed(
    candidate: Candidate, more: dict[str, Any], title: str
) -> None:
    (fix,) = run(recording(candidate=candidate, **more), Policy()).fixes
    assert fix == Snippet(title=title, text=candidate.content, language="python", path=candidate.path)


def test_a_migration_that_does_not_run_is_not_shown_but_why_it_does_not() -> None:
    outcome = run(recording(candidate=replace(CANDIDATE, repaired=Absent(reason="type mood does not exist"))), Policy())
    title = "The missing migration of autogenerate is not shown, because it fails on a copy of the database"
    assert outcome.fixes == (Snippet(title=title, text="type mood does not exist"),)


def test_operations_that_fail_are_beside_the_migration_with_their_errors() -> None:
    gone = LeftOut(lines="op.add_column('t', sa.Column('a', Mood()))", error="NameError: name 'Mood' is not defined")
    outcome = run(recording(candidate=replace(CANDIDATE, repaired=HALF, left_out=(gone,))), Policy())
    assert [fix.title for fix in outcome.fixes] == [
        "Missing migration (autogenerate; without 1 operation that fails; verified: 1 difference remains)",
        "Add to upgrade(): autogenerate cannot write these changes",
        "Not in the missing migration: this operation fails on a copy of the database",
    ]
    assert outcome.fixes[2].text == f"# {gone.error}\n{gone.lines}"


OLD = replace(CANDIDATE, path="migrations/versions/y_.py", content="revision = 'y'\n", revision="y")


@pytest.mark.parametrize(
    ("old", "facts"),
    [
        (replace(OLD, undo=TriedUndo()), "autogenerate; verified: applies, undoes, applies again; no old differences"),
        (
            replace(OLD, repaired=HALF, added=("op.x()",), undo=TriedUndo(failure="no")),
            "autogenerate + 1 added line; verified: applies; downgrade() fails: no; 1 old difference",
        ),
    ],
)
def test_the_migration_for_old_differences_is_folded_beside_the_other(old: Candidate, facts: str) -> None:
    head = models(EMPTY, NAMED)
    only_old = run(recording(head, base=head, old_candidate=old), Policy()).fixes
    title = f"Migration for the old differences, for a separate change ({facts} remain{'s' * ('1 old' in facts)})"
    assert only_old == (Snippet(title=title, text=old.content, language="python", path=old.path, folded=True),)
    both = run(recording(candidate=CANDIDATE, old_candidate=old), Policy()).fixes
    assert [(fix.path, fix.folded) for fix in both] == [(CANDIDATE.path, False), (old.path, True)]


@pytest.mark.parametrize("old", [replace(OLD, empty=True), replace(OLD, repaired=Absent(reason="no"))])
def test_a_migration_for_old_differences_that_does_nothing_or_fails_is_not_shown(old: Candidate) -> None:
    head = models(EMPTY, NAMED)
    assert run(recording(head, base=head, old_candidate=old), Policy()).fixes == ()


def test_each_file_of_a_migration_that_is_split_is_shown() -> None:
    split = replace(CANDIDATE, more=(("migrations/versions/z_.py", "revision = 'z'\n"),), undo=TriedUndo())
    head = models(EMPTY, NAMED)
    old = run(recording(head, base=head, old_candidate=split), Policy()).fixes
    new = run(recording(candidate=split), Policy()).fixes
    assert [(fix.title, fix.path, fix.folded) for fix in (*new, *old)] == [
        (
            "Missing migration (autogenerate; verified: applies, undoes, applies again; no differences remain)",
            CANDIDATE.path,
            False,
        ),
        ("Missing migration, file 2 of 2", "migrations/versions/z_.py", False),
        (
            "Migration for the old differences, for a separate change (autogenerate; verified: applies, undoes,"
            " applies again; no old differences remain)",
            CANDIDATE.path,
            True,
        ),
        ("Migration for the old differences, for a separate change, file 2 of 2", "migrations/versions/z_.py", True),
    ]


def test_an_empty_candidate_is_not_shown() -> None:
    outcome = run(recording(candidate=replace(CANDIDATE, empty=True)), Policy())
    assert outcome.fixes == ()
    assert all(finding.fixes for finding in outcome.findings)


def test_no_candidate_is_shown_for_old_differences_alone() -> None:
    head = models(EMPTY, NAMED)
    assert run(recording(head, base=head, candidate=CANDIDATE), Policy()).fixes == ()
