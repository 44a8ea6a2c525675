"""Numbers, durations and lists as words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from checks.findings import Result, Severity, Status
from checks.plural import plural


def counts(severities: Iterable[Severity]) -> str:
    """Return such as ``2 errors, 1 notice``; empty for none."""
    by_severity = Counter(severities)
    return ", ".join(plural(by_severity[s], s.value) for s in Severity if by_severity[s])


def title(rule: str) -> str:
    """Return a rule's id in words: ``Multiple heads``."""
    return rule.replace("-", " ").capitalize()


_MORE = {
    "missing-migration": "missing object",
    "schema-differs": "schema difference",
    "edited-revision": "edited revision",
    "rewritten-revision": "rewritten revision",
    "removed-revision": "removed revision",
    "missing-parent": "missing parent",
    "duplicate-revision-id": "duplicate revision id",
    "unreadable-revision": "unreadable revision",
}
"""What a rule finds, as a noun, for the rules that often find many."""


def more(count: int, rule: str) -> str:
    """Return such as ``30 more missing objects``, or ``30 more: rule in words`` for a rule without a noun."""
    noun = _MORE.get(rule)
    return plural(count, f"more {noun}") if noun else f"{count} more: {title(rule).lower()}"


def took(result: Result) -> str:
    """Return how long a check took; empty for one that did not run, or whose time is not known."""
    judged = result.status in (Status.PASSED, Status.FAILED)
    return seconds(result.seconds) if judged and result.seconds is not None else ""


def seconds(value: float) -> str:
    """Return a duration for people."""
    if value < 0.095:
        return f"{value * 1000:.0f} ms"
    return f"{value:.1f} s" if value < 100 else f"{value:.0f} s"


def cut(text: str, characters: int) -> str:
    """Return at most so many characters: the beginning of a long text, to the end of a word where one ends near."""
    if len(text) <= characters:
        return text
    kept = text[: characters - 1]
    whole = kept.rpartition(" ")[0]
    return f"{whole if len(kept) - len(whole) < 40 else kept}…"


def shortened(text: str, *, lines: int, characters: int) -> str:
    """Return the beginning of a long text with a note of how much is missing."""
    kept = "\n".join(text.split("\n")[:lines])[:characters]
    if kept == text:
        return text
    missing = text[len(kept) :]
    more = plural(missing.count("\n"), "more line") if missing.startswith("\n") else "the rest"
    return f"{kept}\n[{more} left out; the JSON report has it]"
