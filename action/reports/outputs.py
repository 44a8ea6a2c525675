"""The outputs of the step, declared once: action.yml lists them, and the run sets them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from action.reports import escape
from action.reports.entries import entries
from action.reports.files import Written
from checks.findings import Report, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """An output as it stands in action.yml."""

    name: str
    description: str


OUTPUTS = (
    Output(
        name="verdict",
        description="Verdict: passed, failed, inconclusive or skipped. Empty when the run ended without a report",
    ),
    Output(
        name="errors", description="Number of errors, one for each problem, as in the comment; without suppressed ones"
    ),
    Output(name="warnings", description="Number of warnings, likewise"),
    Output(name="notices", description="Number of notices, without suppressed ones"),
    Output(name="report", description="Path of the report as JSON"),
    Output(name="summary", description="Path of the report as Markdown"),
    Output(name="sarif", description="Path of the report as SARIF, for code scanning"),
    Output(name="junit", description="Path of the report as JUnit XML"),
    Output(name="missing-migration", description="Path of the first missing migration. Empty when none is missing"),
    Output(name="comment-url", description="URL of the comment on the pull request. Empty when there is no comment"),
    Output(name="matrix", description="Alembic configs as a matrix, as JSON. Only with `list`"),
)


def outputs(report: Report, written: Written) -> dict[str, str]:
    """Return the values of the outputs about a report, a line each: far below the runner's limit of 1 MB."""
    found = Counter(entry.severity for entry in entries(report))
    values = {
        "verdict": report.verdict.value,
        "errors": str(found[Severity.ERROR]),
        "warnings": str(found[Severity.WARNING]),
        "notices": str(sum(finding.severity is Severity.NOTICE for finding in report.findings())),
        "report": written.report,
        "summary": written.summary,
        "sarif": written.sarif,
        "junit": written.junit,
        "missing-migration": written.missing_migrations[0] if written.missing_migrations else "",
    }
    return {name: escape.line(value) for name, value in values.items()}
