"""What several checks say of one cause is one problem, and nothing leads to what is not reported."""

from __future__ import annotations

from dataclasses import replace

import pytest

from checks import CHECKS
from checks.findings import Finding, Result, Severity, Status
from checks.judge import judge
from checks.knock_ons import resolved
from checks.policy import Policy
from checks.recording.tree import Recording
from tests.unit.checks.dsl import tree


def found(rule: str, problem: str, follows: str | None = None) -> Finding:
    return Finding(
        rule=rule, severity=Severity.ERROR, message="m", why="w", remedy="r", problem=problem, follows=follows
    )


def followed(*results: Result) -> list[tuple[str, str | None, list[str | None]]]:
    return [(one.id, one.follows, [finding.follows for finding in one.findings]) for one in resolved(results)]


CAUSE = Result(id="heads", status=Status.FAILED, findings=(found("multiple-heads", "p"),))
EFFECT = Result(id="history", status=Status.PASSED, findings=(found("stale-parent", "p", "heads"),))
STOPPED = Result(id="drift", status=Status.SKIPPED, reason="See upgrade.", follows="upgrade")


def test_what_is_reported_is_followed() -> None:
    upgrade = Result(id="upgrade", status=Status.ERROR, reason="r")
    assert followed(CAUSE, EFFECT, upgrade, STOPPED) == [
        *(("heads", None, [None]), ("history", None, ["heads"]), ("upgrade", None, []), ("drift", "upgrade", [])),
    ]


@pytest.mark.parametrize(
    "cause",
    [
        replace(CAUSE, findings=()),
        replace(CAUSE, findings=(replace(CAUSE.findings[0], suppressed="agreed"),)),
        replace(CAUSE, findings=(replace(CAUSE.findings[0], severity=Severity.NOTICE),)),
        replace(CAUSE, findings=(found("multiple-heads", "another"),)),
    ],
    ids=["not found", "suppressed", "a notice", "another problem"],
)
def test_without_its_cause_a_finding_stands_alone(cause: Result) -> None:
    assert followed(cause, EFFECT)[1] == ("history", None, [None])


@pytest.mark.parametrize(
    "upgrade",
    [
        Result(id="upgrade", status=Status.PASSED),
        Result(
            id="upgrade", status=Status.SKIPPED, reason="Not run: left out by the setting `checks`.", required=False
        ),
    ],
    ids=["passed", "left out"],
)
def test_a_check_that_nothing_else_explains_has_its_own_mark(upgrade: Result) -> None:
    assert followed(upgrade, STOPPED)[1] == ("drift", None, [])


@pytest.mark.parametrize(
    ("work", "base", "expected"),
    [
        ("a; c<-b", "a; b<-a; c<-b", {"heads missing-parent": "history", "history removed-revision": None}),
        ("a; b<-c; c<-b", "a; b<-a; c<-b", {"heads revision-cycle": "history", "history reparented-revision": None}),
        ("a; b<-a; c<-a; d<-b", "a; b<-a; c<-a; d<-b,c", {"heads multiple-heads": "history"}),
    ],
    ids=["a removed parent", "a cycle by another parent", "a merge revision without a parent"],
)
def test_the_cause_is_what_the_change_does_to_merged_revisions(
    work: str, base: str, expected: dict[str, str | None]
) -> None:
    report = judge(Recording(trees=(tree(work, base=base),)), Policy(), CHECKS)
    follows = {f"{result.id} {f.rule}": f.follows for _, result in report.results() for f in result.findings}
    assert follows == follows | expected
    (problem,) = {f.problem for f in report.findings() if f"{f.rule}" in " ".join(expected)}
    assert problem
