"""Annotations: the findings that the runner puts on files and lines, the most useful ones of each type."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from action.reports import digest, escape, words
from action.reports.entries import entries
from checks.findings import Finding, Report, Severity, Verdict
from checks.plural import plural

LIMIT = 10
"""The annotations of each type that the runner keeps in a step; it drops any more without a message."""
_MESSAGE, _TITLE = 4096, 255
"""Characters: the runner cuts messages there, a check run refuses longer titles."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """One remark; all text is plain and escaped for a log."""

    severity: Severity
    title: str
    message: str
    path: str | None = None
    """Relative to the repository's root."""
    line: int | None = None
    """Where it begins. Its end is left out: one past the end of the file makes GitHub drop the place."""


def ranked(report: Report, *, limit: int | None = LIMIT) -> tuple[Annotation, ...]:
    """Return at most ``limit`` annotations of each type, the last of them counting what is left out; None: all.

    Errors come before warnings, and warnings before notices. Within a type, one of each kind comes before a second of
    any kind. Those with a place come before those without: only the former are shown beside the code.
    """
    found = [*_findings(report), *_unjudged(report), *_skipped(report)]
    found.sort(key=lambda annotation: (annotation.severity.rank, annotation.path is None))
    by_type = [[annotation for annotation in found if annotation.severity is severity] for severity in Severity]
    return tuple(annotation for same in by_type for annotation in _limited(same, limit))


def of_failure(text: str) -> Annotation:
    """Return the annotation of a run that ended without a report."""
    return _remark(Severity.ERROR, "Not checked (alembic-checks)", text)


def _findings(report: Report) -> Iterator[Annotation]:
    """Yield an annotation for each line that has findings, one of each kind first."""
    clusters = [[(entry.check, finding) for finding in entry.findings] for entry in entries(report)]
    clusters += [[(result.id, f)] for _, result in report.results() for f in digest.notices_of(result)]
    turns = itertools.zip_longest(*clusters)
    ordered = list(dict.fromkeys(item for turn in turns for item in turn if item is not None))
    together: dict[object, list[tuple[str, Finding]]] = {}
    for number, (check, finding) in enumerate(ordered):
        place = (finding.path, finding.line) if finding.path else number
        together.setdefault((place, finding.severity), []).append((check, finding))
    for same in together.values():
        yield _annotation(same)


def _annotation(same: Sequence[tuple[str, Finding]]) -> Annotation:
    first = same[0][1]
    rules = dict.fromkeys(words.title(finding.rule) for _, finding in same)
    checks = dict.fromkeys(check for check, _ in same)
    alike: dict[tuple[str, str], list[Finding]] = {}
    for _, finding in same:
        alike.setdefault((finding.why, finding.remedy), []).append(finding)
    message = "\n\n".join(digest.explanation(*findings) for findings in alike.values())
    return _remark(first.severity, f"{', '.join(rules)} ({', '.join(checks)})", message, first.path, first.line)


def _unjudged(report: Report) -> Iterator[Annotation]:
    """Yield the required checks that could not run: errors where nothing else makes the run fail."""
    severity = Severity.ERROR if report.verdict is Verdict.INCONCLUSIVE else Severity.WARNING
    paths: dict[tuple[str, str], list[str]] = {}
    for tree, result in digest.unjudged(report):
        paths.setdefault((result.id, result.reason or "The reason is not known."), []).append(tree.path)
    for (check, reason), trees in paths.items():
        yield _remark(severity, f"Could not run ({check})", f"{', '.join(trees)}: {reason}")


def _skipped(report: Report) -> Iterator[Annotation]:
    if report.verdict is Verdict.SKIPPED:
        yield _remark(Severity.NOTICE, "Skipped (alembic-checks)", digest.quiet_note(report))


def _remark(
    severity: Severity, title: str, message: str, path: str | None = None, line: int | None = None
) -> Annotation:
    return Annotation(
        severity=severity,
        title=words.cut(escape.line(title), _TITLE),
        message=_within(escape.log(message).strip(), _MESSAGE),
        path=escape.line(path) if path else None,
        line=line if path else None,
    )


def _within(text: str, units: int) -> str:
    """Cut by what the runner counts: UTF-16 code units, of which some characters have two."""
    return words.cut(text, units - sum(ord(char) > 0xFFFF for char in text[:units]))


def _limited(same: Sequence[Annotation], limit: int | None) -> Iterator[Annotation]:
    if limit is None or len(same) <= limit:
        yield from same
        return
    yield from same[: limit - 1]
    severity, left = same[0].severity, len(same) - limit + 1
    more = plural(left, f"more {severity.value}")
    yield _remark(severity, f"{more} of alembic-checks", f"{more}: see the summary of the run.")
