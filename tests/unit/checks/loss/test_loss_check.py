"""Check loss on recordings by hand: what was not judged, old revisions, models that are not known."""

from __future__ import annotations

from dataclasses import replace

import pytest

from checks.check import Outcome
from checks.findings import Finding, Severity, Status
from checks.loss.check import CHECK
from checks.policy import Policy
from checks.recording.absent import Absent
from checks.recording.losses import Added, Dropped, Emptied, LabelsGone, Loss, Mapped, Retyped, Values
from checks.recording.tree import TreeRecording
from tests.unit.reports import bookstore_recordings as recordings
from tests.unit.reports.bookstore_revisions import REVIEW, START

GREEN = recordings.all_green().trees[0]
COLUMN = Dropped(
    kind="column", schema="public", table="book", name="isbn", type="text", values=Values.GONE, mapped=Mapped.YES
)


def judged(tree: TreeRecording) -> Outcome:
    return CHECK.run(tree, Policy())


def found(**lost: object) -> Finding:
    loss = replace(Loss(revision=REVIEW), **lost)  # type: ignore[arg-type]
    outcome = judged(replace(GREEN, losses=(loss,)))
    (finding,) = outcome.findings
    assert outcome.unjudged is None
    return finding


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"losses": ()}, f"Not compared with the deployed database: {REVIEW}."),
        (
            {"losses": (Loss(revision=REVIEW, reason="It could not be applied by itself."),)},
            f"Revision {REVIEW} was not compared with the deployed database. It could not be applied by itself.",
        ),
        (
            {"losses": (Loss(revision=REVIEW, undecided=("public.book.isbn",), unseen="permission denied"),)},
            f"What revision {REVIEW} does to the values of public.book.isbn was not observed: permission denied.",
        ),
        ({"losses": Absent(reason="The server stopped.")}, "The server stopped."),
    ],
)
def test_what_was_not_judged_is_no_pass(change: dict[str, object], expected: str) -> None:
    outcome = judged(replace(GREEN, **change))  # type: ignore[arg-type]
    assert (outcome.unjudged, outcome.reason, outcome.required) == (Status.SKIPPED, expected, True)


def test_without_a_base_it_is_skipped_as_nobody_asked_for_it() -> None:
    (tree,) = recordings.no_base().trees
    outcome = judged(tree)
    assert (outcome.unjudged, outcome.required) == (Status.SKIPPED, False)


def without_base(losses: tuple[Loss, ...]) -> Outcome:
    (tree,) = recordings.no_base().trees
    return judged(replace(tree, judged=(START, REVIEW), losses=losses))


def test_without_a_base_each_judged_revision_is_compared_with_the_one_before() -> None:
    assert without_base((Loss(revision=START), Loss(revision=REVIEW))) == Outcome()
    missing = without_base((Loss(revision=START),))
    assert (missing.unjudged, missing.reason) == (
        Status.SKIPPED,
        f"Not compared with the revision before it: {REVIEW}.",
    )
    failed = without_base((Loss(revision=START, reason="It failed."), Loss(revision=REVIEW)))
    assert failed.reason == f"Revision {START} was not compared with the revision before it. It failed."


NO_BASE = "The revision is compared with the one before it, because no base is known."


@pytest.mark.parametrize(
    ("lost", "expected"),
    [
        (
            Loss(revision=START, dropped=(replace(COLUMN, mapped=Mapped.UNKNOWN),)),
            ("notice", "column-dropped", f"{NO_BASE} Nothing says whether a running release uses the column."),
        ),
        (
            Loss(revision=START, dropped=(replace(COLUMN, mapped=Mapped.UNKNOWN, is_named=False),)),
            ("warning", "column-dropped", "CASCADE removes whatever depends on the object that is dropped."),
        ),
        (
            Loss(
                revision=START,
                dropped=(replace(COLUMN, mapped=Mapped.UNKNOWN),),
                added=(Added(schema="public", table="book", name="isbn13", type="text"),),
            ),
            ("error", "renamed-by-drop", "Both columns are text, and their names are similar."),
        ),
        (
            Loss(revision=START, labels=(LabelsGone(schema="public", name="mood", labels=("a",)),)),
            ("notice", "enum-value-removed", f"{NO_BASE} Nothing says whether a running release uses the value."),
        ),
        (
            Loss(revision=START, emptied=(Emptied(schema="public", name="loan", rows=3),)),
            ("warning", "rows-deleted", "3 rows of test data were in the table"),
        ),
        (
            Loss(
                revision=START,
                retyped=(Retyped(schema="public", table="b", name="n", before="bigint", after="integer"),),
            ),
            ("warning", "type-narrowed", "PostgreSQL refuses the change"),
        ),
    ],
)
def test_what_is_lost_without_a_base(lost: Loss, expected: tuple[str, str, str]) -> None:
    (one,) = without_base((lost, Loss(revision=REVIEW))).findings
    assert (one.severity.value, one.rule, one.why[: len(expected[2])]) == expected


