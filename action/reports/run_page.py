"""The page of the run that a report is about."""

from __future__ import annotations

import re

from checks.findings import Report

_LONGEST = 300
_FORM = re.compile(r"https?://[A-Za-z0-9.-]+(?::\d+)?(?:/[A-Za-z0-9._-]+)+/actions/runs/\d+(?:/[a-z]+/\d+)*", re.ASCII)


def run_url(report: Report) -> str | None:
    """Return the address of the run's page, when it has the form of one."""
    url = report.subject.url if report.subject else None
    return url if url and len(url) <= _LONGEST and _FORM.fullmatch(url) else None
