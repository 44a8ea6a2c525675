"""A run that checks nothing, because the pull request has the label that the workflow skips."""

from __future__ import annotations

from collections.abc import Iterable

from checks.check import Check
from checks.findings import Report, Result, Status, TreeReport, Verdict

_BEGINNING = "Skipped: the pull request has the label "


def skipped_report(paths: Iterable[str], label: str, checks: Iterable[Check]) -> Report:
    """Return the report of a pull request with the label: no check has judged any of its Alembic environments."""
    results = tuple(
        Result(id=check.id, status=Status.SKIPPED, reason=f"{_BEGINNING}{label}.", required=False) for check in checks
    )
    return Report(verdict=Verdict.SKIPPED, trees=tuple(TreeReport(path=path, checks=results) for path in paths))


def is_skipped(result: Result) -> bool:
    """Return whether a check did not run because of a label."""
    return result.status is Status.SKIPPED and not result.required and (result.reason or "").startswith(_BEGINNING)
