"""One report of those that jobs have stored: nothing in it passes that no job has seen."""

from __future__ import annotations

from dataclasses import replace

import pytest

from checks import CHECKS
from checks.findings import Report, Status, Subject, Verdict
from checks.judge import judge
from checks.one_report import NO_REPORT, one_report, without_report
from checks.policy import FailOn, Policy
from checks.recording.server import ServerUsed
from tests.unit.reports import bookstore_recordings as recordings


def report(path: str, failing: bool = False, version: str = "17.2", key: str = "") -> Report:
    recording = recordings.missing_migration() if failing else recordings.all_green()
    made = judge(recording, Policy(), CHECKS)
    (tree,) = made.trees
    server = ServerUsed(version=version, kind="embedded")
    subject = Subject(key=key) if key else None
    return replace(
        made, trees=(replace(tree, path=path),), server=server, seconds={"total": float(len(path))}, subject=subject
    )


def outline(merged: Report) -> list[tuple[str, str]]:
    return [(tree.path, " ".join(result.status.value for result in tree.checks)) for tree in merged.trees]


def test_all_results_stand_in_one_report() -> None:
    merged = one_report([report("a.ini"), report("bb.ini", failing=True)], CHECKS, expected=["a.ini", "bb.ini"])
    assert outline(merged) == [("a.ini", "passed " * 6 + "passed"), ("bb.ini", "passed " * 6 + "failed")]
    assert (merged.verdict, merged.seconds) == (Verdict.FAILED, {"total": 6.0})
    assert merged.server == ServerUsed(version="17.2", kind="embedded")
    assert without_report(merged).trees == ()


def test_a_config_that_no_job_reported_on_is_inconclusive() -> None:
    merged = one_report([report("a.ini")], CHECKS, expected=["a.ini", "b.ini"])
    assert outline(merged)[1] == ("b.ini", "skipped " * 6 + "skipped")
    assert {result.reason for result in merged.trees[1].checks} == {NO_REPORT}
    assert merged.verdict is Verdict.INCONCLUSIVE
    assert [tree.path for tree in without_report(merged).trees] == ["b.ini"]
    assert one_report([], CHECKS, expected=["b.ini"]).verdict is Verdict.INCONCLUSIVE


def test_a_report_that_judged_nothing_does_not_pass() -> None:
    empty = Report(verdict=Verdict.PASSED, trees=())
    assert one_report([report("a.ini"), empty], CHECKS).verdict is Verdict.INCONCLUSIVE


def test_nothing_at_all_is_an_error() -> None:
    with pytest.raises(ValueError, match="there is no report to merge"):
        one_report([], CHECKS)


@pytest.mark.parametrize(
    ("reports", "paths"),
    [
        ([report("a.ini", version="15.1"), report("a.ini")], ["a.ini (PostgreSQL 15.1)", "a.ini (PostgreSQL 17.2)"]),
        ([report("a.ini", key="CI / m (3.12)"), report("a.ini")], ["a.ini (CI / m (3.12))", "a.ini (report 2)"]),
    ],
)
def test_one_config_in_several_reports_is_told_apart(reports: list[Report], paths: list[str]) -> None:
    merged = one_report(reports, CHECKS, expected=["a.ini"])
    assert [tree.path for tree in merged.trees] == paths
    assert merged.verdict is Verdict.PASSED


def test_it_fails_by_its_own_threshold_too() -> None:
    weak = report("a.ini", failing=True)
    (tree,) = weak.trees
    checks = tuple(replace(result, status=Status.PASSED) for result in tree.checks)
    weak = replace(weak, trees=(replace(tree, checks=checks),), verdict=Verdict.PASSED)
    assert one_report([weak], CHECKS, fail_on=FailOn.ERROR).verdict is Verdict.FAILED
