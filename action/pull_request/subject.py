"""The run of a report: the key that identifies it on its pull request, the commit, the run and its page."""

from __future__ import annotations

import json
from collections.abc import Mapping

from action.pull_request.event import Target
from action.pull_request.marker import distinct
from action.reports.escape import line
from checks.findings import Report, Subject

LONGEST_KEY = 200
"""Characters; the values of a matrix may have any number."""


def subject_of(target: Target, key: str, url: str | None) -> Subject:
    """Return the run that the event names, with its key and its page."""
    return Subject(
        key=key,
        head_sha=target.head_sha,
        pull_request=target.pull_request,
        run_id=target.run_id,
        run_attempt=target.run_attempt,
        url=url,
    )


def key_of_run(target: Target, comment_key: str, matrix: str) -> str:
    """Return the key of this run: ``comment-key``, else workflow, job and matrix values (from GitHub's JSON)."""
    return comment_key or f"{target.key}{_leg(matrix)}"


def key_of_report(report: Report, target: Target, comment_key: str) -> str:
    """Return the key of a report, on one line: ``comment-key``, else the report's own, else the event's."""
    return line(comment_key or (report.subject.key if report.subject else "") or target.key)


def shortened(key: str) -> str:
    """Return a key of at most 200 characters that differs for keys that differ."""
    return distinct(key, LONGEST_KEY)


def url_of(target: Target | None, environ: Mapping[str, str]) -> str | None:
    """Return the address of the run's page, which has the summary; None where the event names no run."""
    if target is None or not target.run_id:
        return None
    server = environ.get("GITHUB_SERVER_URL", "https://github.com").rstrip("/")
    return f"{server}/{target.repository}/actions/runs/{target.run_id}/attempts/{target.run_attempt}"


def _leg(matrix: str) -> str:
    """Return the matrix values as GitHub adds them to the job's name: `` (3.13, 17)``; empty without a matrix."""
    try:
        values = json.loads(matrix) if matrix else None
    except ValueError:
        return f" ({matrix})"
    if not isinstance(values, dict):
        return ""
    shown = (value if isinstance(value, str) else json.dumps(value) for value in values.values())
    return f" ({', '.join(shown)})"
