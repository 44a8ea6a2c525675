"""The outputs of the step: declared once, for action.yml and for what is set."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from action.reports import escape
from action.reports.files import Written
from checks.findings import Report, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """An output as it stands in action.yml."""

    name: str
    description: str


OUTPUTS = (
    Output(name="verdict", description="passed, failed or inconclusive; empty when the run ended without a report"),
    Output(name="errors", description="number of errors, those that the project suppresses not counted"),
    Output(name="warnings", description="number of warnings"),
    Output(name="notices", description="number of notices"),
    Output(name="report", description="path of the report as JSON, relative to the workspace"),
    Output(name="summary", description="path of the report as Markdown"),
    Output(name="sarif", description="path of the report as SARIF, for code scanning"),
    Output(name="junit", description="path of the report as JUnit XML"),
    Output(name="missing-migration", description="path of the first migration that is missing; empty when none is"),
    Output(name="comment-url", description="address of the comment on the pull request; empty when there is none"),
)


def outputs(report: Report, written: Written) -> dict[str, str]:
    """Return the values of all outputs but ``comment-url``, a line each: far below the 1 MB that the runner takes."""
    found = Counter(finding.severity for finding in report.findings())
    values = {
        "verdict": report.verdict.value,
        "errors": str(found[Severity.ERROR]),
        "warnings": str(found[Severity.WARNING]),
        "notices": str(found[Severity.NOTICE]),
        "report": written.report,
        "summary": written.summary,
        "sarif": written.sarif,
        "junit": written.junit,
        "missing-migration": written.missing_migrations[0] if written.missing_migrations else "",
    }
    return {name: escape.line(value) for name, value in values.items()}
