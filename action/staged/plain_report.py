"""The findings of the hook as plain text: what, why, fix, and the code to copy."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from action.about import page_url
from action.reports import escape
from checks.findings import Finding, Report, Result, Severity, Snippet, TreeReport
from checks.plural import plural

_WIDTH = 100
_SHOWN = 10
"""Findings that are shown."""
_LONGEST = 40
"""Lines of a fix that are shown."""


def plain_report(report: Report) -> str:
    """Return the errors and warnings of a report, worst first; empty where there is none."""
    found = sorted(_found(report), key=lambda item: item[2].severity.rank)
    parts = ["\n".join(_lines(tree, finding, several=len(report.trees) > 1)) for tree, _, finding in found[:_SHOWN]]
    if found[_SHOWN:]:
        parts.append(f"{plural(len(found) - _SHOWN, 'more finding')} not shown: run `alembic-checks` to see all.")
    return "\n\n".join(parts) + "\n" if parts else ""


def _found(report: Report) -> Iterator[tuple[TreeReport, Result, Finding]]:
    for tree, result in report.results():
        for finding in result.findings:
            if finding.suppressed is None and finding.severity is not Severity.NOTICE:
                yield tree, result, finding


def _lines(tree: TreeReport, finding: Finding, *, several: bool) -> Iterator[str]:
    place = f"{finding.path}:{finding.line}" if finding.path and finding.line else finding.path or ""
    where = f" ({escape.line(tree.path)})" if several else ""
    yield f"{finding.severity.value}  {finding.rule}  {escape.line(place)}{where}"
    for label, text in (("", finding.message), ("Why: ", finding.why), ("Fix: ", finding.remedy)):
        if text:
            yield _wrapped(f"{label}{escape.line(text)}")
    for snippet in finding.fixes:
        if not snippet.folded:
            yield from _snippet(snippet)
    page = page_url(finding.rule)
    if page is not None:
        yield f"  More: {page}"


def _snippet(snippet: Snippet) -> Iterator[str]:
    lines = escape.lines(snippet.text).strip("\n").split("\n")
    yield f"  {escape.line(snippet.title)}:"
    yield from (f"    {line}".rstrip() for line in lines[:_LONGEST])
    if lines[_LONGEST:]:
        yield f"    ({plural(len(lines) - _LONGEST, 'more line')})"


def _wrapped(text: str) -> str:
    indent = "  "
    return textwrap.fill(
        text, _WIDTH, initial_indent=indent, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )
