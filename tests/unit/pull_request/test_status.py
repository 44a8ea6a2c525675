"""Commit statuses: their state, their name and their sentence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from action.pull_request.status import CommitStatus, label_of, statuses
from checks.findings import Report, Result, Severity, Status, Verdict
from tests.unit.reports import handmade

FAILED = handmade.failed("heads", handmade.found(Severity.ERROR))
PASSED = handmade.passed("heads")
SKIPPED = Result(id="heads", status=Status.SKIPPED, reason="No graph.\nMore of it.")
BROKEN = Result(id="heads", status=Status.ERROR, reason="It broke.")
NOT_ASKED = replace(SKIPPED, required=False)


def of(*results: Result) -> Report:
    """Return a report with a tree for each result."""
    trees = [handmade.tree(result, path=f"tree{number}/alembic.ini") for number, result in enumerate(results)]
    return handmade.report(Verdict.PASSED, *trees)


def only(report: Report) -> tuple[str, str]:
    (found,) = statuses(report)
    assert found.context == "alembic-checks / heads"
    return found.state, found.description


@pytest.mark.parametrize(
    ("results", "state", "description"),
    [
        ((FAILED,), "failure", "1 error: multiple heads"),
        ((SKIPPED,), "error", "No graph."),
        ((BROKEN,), "error", "It broke."),
        ((NOT_ASKED,), "success", "No graph."),
        ((PASSED, FAILED, FAILED), "failure", "2 of 3 Alembic configs; tree1/alembic.ini: 1 error: multiple heads"),
        ((BROKEN, FAILED), "failure", "1 of 2 Alembic configs; tree1/alembic.ini: 1 error: multiple heads"),
        ((PASSED, SKIPPED), "error", "1 of 2 Alembic configs; tree1/alembic.ini: No graph."),
    ],
)
def test_the_worst_tree_speaks(results: tuple[Result, ...], state: str, description: str) -> None:
    assert only(of(*results)) == (state, description)


def test_green_is_green_in_all_trees() -> None:
    state, description = only(of(PASSED, NOT_ASKED))
    assert state == "success"
    assert description.startswith("1 of 2 Alembic configs; ")  # the other one did not run


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("CI / migrations", ""),
        ("CI / migrations (3.13, 17)", "(3.13, 17)"),
        ("CI (old) / migrations", ""),
        ("CI (old) / migrations (17)", "(17)"),
        ("CI / migrations (a(b), c)", "(a(b), c)"),
        ("a / b / migrations (a/b)", "(a/b)"),
        ("CI (17)", ""),
        ("", ""),
    ],
)
def test_a_leg_is_what_ends_a_key(key: str, expected: str) -> None:
    assert label_of(key) == expected


def test_long_legs_differ_as_they_do() -> None:
    one, two = label_of(f"CI / m ({'x' * 150})"), label_of(f"CI / m ({'x' * 151})")
    assert one != two
    assert (len(one), len(two)) == (102, 102)


def test_names_are_one_whatever_their_case() -> None:
    found = statuses(of(PASSED, replace(FAILED, id="HEADS")), "(17)")
    assert [(status.context, status.state) for status in found] == [("alembic-checks / heads (17)", "failure")]


def test_hostile_texts_are_one_short_line() -> None:
    text = "\x1b[31m<!-- @team\n::error::\u202e\N{PILE OF POO}" + "x" * 300
    (found,) = statuses(of(replace(SKIPPED, id=text, reason=text)))
    assert found == CommitStatus(
        context="alembic-checks / <!-- @team ::error::\\u202eU+1F4A9" + "x" * 32 + "…",
        state="error",
        description="<!-- @team",
    )
