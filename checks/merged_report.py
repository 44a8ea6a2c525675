"""Merge several reports into one: of a run on several servers, and later of the jobs of a matrix.

A report is about one server, so each of its statements is true of that server. Only this module combines them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from checks.findings import Finding, Report, Status, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedFinding:
    """A finding, and the reports that have it."""

    finding: Finding
    """The finding as the first report has it."""
    reports: tuple[Report, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MergedReport:
    """Several reports in the given order, with their common verdict and findings."""

    reports: tuple[Report, ...]
    verdict: Verdict
    findings: tuple[SharedFinding, ...]
    """Each finding once, worst severity first; suppressed ones are left out."""


def merge(reports: Iterable[Report]) -> MergedReport:
    """Merge reports: take the worst verdict, and list a finding that several reports have once.

    A report without results is inconclusive, whatever it says.

    Two findings are the same when rule, severity, message, revision, object, path and line are equal. Raise ValueError
    for an empty list, because nothing was judged.
    """
    given = tuple(reports)
    if not given:
        raise ValueError("there is no report to merge")
    found: dict[tuple[object, ...], tuple[Finding, list[Report]]] = {}
    for report in given:
        for finding in report.findings():
            _, owners = found.setdefault(_identity(finding), (finding, []))
            if report not in owners:
                owners.append(report)
    shared = [SharedFinding(finding=finding, reports=tuple(owners)) for finding, owners in found.values()]
    return MergedReport(
        reports=given,
        verdict=min(map(_verdict, given), key=_WORST_FIRST.index),
        findings=tuple(sorted(shared, key=lambda one: one.finding.severity.rank)),
    )


_WORST_FIRST = (Verdict.FAILED, Verdict.INCONCLUSIVE, Verdict.SKIPPED, Verdict.PASSED)


def _verdict(report: Report) -> Verdict:
    judged = any(result.status is Status.PASSED for _, result in report.results())
    return Verdict.INCONCLUSIVE if report.verdict is Verdict.PASSED and not judged else report.verdict


def _identity(finding: Finding) -> tuple[object, ...]:
    return (*finding.fingerprint, finding.severity, finding.message, finding.path, finding.line)
