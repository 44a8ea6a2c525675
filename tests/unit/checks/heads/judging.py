"""Graphs in a line of text (tests/unit/checks/dsl.py), judged by the check ``heads``."""

from __future__ import annotations

from checks.findings import Finding, Snippet
from checks.heads.check import run
from checks.policy import Policy
from checks.recording.tree import TreeRecording

Listed = tuple[str, str, str | None, str | None]
"""Rule, severity, revision, object."""


def judged(recording: TreeRecording, *allow_heads: str) -> tuple[Finding, ...]:
    return run(recording, Policy(allow_heads=allow_heads)).findings


def listed(recording: TreeRecording, *allow_heads: str) -> list[Listed]:
    return [(f.rule, f.severity.value, f.revision, f.object) for f in judged(recording, *allow_heads)]


def only(recording: TreeRecording) -> Finding:
    (finding,) = judged(recording)
    return finding


def texts(snippets: tuple[Snippet, ...]) -> list[tuple[str, str]]:
    return [(snippet.title, snippet.text) for snippet in snippets]
