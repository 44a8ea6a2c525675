"""Annotations: the most telling ones first, ten of a type, plain text within the runner's limits."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings

from action.reports.annotations import LIMIT, Annotation, of_failure, ranked
from checks.findings import Finding, Report, Result, Severity, Status, Verdict
from tests.e2e.runner_commands import obeyed
from tests.unit.reports import handmade, scenarios
from tests.unit.reports.hostile import always, filled, hidden, texts


def of(*findings: Finding) -> Report:
    return handmade.report(Verdict.FAILED, handmade.tree(handmade.failed("drift", *findings)))


def said(finding: Finding) -> str:
    return f"{finding.message}\n{finding.why}\nFix: {finding.remedy}"


def titles(report: Report) -> list[tuple[str, str]]:
    return [(annotation.severity.value, annotation.title) for annotation in ranked(report)]


def test_one_finding_is_what_why_and_fix_at_its_line() -> None:
    (error,) = ranked(scenarios.HEADS)
    assert error == Annotation(
        severity=Severity.ERROR,
        title="Multiple heads (heads)",
        message=said(scenarios.finding_of(scenarios.HEADS, "multiple-heads")),
        path="migrations/versions/3f2b8a1c9d07_add_review_table.py",
        line=16,
    )


def test_findings_of_one_line_are_one_annotation_and_say_once_what_they_share() -> None:
    one, two = handmade.missing("Column a.", 31, "a"), handmade.missing("Column b.", 31, "b")
    other = replace(handmade.missing("Index c.", 31, "c"), why="Queries are slow.")
    assert ranked(of(one, other, two)) == (
        Annotation(
            severity=Severity.ERROR,
            title="Missing migration (drift)",
            message="Column a.\nColumn b.\nQueries fail.\nFix: Commit the migration.\n\n"
            "Index c.\nQueries are slow.\nFix: Commit the migration.",
            path="bookstore/models.py",
            line=31,
        ),
    )


def test_findings_of_two_lines_are_two_annotations() -> None:
    assert ranked(scenarios.MISSING_MIGRATION)[:2] == tuple(
        Annotation(
            severity=Severity.ERROR,
            title="Missing migration (drift)",
            message=said(finding),
            path="bookstore/models.py",
            line=line,
        )
        for finding, line in zip(scenarios.ISBN, (31, 24), strict=True)
    )


def test_every_kind_comes_before_a_second_of_any_and_what_has_no_place_comes_last() -> None:
    many = [handmade.missing(f"Column {number}.", number, f"c{number}") for number in range(20, 24)]
    other = handmade.missing("Another.", 50, "d")
    placeless = replace(handmade.missing("Placeless.", 1, "e"), path=None, why="!")
    report = of(placeless, *many, replace(other, rule="schema-differs"))
    assert [annotation.message.split("\n")[0] for annotation in ranked(report)] == [
        *("Column 20.", "Another.", "Column 21.", "Column 22.", "Column 23.", "Placeless."),
    ]


def test_the_last_of_a_type_counts_what_is_left_out() -> None:
    shown = ranked(scenarios.THREE_HUNDRED)
    errors = [annotation for annotation in shown if annotation.severity is Severity.ERROR]
    assert len(errors) == LIMIT == 10
    assert errors[-1] == Annotation(
        severity=Severity.ERROR,
        title="291 more errors of alembic-checks",
        message="291 more errors: see the summary of the run.",
    )
    assert [annotation.severity for annotation in shown[LIMIT:]] == [Severity.NOTICE]
    assert len(ranked(scenarios.THREE_HUNDRED, limit=None)) == 301


@pytest.mark.parametrize(
    ("report", "expected"),
    [
        (scenarios.ALL_GREEN, []),
        (scenarios.NO_BASE, []),
        (
            scenarios.UNKNOWN,
            [("error", f"Could not run ({check})") for check in ("history", "upgrade")],
        ),
        (
            scenarios.FAILING_UPGRADE,
            [("error", "Migration fails (upgrade)")],
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


def test_what_is_suppressed_is_not_annotated() -> None:
    silenced = next(f for f in scenarios.result_of(scenarios.TEN, "upgrade", tree=1).findings if f.suppressed)
    assert ranked(of(silenced)) == ()
    assert len(ranked(of(replace(silenced, suppressed=None)))) == 1


def test_a_long_message_ends_at_a_word_within_what_the_runner_keeps() -> None:
    (annotation,) = ranked(of(handmade.missing("word \N{PILE OF POO} " * 900, 1, "a")))
    assert 4000 < len(annotation.message.encode("utf-16-le")) // 2 <= 4096
    assert annotation.message.removesuffix("…").split()[-1] in ("word", "\N{PILE OF POO}")


@settings(max_examples=20)
@given(texts)
@always
def test_any_text_is_plain_and_commands_nothing(text: str) -> None:
    for annotation in ranked(filled(text)):
        shown = "\n".join([annotation.title, annotation.message, annotation.path or ""])
        assert hidden(shown) == []
        assert obeyed(annotation.message) == []
        assert "\n" not in f"{annotation.title}{annotation.path}"
        assert len(annotation.title) <= 255


def test_what_two_trees_have_in_common_is_one_annotation() -> None:
    blocked = Result(id="upgrade", status=Status.SKIPPED, reason="A variable is missing.")
    both = (handmade.failed("heads", handmade.found(Severity.ERROR), handmade.found(Severity.NOTICE)), blocked)
    trees = (handmade.tree(*both, path="a.ini"), handmade.tree(*both, path="b.ini"))
    assert [(a.severity.value, a.message) for a in ranked(handmade.report(Verdict.FAILED, *trees))] == [
        ("error", said(handmade.found(Severity.ERROR))),
        ("warning", "a.ini, b.ini: A variable is missing."),
        ("notice", said(handmade.found(Severity.NOTICE))),
    ]
