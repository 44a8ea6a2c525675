"""The report as GitLab's Code Quality artifact: an entry for each finding that has a place in the repository."""

from __future__ import annotations

import hashlib
from collections import Counter

from action.documents.versioned import encode
from action.reports import digest, escape
from checks.findings import Report, Severity

_SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "major", Severity.NOTICE: "info"}


def render(report: Report) -> str:
    """Return the document. A finding without a file stands at its Alembic config: GitLab needs a place."""
    seen: Counter[str] = Counter()
    entries = []
    for tree, result in report.results():
        for finding in (one for one in result.findings if one.suppressed is None):
            path, line = finding.path, finding.line
            if not path or path.startswith("/"):
                path, line = tree.path.rpartition(":")[0] or tree.path, None
            text = "\0".join([tree.path, *(part or "" for part in finding.fingerprint)])
            mark = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]
            seen[mark] += 1
            entries.append(
                {
                    "description": escape.line(digest.explanation(finding)),
                    "check_name": escape.line(finding.rule),
                    "fingerprint": f"{mark}-{seen[mark]}",
                    "severity": _SEVERITIES[finding.severity],
                    "location": {"path": escape.line(path), "lines": {"begin": max(line or 1, 1)}},
                }
            )
    return encode(entries)
