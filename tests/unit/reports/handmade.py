"""Reports put together by hand, for a branch of one surface that no whole run is needed for; see ``scenarios``."""

from __future__ import annotations

from checks.findings import Finding, Report, Result, Severity, Snippet, Status, TreeReport, Verdict
from tests.unit.reports.scenarios import ALL_GREEN, SUBJECT

TREE = ALL_GREEN.trees[0]


def passed(check: str, *findings: Finding) -> Result:
    return Result(id=check, status=Status.PASSED, seconds=0.1, findings=findings)


def failed(check: str, *findings: Finding, fixes: tuple[Snippet, ...] = ()) -> Result:
    return Result(id=check, status=Status.FAILED, seconds=0.1, findings=findings, fixes=fixes)


def tree(*checks: Result, path: str = TREE.path) -> TreeReport:
    return TreeReport(path=path, checks=checks, base=TREE.base, revisions=TREE.revisions, environment=TREE.environment)


def report(verdict: Verdict, *trees: TreeReport) -> Report:
    return Report(verdict=verdict, trees=trees, server=ALL_GREEN.server, seconds={"total": 14.2}, subject=SUBJECT)


def found(severity: Severity, evidence: tuple[Snippet, ...] = (), fixes: tuple[Snippet, ...] = ()) -> Finding:
    return Finding(
        rule="multiple-heads",
        severity=severity,
        message="Something was seen.",
        why="It matters.",
        remedy="Fix it.",
        evidence=evidence,
        fixes=fixes,
    )


def missing(message: str, line: int, name: str) -> Finding:
    """Return a finding of the drift at a line of the models."""
    return Finding(
        rule="missing-migration",
        severity=Severity.ERROR,
        message=message,
        why="Queries fail.",
        remedy="Commit the migration.",
        path="bookstore/models.py",
        line=line,
        object=name,
    )
