"""Annotations: the most telling ones first, ten of a type, plain text within the runner's limits."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings

from action.reports.annotations import LIMIT, Annotation, of_failure, ranked
from checks.findings import Finding, Report, Severity, Verdict
from tests.e2e.runner_commands import obeyed
from tests.unit.reports import scenarios
from tests.unit.reports.hostile import always, filled, hidden, texts


def of(*findings: Finding) -> Report:
    return scenarios.report(Verdict.FAILED, scenarios.tree(scenarios.failed("drift", 1, *findings)))


def titles(report: Report) -> list[tuple[str, str]]:
    return [(annotation.severity.value, annotation.title) for annotation in ranked(report)]


def test_one_finding_is_what_why_and_fix_at_its_line() -> None:
    assert ranked(scenarios.HEADS) == (
        Annotation(
            severity=Severity.ERROR,
            title="Multiple heads (heads)",
            message=(
                "After the merge there are two heads: 3f2b8a1c9d07 (yours) and b81d2c6e5f10 (on origin/main).\n"
                "A deploy's alembic upgrade head then stops: Multiple head revisions are present.\n"
                "Fix: Put your revision after the one that came first, or merge the two."
            ),
            path="migrations/versions/3f2b8a1c9d07_add_review_table.py",
            line=16,
        ),
    )


def test_findings_of_one_line_are_one_annotation_and_say_once_what_they_share() -> None:
    annotation = ranked(scenarios.MISSING_MIGRATION)[0]
    assert (annotation.path, annotation.line) == ("bookstore/models.py", 31)
    assert annotation.message == (
        "Column public.book.isbn is in the models, but no migration adds it.\n"
        "Unique constraint uq_book_isbn on public.book is in the models, but no migration adds it.\n"
        f"{scenarios.DRIFT_WHY}\nFix: {scenarios.DRIFT_REMEDY}"
    )


def test_every_kind_comes_before_a_second_of_any_and_what_has_no_place_comes_last() -> None:
    many = [scenarios.missing(f"Column {number}.", number, f"c{number}") for number in range(20, 24)]
    other = scenarios.missing("Another.", 50, "d")
    placeless = replace(scenarios.missing("Placeless.", 1, "e"), path=None, why="!")
    report = of(placeless, *many, replace(other, rule="schema-differs"))
    assert [annotation.message.split("\n")[0] for annotation in ranked(report)] == [
        *("Column 20.", "Another.", "Column 21.", "Column 22.", "Column 23.", "Placeless."),
    ]


def test_the_last_of_a_type_counts_what_is_left_out() -> None:
    told = ranked(scenarios.THREE_HUNDRED)
    errors = [annotation for annotation in told if annotation.severity is Severity.ERROR]
    assert len(errors) == LIMIT == 10
    assert errors[-1] == Annotation(
        severity=Severity.ERROR,
        title="291 more errors of alembic-checks",
        message="291 more errors: see the summary of the run.",
    )
    assert [annotation.severity for annotation in told[LIMIT:]] == [Severity.NOTICE]
    assert len(ranked(scenarios.THREE_HUNDRED, limit=None)) == 301


@pytest.mark.parametrize(
    ("report", "expected"),
    [
        (scenarios.ALL_GREEN, []),
        (scenarios.NO_BASE, []),
        (scenarios.UNKNOWN, [("error", "Could not be judged (upgrade)"), ("error", "Could not be judged (drift)")]),
        (
            scenarios.FAILING_UPGRADE,
            [("error", "Upgrade failed (upgrade)"), ("warning", "Could not be judged (drift)")],
        ),
    ],
)
def test_what_could_not_be_judged_is_an_error_where_nothing_else_fails_the_run(
    report: Report, expected: list[tuple[str, str]]
) -> None:
    assert titles(report) == expected


def test_a_run_without_a_report_is_one_error() -> None:
    assert of_failure("What.\n::debug::why\n") == Annotation(
        severity=Severity.ERROR, title="Not checked (alembic-checks)", message="What.\n: :debug::why"
    )


def test_what_is_suppressed_is_not_told() -> None:
    assert ranked(of(scenarios.SILENCED)) == ()


def test_a_long_message_ends_at_a_word_within_what_the_runner_keeps() -> None:
    (annotation,) = ranked(of(scenarios.missing("word \N{PILE OF POO} " * 900, 1, "a")))
    assert 4000 < len(annotation.message.encode("utf-16-le")) // 2 <= 4096
    assert annotation.message.removesuffix("…").split()[-1] in ("word", "\N{PILE OF POO}")


@settings(deadline=None, max_examples=20)
@given(texts)
@always
def test_any_text_is_plain_and_commands_nothing(text: str) -> None:
    for annotation in ranked(filled(text)):
        shown = "\n".join([annotation.title, annotation.message, annotation.path or ""])
        assert hidden(shown) == []
        assert obeyed(annotation.message) == []
        assert "\n" not in f"{annotation.title}{annotation.path}"
        assert len(annotation.title) <= 255
