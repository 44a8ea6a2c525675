"""The run of a report: the key that identifies it on its pull request, the commit, the run and its page."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping

from action.pull_request.event import Target
from action.pull_request.marker import distinct
from action.reports.escape import line
from checks.findings import Report, Subject

_PLAIN_NAME = re.compile(r"(?=.{1,60}$)[A-Za-z0-9_.-]+(?: [A-Za-z0-9_.-]+)*")
_NOT_PLAIN = re.compile(r"[^A-Za-z0-9_.]+")
LONGEST_KEY = 200
"""Characters; the values of a matrix may have any number."""


def subject_of(target: Target, key: str, url: str | None) -> Subject:
    """Return the run that the event names, with its key and its page."""
    return Subject(
        key=key,
        head_sha=target.head_sha,
        head_repository=target.head_repository,
        pull_request=target.pull_request,
        run_id=target.run_id,
        run_attempt=target.run_attempt,
        url=url,
    )


def key_of_run(target: Target, comment_key: str, matrix: str) -> str:
    """Return the key of this run: ``comment-key``, else workflow, job and matrix values (from GitHub's JSON)."""
    return comment_key or f"{target.key}{_leg(matrix)}"


def key_of_report(report: Report, target: Target, comment_key: str) -> str:
    """Return the key of a report, on one line: ``comment-key``, else the report's own, else the event's.

    That of a stored report begins with the workflow that stored it, whatever the file says.
    """
    own = line(report.subject.key if report.subject else "")
    workflow = line(target.key)
    if comment_key or not own:
        return line(comment_key) or workflow
    if not target.workflow or own == workflow or own.startswith(f"{workflow} / "):
        return own
    return f"{workflow} / {own}"


def workflow_label(target: Target) -> str:
    """Return the workflow that stored the report as a part of a status's name; empty for a run's own report.

    No name of a run's own status has it: a slash never follows the check there. Names that are not plain get a hash of
    what tells the workflow from others.
    """
    if not target.workflow:
        return ""
    if _PLAIN_NAME.fullmatch(target.key):
        return f"/ {target.key}"
    unique = hashlib.sha256(f"{target.workflow}\n{target.key}".encode("utf-8", "replace")).hexdigest()[:8]
    return " ".join(filter(None, ("/", _NOT_PLAIN.sub("-", target.key)[:50].strip("-"), unique)))


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
