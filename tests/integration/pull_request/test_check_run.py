"""The check run on request: its annotations in pieces, its conclusion, its end."""

from __future__ import annotations

from dataclasses import replace

import pytest

from action.pull_request.publish import PublishOptions
from checks.findings import Finding, Report, Result, Severity, Status, Verdict
from tests.integration.pull_request.conftest import HEAD, RUN_URL, Connect, Run
from tests.standin_api.api import StandIn
from tests.unit.reports import handmade, scenarios

CHECK_RUN = "POST /repos/acme/shop/check-runs"


def of_many(count: int, text: str = "x") -> Report:
    """Return a report with findings on as many lines, and one without a place."""

    def finding(line: int | None) -> Finding:
        return Finding(
            rule=f"rule-{line}",
            severity=Severity.ERROR,
            message=text,
            why="w",
            remedy="r",
            path="a.py" if line else None,
            line=line,
        )

    findings = tuple(finding(line or None) for line in range(count + 1))
    result = Result(id="drift", status=Status.FAILED, findings=findings)
    return handmade.report(Verdict.FAILED, handmade.tree(result))


@pytest.mark.parametrize(
    ("count", "requests"),
    [(0, [CHECK_RUN]), (50, [CHECK_RUN]), (51, [CHECK_RUN, "PATCH /repos/acme/shop/check-runs/1"])],
)
def test_annotations_are_sent_by_fifty(api: StandIn, connect: Connect, count: int, requests: list[str]) -> None:
    run = Run(report=of_many(count), pull_request=None, options=PublishOptions(statuses=False, check_run=True))
    assert run.publish(connect()).notices == ()
    assert api.log == requests
    (made,) = api.repository().check_runs
    assert [annotation["start_line"] for annotation in made.annotations] == list(range(1, count + 1))


def test_a_check_run_is_whole(api: StandIn, connect: Connect) -> None:
    run = Run(report=of_many(1), pull_request=None, options=PublishOptions(statuses=False, check_run=True))
    replace(run, key="CI / migrations (3.13, 17)").publish(connect())
    (made,) = api.repository().check_runs
    assert (made.name, made.head_sha, made.conclusion, made.title, made.details_url) == (
        "alembic-checks: all findings (3.13, 17)",
        HEAD,
        "failure",
        "Migrations: do not merge yet (2 errors)",
        f"{RUN_URL}/10",
    )
    assert made.annotations == [
        {
            "path": "a.py",
            "start_line": 1,
            "end_line": 1,
            "annotation_level": "failure",
            "title": "Rule 1 (drift)",
            "message": "x\nw\nFix: r",
        }
    ]
    assert made.summary.startswith("## \N{CROSS MARK} Migrations: do not merge yet (2 errors)\n")


def test_a_check_run_has_an_end(api: StandIn, connect: Connect) -> None:
    run = Run(
        report=of_many(1000, "x" * 5000), pull_request=None, options=PublishOptions(statuses=False, check_run=True)
    )
    assert run.publish(connect()).notices == ()
    assert len(api.log) == 4
    (made,) = api.repository().check_runs
    assert len(made.annotations) == 200
    assert len(made.summary) <= 65_535


@pytest.mark.parametrize(
    ("verdict", "report"),
    [("success", scenarios.ALL_GREEN), ("failure", scenarios.UNKNOWN), ("failure", scenarios.HEADS)],
)
def test_the_conclusion_of_a_check_run(api: StandIn, connect: Connect, verdict: str, report: Report) -> None:
    Run(report=report, pull_request=None, options=PublishOptions(statuses=False, check_run=True)).publish(connect())
    assert [made.conclusion for made in api.repository().check_runs] == [verdict]
