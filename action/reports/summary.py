"""The summary of the job: the Markdown of the comment with a larger budget, and how long everything took."""

from __future__ import annotations

from collections.abc import Iterator

from action.reports import markdown, words
from action.reports.budget import Block, Section, folded
from action.reports.entry_markdown import DROP_FIRST
from action.reports.escape import fence
from checks.findings import Report

BUDGET = 900 * 1024
"""Bytes. GitHub's runner drops a summary over 1 MiB and fails the step."""
_SLOWEST = 20
"""Revisions whose time is listed."""


def render(report: Report) -> str:
    """Return the text for ``GITHUB_STEP_SUMMARY``, at most ``BUDGET`` bytes of UTF-8."""
    extra = Section(heading="", blocks=tuple(_times(report)))
    return markdown.render(report, budget=BUDGET, extra=[extra], rest="The JSON report has everything.")


def _times(report: Report) -> Iterator[Block]:
    phases = list(report.seconds.items())
    revisions = [item for tree in report.trees for item in tree.revision_seconds.items()]
    slowest = sorted(revisions, key=lambda item: -item[1])[:_SLOWEST]
    listed = [_times_of("Phase", phases), _times_of("Slowest revisions", slowest)]
    text = "\n\n".join(part for part in listed if part)
    if text:
        yield Block(text=folded("How long it took", fence(text, "text")), rank=DROP_FIRST)


def _times_of(title: str, times: list[tuple[str, float]]) -> str:
    lines = [f"{words.seconds(took):>8}  {words.cut(name, 100)}" for name, took in times]
    return "\n".join([title, *lines]) if lines else ""
