"""Several reports as one: of a run on several servers, and later of the legs of a matrix.

A report is about one server, so that every claim in it is about that one. What several of them say is put together
here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from checks.findings import Finding, Report, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedFinding:
    """A finding, and the reports that have it."""

    finding: Finding
    """As the first of them has it."""
    reports: tuple[Report, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MergedReport:
    """Reports in the order in which they were given, and what they come to together."""

    reports: tuple[Report, ...]
    verdict: Verdict
    findings: tuple[SharedFinding, ...]
    """Each once, the worst first; suppressed ones are left out."""


def merge(reports: Iterable[Report]) -> MergedReport:
    """Merge reports: the verdict is the worst of theirs, and a finding that several have is one.

    Two findings are the same when rule, severity, message, revision, object and place are. Raises ValueError for no
    report: nothing judged is no pass.
    """
    given = tuple(reports)
    if not given:
        raise ValueError("there is no report to merge")
    found: dict[tuple[object, ...], tuple[Finding, list[Report]]] = {}
    for report in given:
        for finding in report.findings():
            _, having = found.setdefault(_identity(finding), (finding, []))
            if report not in having:
                having.append(report)
    shared = [SharedFinding(finding=finding, reports=tuple(having)) for finding, having in found.values()]
    return MergedReport(
        reports=given,
        verdict=min((report.verdict for report in given), key=_WORST_FIRST.index),
        findings=tuple(sorted(shared, key=lambda one: one.finding.severity.rank)),
    )


_WORST_FIRST = (Verdict.FAILED, Verdict.INCONCLUSIVE, Verdict.PASSED)


def _identity(finding: Finding) -> tuple[object, ...]:
    return (*finding.fingerprint, finding.severity, finding.message, finding.path, finding.line)
