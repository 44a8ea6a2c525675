"""One report of several: those of the jobs that share the Alembic configs of a repository."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from checks.check import Check
from checks.findings import Report, Result, Status, TreeReport, Verdict
from checks.judge import verdict
from checks.merged_report import merge
from checks.policy import FailOn
from checks.recording.server import ServerUsed

NO_REPORT = "No report of this Alembic config was stored: its job did not finish, or did not run."


def one_report(
    reports: Sequence[Report], checks: Iterable[Check], *, expected: Sequence[str] = (), fail_on: FailOn = FailOn.ERROR
) -> Report:
    """Return all results as one report, with the worst verdict.

    An ``expected`` Alembic config that no report has is in it with checks that could not run. A finding that reaches
    ``fail_on`` fails its check, whatever the job that reported it was set to. Raise ValueError where there is neither a
    report nor an expected config.
    """
    found = {tree.path for report in reports for tree in report.trees}
    missing = tuple(_missing(path, checks) for path in dict.fromkeys(expected) if path not in found)
    if not reports and not missing:
        raise ValueError("there is no report to merge")
    trees = (*(_judged(tree, fail_on) for tree in _named(reports)), *missing)
    verdicts = (verdict(trees), *([merge(reports).verdict] if reports else []))
    totals = [report.seconds["total"] for report in reports if "total" in report.seconds]
    return Report(
        verdict=next(one for one in _WORST_FIRST if one in verdicts),
        trees=trees,
        server=_server(reports),
        seconds={"total": max(totals)} if totals else {},
        unsearched=tuple(dict.fromkeys(place for report in reports for place in report.unsearched)),
    )


def without_report(report: Report) -> Report:
    """Return only the Alembic configs of a merged report that no job reported on."""
    trees = tuple(tree for tree in report.trees if any(result.reason == NO_REPORT for result in tree.checks))
    return replace(report, trees=trees)


_WORST_FIRST = (Verdict.FAILED, Verdict.INCONCLUSIVE, Verdict.SKIPPED, Verdict.PASSED)


def _missing(path: str, checks: Iterable[Check]) -> TreeReport:
    results = (Result(id=check.id, status=Status.SKIPPED, reason=NO_REPORT) for check in checks)
    return TreeReport(path=path, checks=tuple(results))


def _judged(tree: TreeReport, fail_on: FailOn) -> TreeReport:
    return replace(tree, checks=tuple(_result(result, fail_on) for result in tree.checks))


def _result(result: Result, fail_on: FailOn) -> Result:
    threshold = FailOn.ERROR if fail_on is FailOn.NEVER else fail_on
    failing = any(found.suppressed is None and threshold.reached_by(found.severity) for found in result.findings)
    return replace(result, status=Status.FAILED) if failing else result


def _named(reports: Sequence[Report]) -> Iterable[TreeReport]:
    """Yield the results of each Alembic config; one that several reports have is named after its job or server too."""
    often = Counter(path for report in reports for path in {tree.path for tree in report.trees})
    versions = {report.server.version for report in reports if report.server is not None}
    for number, report in enumerate(reports, start=1):
        for tree in report.trees:
            if often[tree.path] == 1:
                yield tree
                continue
            name = f"report {number}"
            if report.server is not None and len(versions) == len(reports):
                name = f"PostgreSQL {report.server.version}"
            elif report.subject is not None and report.subject.key:
                name = report.subject.key
            yield replace(tree, path=f"{tree.path} ({name})")


def _server(reports: Sequence[Report]) -> ServerUsed | None:
    """Return the server where all reports are about the same version; None where they are not."""
    servers = [report.server for report in reports if report.server is not None]
    if len({server.version for server in servers}) != 1:
        return None
    left = tuple(dict.fromkeys(name for server in servers for name in server.left))
    return replace(servers[0], left=left)
