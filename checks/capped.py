"""How long a text of a finding may be, whatever it quotes."""

from __future__ import annotations

from dataclasses import replace

from checks.findings import Finding, Result, Snippet

TEXT = 20_000
"""Characters of a sentence or of a piece of evidence; as in action/probe/protocol/caps.py."""
FILE = 2_000_000
"""Characters of a fix, which is of no use when it is cut."""


def capped(text: str, limit: int = TEXT) -> str:
    """Return at most ``limit`` characters: the beginning of a longer text, and how many more it has."""
    if len(text) <= limit:
        return text
    room = limit - len(_more(len(text)))
    return text[:room] + _more(len(text) - room)


def capped_result(result: Result) -> Result:
    """Return a result in which no text is longer than a surface can show."""
    return replace(
        result,
        reason=None if result.reason is None else capped(result.reason),
        findings=tuple(map(_finding, result.findings)),
        fixes=tuple(_snippet(fix, FILE) for fix in result.fixes),
    )


def _finding(finding: Finding) -> Finding:
    longest = max(map(len, (finding.message, finding.why, finding.remedy, finding.object or "")))
    if longest > TEXT or finding.evidence or finding.fixes:
        return replace(
            finding,
            message=capped(finding.message),
            why=capped(finding.why),
            remedy=capped(finding.remedy),
            object=None if finding.object is None else capped(finding.object),
            evidence=tuple(_snippet(piece, TEXT) for piece in finding.evidence),
            fixes=tuple(_snippet(fix, FILE) for fix in finding.fixes),
        )
    return finding


def _snippet(snippet: Snippet, limit: int) -> Snippet:
    if len(snippet.text) <= limit and len(snippet.title) <= TEXT:
        return snippet
    return replace(snippet, title=capped(snippet.title), text=capped(snippet.text, limit))


def _more(count: int) -> str:
    return f"… ({count:,} more characters)"
