"""Edits of the base's revisions, and those that were seen to do the same as before."""

from __future__ import annotations

from dataclasses import replace

import pytest

from checks.findings import Finding, Severity, Snippet
from checks.recording.edit_runs import EditRun, Sameness
from checks.recording.schema import ObjectChange, SchemaObject
from tests.unit.checks.history.test_check import FORK, edited, only


def ran(sameness: Sameness, part: str = "upgrade", **fields: object) -> EditRun:
    return replace(EditRun(revision="b", part=part, sameness=sameness, statements=2), **fields)  # type: ignore[arg-type]


COLUMN = SchemaObject(kind="column", schema="public", table="book", name="pages")
CAME = ObjectChange(before=None, after=COLUMN)
WENT = ObjectChange(before=COLUMN, after=None)
SAME, RESULT = Sameness.SAME_STATEMENTS, Sameness.SAME_RESULT


@pytest.mark.parametrize(
    ("runs", "does", "why"),
    [
        (
            (ran(SAME),),
            "upgrade() does",
            "The old and the new upgrade() send the same 2 statements.",
        ),
        (
            (ran(SAME, "downgrade", statements=1),),
            "downgrade() does",
            "The old and the new downgrade() send the same statement.",
        ),
        (
            (ran(SAME, statements=0),),
            "upgrade() does",
            "Neither the old nor the new upgrade() changes the database.",
        ),
        (
            (ran(RESULT, sent="-a\n+b"), ran(SAME, "downgrade")),
            "upgrade() and downgrade() do",
            "The old and the new upgrade() send different statements, and the same schema and rows come out of both. "
            "The old and the new downgrade() send the same 2 statements.",
        ),
    ],
)
def test_an_edit_that_does_the_same_is_a_notice(runs: tuple[EditRun, ...], does: str, why: str) -> None:
    recording = replace(edited(*(run.part for run in runs)), edit_runs=runs)
    sent = (Snippet(title="What upgrade() sends", text="-a\n+b", language="diff"),) if runs[0].sent else ()
    assert only(recording) == Finding(
        rule="rewritten-revision",
        severity=Severity.NOTICE,
        message=f"b (add pages) is written differently from origin/main, and its {does} the same.",
        why=why,
        remedy="Keep the edit, or restore the file if it was not intended.",
        path="migrations/versions/b.py",
        line=21,
        revision="b",
        evidence=(Snippet(title="What changed", text="-a\n+b", language="diff"), *sent),
        fixes=(
            Snippet(
                title="Restore the file", text=f"git checkout {FORK} -- migrations/versions/b.py", language="shell"
            ),
        ),
    )


@pytest.mark.parametrize(
    ("run_", "observed", "line"),
    [
        (
            ran(Sameness.DIFFERENT, differences=(CAME,)),
            "The old and the new upgrade() were run on copies of the same database, and 1 object came out differently.",
            "column public.book.pages exists only in new databases",
        ),
        (
            ran(Sameness.DIFFERENT, "downgrade", differences=(WENT, CAME)),
            "The old and the new downgrade() were run on copies of the same database, and 2 objects came out "
            "differently.",
            "column public.book.pages exists only after the old downgrade()\n"
            "column public.book.pages exists only after the new downgrade()",
        ),
        (
            ran(Sameness.DIFFERENT, rows=("public.book", "public.shelf")),
            "The old and the new upgrade() were run on copies of the same database, and the rows of public.book, "
            "public.shelf came out differently.",
            None,
        ),
        (
            ran(Sameness.UNDECIDED, reason="line 9 has changed and did not run there"),
            "Running the old and the new upgrade() on a new database does not show that they do the same: line 9 has "
            "changed and did not run there.",
            None,
        ),
        (
            ran(Sameness.NOT_RUN, reason="its parents have changed as well"),
            "The old and the new upgrade() were not compared by running them: its parents have changed as well.",
            None,
        ),
    ],
)
def test_an_edit_says_what_was_observed(run_: EditRun, observed: str, line: str | None) -> None:
    finding = only(replace(edited(run_.part), edit_runs=(run_,)))
    assert (finding.rule, finding.severity.value) == (
        "edited-revision",
        "error" if run_.part == "upgrade" else "warning",
    )
    assert finding.why.endswith(f" {observed}")
    assert [snippet.text for snippet in finding.evidence[1:]] == ([line] if line else [])


def test_the_part_that_does_the_same_is_left_out() -> None:
    runs = (ran(SAME), ran(Sameness.DIFFERENT, "downgrade", differences=(CAME,)))
    finding = only(replace(edited("upgrade", "downgrade"), edit_runs=runs))
    assert (finding.rule, finding.severity) == ("edited-revision", Severity.WARNING)
    assert finding.message == "b (add pages) is already on origin/main, and its downgrade() has changed."


def test_a_repair_of_code_that_no_database_can_have_run_is_a_notice() -> None:
    never = ran(Sameness.NEVER_RAN, reason='syntax error at or near "IF"')
    lost = ran(Sameness.NOT_RUN, "downgrade", reason="no migration ran on an empty database")
    finding = only(replace(edited("upgrade", "downgrade"), edit_runs=(never, lost)))
    assert (finding.rule, finding.severity, finding.message, finding.why, finding.remedy) == (
        "rewritten-revision",
        Severity.NOTICE,
        "b (add pages) is repaired: the upgrade() on origin/main cannot run.",
        'No database can have run the old code: PostgreSQL refuses a statement of it (syntax error at or near "IF").',
        "Keep the repair.",
    )
