"""A check run with all annotations: only on request, because GitHub shows it below an arbitrary workflow."""

from __future__ import annotations

from action.pull_request.client import MOST_ANNOTATIONS, CheckRunAnnotation, Client
from action.reports import digest, markdown
from action.reports.annotations import ranked
from checks.findings import Report, Severity, Verdict

REQUESTS = 4
"""Requests at most: 200 annotations are enough to read."""
_SUMMARY = 65_535
"""Characters of a summary that GitHub accepts."""
_LEVELS = {Severity.ERROR: "failure", Severity.WARNING: "warning", Severity.NOTICE: "notice"}
_CONCLUSIONS = {
    Verdict.PASSED: "success",
    Verdict.FAILED: "failure",
    Verdict.INCONCLUSIVE: "failure",
    Verdict.SKIPPED: "skipped",
}


def write(client: Client, sha: str, report: Report, label: str, url: str | None) -> None:
    """Write the check run, 50 annotations a request; raises AccessDenied and Unreachable."""
    title, summary = digest.verdict(report), markdown.render(report)[:_SUMMARY]
    found = annotated(report)[: REQUESTS * MOST_ANNOTATIONS]
    first, *rest = [found[at : at + MOST_ANNOTATIONS] for at in range(0, len(found), MOST_ANNOTATIONS)] or [[]]
    output = {"title": title, "summary": summary, "annotations": first}
    name = f"alembic-checks: all findings {label}".rstrip()
    made = client.create_check_run(name, sha, _CONCLUSIONS[report.verdict], output, url)
    for more in rest:
        client.add_annotations(made, title, summary, more)


def annotated(report: Report) -> list[CheckRunAnnotation]:
    """Return the findings that have a place, the worst first; the summary has the others."""
    return [
        {
            "path": annotation.path,
            "start_line": annotation.line or 1,
            "end_line": annotation.line or 1,
            "annotation_level": _LEVELS[annotation.severity],
            "title": annotation.title,
            "message": annotation.message,
        }
        for annotation in ranked(report, limit=None)
        if annotation.path is not None
    ]
