"""Reports of a bookstore project, as every surface has to show them: each is a recording that ``judge`` judged."""

from __future__ import annotations

from dataclasses import replace

from checks import CHECKS
from checks.findings import Finding, Report, Result, Snippet, Subject
from checks.judge import judge
from checks.policy import Policy
from checks.recording.tree import Recording
from tests.unit.reports import bookstore_recordings as recordings
from tests.unit.reports.bookstore_downgrades import downgrades
from tests.unit.reports.bookstore_losses import losses

SUBJECT = Subject(
    key="CI / migrations",
    head_sha="5b0e1f3d7c9a2468ace013579bdf02468ace1357",
    pull_request=7,
    run_id=1618,
    url="https://github.com/acme/bookstore/actions/runs/1618/attempts/1",
)


def _judged(recording: Recording, subject: Subject | None = SUBJECT) -> Report:
    """Return what the job makes of a recording."""
    return replace(judge(recording, Policy(), CHECKS), subject=subject)


ALL_GREEN = _judged(recordings.all_green())
MISSING_MIGRATION = _judged(recordings.missing_migration())
TORN = _judged(recordings.torn())
HEADS = _judged(recordings.two_heads())
FAILING_UPGRADE = _judged(recordings.failing_upgrade())
TEN = _judged(recordings.ten_findings())
THREE_HUNDRED = _judged(recordings.three_hundred_findings())
HISTORY = _judged(recordings.history())
NO_BASE = _judged(recordings.no_base(), subject=None)
OLD_BASE = _judged(recordings.old_base())
UNKNOWN = _judged(recordings.unknown())
DOWNGRADES = _judged(downgrades())
LOSSES = _judged(losses())

SCENARIOS = {
    "all_green": ALL_GREEN,
    "missing_migration": MISSING_MIGRATION,
    "torn": TORN,
    "two_heads": HEADS,
    "failing_upgrade": FAILING_UPGRADE,
    "ten_findings": TEN,
    "three_hundred_findings": THREE_HUNDRED,
    "history": HISTORY,
    "no_base": NO_BASE,
    "old_base": OLD_BASE,
    "unknown": UNKNOWN,
    "downgrades": DOWNGRADES,
    "losses": LOSSES,
}


def result_of(report: Report, check: str, tree: int = 0) -> Result:
    """Return what a check has to say of a tree."""
    return next(result for result in report.trees[tree].checks if result.id == check)


def finding_of(report: Report, rule: str) -> Finding:
    """Return the first finding of a rule."""
    return next(f for result in report.results() for f in result[1].findings if f.rule == rule)


ISBN = tuple(f for f in result_of(MISSING_MIGRATION, "drift").findings if f.rule == "missing-migration")
"""The column and the unique constraint that no migration adds."""
MISSING_FIX: Snippet = result_of(MISSING_MIGRATION, "drift").fixes[0]
"""The file that would add them."""
