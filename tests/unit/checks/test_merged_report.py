"""Several reports as one: the worst verdict, and each finding once with the reports that have it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from checks.findings import Finding, Report, Result, Severity, Status, TreeReport, Verdict
from checks.merged_report import SharedFinding, merge
from checks.recording.server import ServerUsed

DRIFT = Finding(
    rule="missing-migration",
    severity=Severity.ERROR,
    message="Column public.book.isbn is missing.",
    why="Queries fail.",
    remedy="Add it.",
    object="public.book.isbn",
)
CREATE_ALL = replace(DRIFT, rule="create-all-in-migration", severity=Severity.WARNING, object=None)


def report(version: str, verdict: Verdict, *findings: Finding) -> Report:
    status = Status.FAILED if verdict is Verdict.FAILED else Status.PASSED
    result = Result(id="drift", status=status, findings=findings)
    return Report(
        verdict=verdict,
        trees=(TreeReport(path="alembic.ini", checks=(result,)),),
        server=ServerUsed(version=version, kind="external"),
    )


@pytest.mark.parametrize(
    ("verdicts", "worst"),
    [
        ((Verdict.PASSED, Verdict.PASSED), Verdict.PASSED),
        ((Verdict.PASSED, Verdict.INCONCLUSIVE), Verdict.INCONCLUSIVE),
        ((Verdict.INCONCLUSIVE, Verdict.FAILED, Verdict.PASSED), Verdict.FAILED),
    ],
)
def test_the_verdict_is_the_worst(verdicts: tuple[Verdict, ...], worst: Verdict) -> None:
    assert merge(report("17", verdict) for verdict in verdicts).verdict is worst


def test_a_finding_of_several_servers_is_one_that_names_them() -> None:
    old, new = (
        report("15", Verdict.FAILED, DRIFT),
        report("17", Verdict.FAILED, CREATE_ALL, replace(DRIFT, why="Other.")),
    )
    merged = merge([old, new])
    assert merged.reports == (old, new)
    assert merged.findings == (
        SharedFinding(finding=DRIFT, reports=(old, new)),
        SharedFinding(finding=CREATE_ALL, reports=(new,)),
    )


def test_what_differs_between_servers_stays_apart() -> None:
    old = report("15", Verdict.FAILED, DRIFT)
    new = report("17", Verdict.PASSED, replace(DRIFT, severity=Severity.NOTICE))
    assert [(one.finding.severity, one.reports) for one in merge([old, new]).findings] == [
        (Severity.ERROR, (old,)),
        (Severity.NOTICE, (new,)),
    ]


def test_what_is_suppressed_is_left_out() -> None:
    assert merge([report("17", Verdict.PASSED, replace(DRIFT, suppressed="agreed"))]).findings == ()


def test_no_report_is_no_pass() -> None:
    with pytest.raises(ValueError, match="no report"):
        merge([])
