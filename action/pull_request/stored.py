"""Reads the report that another run stored. That run ran a stranger's code, so nothing in the file is trusted."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from action.documents import report as document
from action.errors import SettingsError
from action.repository.regular import NotRegularError, TooLargeError, read_regular
from checks import judge
from checks.findings import Finding, Report, Result, Severity, Status, TreeReport
from checks.knock_ons import resolved

MOST_BYTES = 10_000_000
"""Of the file."""
_MOST_FINDINGS = 5_000
_MOST_CHECKS = 500
"""Over all trees."""
_LONGEST_TEXT = 1_000_000
"""Characters."""
_HIGHEST_LINE = 10_000_000
_REMEDY = "Set post-report to the report.json that alembic-checks stored in the other workflow."


def load(path: Path) -> Report:
    """Return the stored report with a verdict of our own; raises SettingsError for a report that we would not write.

    Of its subject only the key is kept: the event names the run.
    """
    report = read(path)
    subject = report.subject and dataclasses.replace(
        report.subject, head_sha=None, head_repository=None, pull_request=None, run_id=0, run_attempt=1, url=None
    )
    return dataclasses.replace(report, subject=subject)


def read(path: Path) -> Report:
    """Return a stored report with a verdict of our own; raises SettingsError for a report that we would not write."""
    report = document.load(_read(path))
    _check(report)
    trees = tuple(_judged(tree) for tree in report.trees)
    return dataclasses.replace(report, trees=trees, verdict=judge.verdict(trees))


def _read(path: Path) -> str:
    """Read a regular file within the limit: a link could lead to a file that must not be posted."""
    try:
        content = read_regular(path, most=MOST_BYTES, follow=False)
    except NotRegularError:
        raise _refused(path, "is not a regular file") from None
    except TooLargeError:
        raise _refused(path, f"is larger than {MOST_BYTES // 1_000_000} MB") from None
    except OSError as error:
        raise _refused(path, f"cannot be read as a regular file ({error.strerror})") from None
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        raise _refused(path, "is not UTF-8") from None


def _refused(path: Path, why: str) -> SettingsError:
    return SettingsError(f"The stored report {path} {why}.", remedy=_REMEDY)


def _check(report: Report) -> None:
    """Refuse a report that no run of ours writes and that could overload a reader."""
    results = [result for _, result in report.results()]
    findings = [finding for result in results for finding in result.findings]
    lines = [finding.line for finding in findings if finding.line is not None]
    for amiss, why in (
        (not report.trees or not all(tree.checks for tree in report.trees), "lists no checks"),
        (len(results) > _MOST_CHECKS, f"has more than {_MOST_CHECKS} checks"),
        (len(findings) > _MOST_FINDINGS, f"has more than {_MOST_FINDINGS} findings"),
        (any(not 0 < line <= _HIGHEST_LINE for line in lines), "has a line number that no file has"),
        (
            any(len(text) > _LONGEST_TEXT for text in _texts(report)),
            f"has a text of more than {_LONGEST_TEXT} characters",
        ),
    ):
        if amiss:
            raise SettingsError(
                f"The stored report {why}.", why="alembic-checks does not write such reports.", remedy=_REMEDY
            )


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, tuple):
        return [text for part in value for text in _texts(part)]
    if isinstance(value, dict):
        return [text for pair in value.items() for part in pair for text in _texts(part)]
    if dataclasses.is_dataclass(value):
        return [text for field in dataclasses.fields(value) for text in _texts(getattr(value, field.name))]
    return []


def _judged(tree: TreeReport) -> TreeReport:
    return dataclasses.replace(tree, checks=resolved(tuple(map(_result, tree.checks))))


def _result(result: Result) -> Result:
    """Return a result whose status is failed where it has an error, whatever the file says."""
    return dataclasses.replace(result, status=Status.FAILED) if any(map(_counts, result.findings)) else result


def _counts(finding: Finding) -> bool:
    return finding.suppressed is None and finding.severity is Severity.ERROR
