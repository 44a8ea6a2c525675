"""Addresses of files and of rules, made only of parts that are known to be what they seem."""

from __future__ import annotations

import re
from urllib.parse import quote

from action.about import page_url
from action.reports.escape import code
from action.reports.run_page import run_url
from action.reports.words import cut
from checks.findings import Finding, Report

_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?", re.ASCII)
_REPOSITORY = re.compile(r"[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+", re.ASCII)
_RUN = re.compile(r"(?P<server>https?://.+)/(?P<repository>[^/]+/[^/]+)/actions/runs/.+", re.ASCII)
_LONGEST_PATH = 1_000


class Links:
    """The addresses in one report; none outside GitHub."""

    def __init__(self, report: Report) -> None:
        """Take the server, the repository and the commit from the run that the report belongs to."""
        url, subject = run_url(report), report.subject
        found = _RUN.fullmatch(url) if url else None
        self._server = found["server"] if found else ""
        self._repository = found["repository"] if found else ""
        head = subject.head_repository if subject else None
        self._head_repository = head if head and _REPOSITORY.fullmatch(head) else self._repository
        self._head = subject.head_sha if subject else None

    def file(self, finding: Finding) -> str | None:
        """Return the address of a finding's line: at the head, or in the commit of the base that alone has the file."""
        path = finding.path
        if not self._server or not path or len(path) > _LONGEST_PATH or not _is_inside(path):
            return None
        if finding.commit is not None:
            repository, commit = self._repository, finding.commit
        else:
            repository, commit = self._head_repository, self._head or ""
        if not _COMMIT.fullmatch(commit):
            return None
        line = f"#L{finding.line}" if finding.line else ""
        return f"{self._server}/{repository}/blob/{commit}/{quote(path, errors='replace')}{line}"


def _is_inside(path: str) -> bool:
    return not path.startswith("/") and not {"", ".", ".."} & set(path.split("/"))


def linked(text: str, url: str | None) -> str:
    """Return Markdown of a code span that leads to an address; without one, the code span alone."""
    return f"[{code(text)}]({url})" if url else code(text)


def rule_link(rule: str) -> str:
    """Return Markdown of a rule's id, which leads to its page at the version that runs."""
    return linked(cut(rule, 100), page_url(rule))
