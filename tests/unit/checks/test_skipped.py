"""A run that a label skips is no pass, on any surface, and does not answer for a job that was not skipped."""

from __future__ import annotations

import json

from action.commands.ending import exit_code
from action.documents import report as document
from action.pull_request.comment import has_problems
from action.pull_request.status import CommitStatus, statuses
from action.reports import junit, markdown, outputs, sarif, terminal
from action.reports.annotations import Annotation, ranked
from action.reports.files import Written
from checks import CHECKS
from checks.findings import Result, Severity, Status, TreeReport, Verdict
from checks.judge import verdict
from checks.one_report import one_report
from checks.policy import FailOn
from checks.skipped import skipped_report
from tests.unit.reports import scenarios

REPORT = skipped_report(["alembic.ini", "b.ini"], "no *db* check", CHECKS)
SAID = "Skipped: the pull request has the label no *db* check."


def test_it_is_no_pass_and_fails_nothing() -> None:
    assert (REPORT.verdict, verdict(REPORT.trees)) == (Verdict.SKIPPED, Verdict.SKIPPED)
    assert exit_code(REPORT, FailOn.WARNING) == 0
    assert not has_problems(REPORT)
    assert document.load(document.dump(REPORT)) == REPORT


def test_every_surface_says_so() -> None:
    assert terminal.render(REPORT, color=False, width=80).splitlines() == [
        "SKIPPED  Migrations: skipped, nothing was checked",
        "",
        SAID,
        "",
    ]
    assert markdown.render(REPORT).splitlines() == [
        "## \N{HEAVY MINUS SIGN} Migrations: skipped, nothing was checked",
        "",
        SAID.replace("*", "\\*"),
    ]
    assert statuses(REPORT) == [
        CommitStatus(
            context=f"alembic-checks / {check.id}",
            state="success",
            description=f"2 of 2 Alembic configs; alembic.ini: {SAID}",
        )
        for check in CHECKS
    ]
    assert ranked(REPORT) == (Annotation(severity=Severity.NOTICE, title="Skipped (alembic-checks)", message=SAID),)
    assert outputs.outputs(REPORT, Written())["verdict"] == "skipped"
    assert junit.render(REPORT).count(f"<skipped>{SAID}</skipped>") == 2 * len(CHECKS)
    (run,) = json.loads(sarif.render(REPORT))["runs"]
    assert (run["results"], run["invocations"][0]["toolExecutionNotifications"]) == ([], [])


def test_a_merged_report_is_skipped_only_where_every_job_was() -> None:
    assert one_report([REPORT], CHECKS, expected=["alembic.ini", "b.ini"]).verdict is Verdict.SKIPPED
    assert one_report([REPORT], CHECKS, expected=["c.ini"]).verdict is Verdict.INCONCLUSIVE
    assert one_report([REPORT, scenarios.ALL_GREEN], CHECKS).verdict is Verdict.INCONCLUSIVE
    assert one_report([REPORT, scenarios.HEADS], CHECKS).verdict is Verdict.FAILED


def test_a_check_that_others_left_out_is_not_skipped_by_a_label() -> None:
    left_out = Result(id="heads", status=Status.SKIPPED, reason="Not run: left out.", required=False)
    assert verdict([TreeReport(path="alembic.ini", checks=(left_out,))]) is Verdict.INCONCLUSIVE
    (tree, _) = REPORT.trees
    assert verdict([TreeReport(path=tree.path, checks=(*tree.checks, left_out))]) is Verdict.INCONCLUSIVE