def test_it_follows_upgrade_where_that_failed() -> None:
    (tree,) = recordings.failing_upgrade().trees
    assert judged(tree).follows == "upgrade"


def test_no_new_revision_takes_nothing_away() -> None:
    assert not isinstance(GREEN.changes, Absent)
    tree = replace(GREEN, changes=replace(GREEN.changes, new=()), judged=(), losses=Absent(reason="Nothing to judge."))
    assert judged(tree) == Outcome()


@pytest.mark.parametrize(
    ("mapped", "expected"),
    [(Mapped.YES, Severity.ERROR), (Mapped.NO, Severity.NOTICE), (Mapped.UNKNOWN, Severity.WARNING)],
)
def test_a_drop_is_weighed_by_the_models_of_the_base(mapped: Mapped, expected: Severity) -> None:
    assert found(dropped=(replace(COLUMN, mapped=mapped),)).severity is expected


def test_a_revision_that_the_base_has_is_a_notice() -> None:
    (finding,) = judged(
        replace(GREEN, losses=(Loss(revision=START, dropped=(COLUMN,)), Loss(revision=REVIEW)))
    ).findings
    assert finding.severity is Severity.NOTICE


def test_models_that_could_not_be_read_are_named() -> None:
    finding = found(dropped=(replace(COLUMN, mapped=Mapped.UNKNOWN),), models_unknown="no module named shop")
    assert finding.why.startswith("The models on main could not be read: no module named shop. If they map it")


@pytest.mark.parametrize(
    ("dropped", "added", "rule"),
    [
        (COLUMN, Added(schema="public", table="book", name="isbn13", type="text"), "renamed-by-drop"),
        (
            replace(COLUMN, place=2),
            Added(schema="public", table="book", name="code", type="text", place=2),
            "renamed-by-drop",
        ),
        (COLUMN, Added(schema="public", table="book", name="isbn13", type="integer"), "column-dropped"),
        (COLUMN, Added(schema="public", table="loan", name="isbn13", type="text"), "column-dropped"),
        (COLUMN, Added(schema="public", table="book", name="code", type="text"), "column-dropped"),
        (
            replace(COLUMN, values=Values.UNSEEN),
            Added(schema="public", table="book", name="isbn13", type="text"),
            "column-dropped",
        ),
        (
            replace(COLUMN, mapped=Mapped.NO),
            Added(schema="public", table="book", name="isbn13", type="text"),
            "column-dropped",
        ),
    ],
)
def test_what_is_taken_for_a_rename(dropped: Dropped, added: Added, rule: str) -> None:
    assert found(dropped=(dropped,), added=(added,)).rule == rule


def test_a_rename_in_another_schema_names_it() -> None:
    finding = found(
        dropped=(replace(COLUMN, schema="shop"),),
        added=(Added(schema="shop", table="book", name="isbn13", type="text"),),
    )
    assert finding.fixes[0].text.splitlines()[1] == (
        'op.alter_column("book", "isbn", new_column_name="isbn13", schema="shop")'
    )


def test_rows_that_were_not_seen_are_deleted_by_a_statement_without_a_condition() -> None:
    finding = found(emptied=(Emptied(schema="public", name="loan", rows=0),), unseen="permission denied")
    assert finding.why == (
        "No test data could be put into the table (permission denied), but the statement has no condition. A downgrade "
        "does not bring the rows back."
    )


def test_a_table_that_is_dropped_later_is_one_finding() -> None:
    table = Dropped(kind="table", schema="public", name="loan", mapped=Mapped.NO)
    assert found(emptied=(Emptied(schema="public", name="loan", rows=3),), dropped=(table,)).rule == "table-dropped"


def test_a_column_that_keeps_different_values_apart_is_converted() -> None:
    kept = Retyped(
        schema="public", table="book", name="n", before="text", after="integer", values=Values.ELSEWHERE, converts=True
    )
    assert judged(replace(GREEN, losses=(Loss(revision=REVIEW, retyped=(kept,)),))) == Outcome()


def test_two_values_of_an_enum() -> None:
    gone = LabelsGone(schema="public", name="mood", labels=("a", "b"), mapped=("b",), is_mapped=Mapped.YES)
    assert found(labels=(gone,)).message == f"Revision {REVIEW} removes values 'a' and 'b' from enum public.mood."
