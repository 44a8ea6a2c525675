"""How a run ends: its exit code, and the error that ends it early."""

from __future__ import annotations

import sys
from dataclasses import dataclass

from action.errors import ExitCode, PostgresError, ProjectCodeError, RunError
from action.reports import escape
from action.reports.annotations import Annotation
from checks.findings import Report, Verdict
from checks.policy import FailOn
from checks.recording.obstacles import Obstacle, ObstacleKind
from checks.recording.tree import Recording

_DETAILS = 25
"""Lines of the project's or the server's output that are shown without --verbose."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobEnd:
    """How a job ended."""

    exit_code: int
    annotations: tuple[Annotation, ...] = ()
    """Written last, when the runner obeys commands again."""


def stopped_by(recording: Recording) -> RunError | None:
    """Return the error that ends the run although there is a report; None where there is none.

    That is a project that does not load, or no PostgreSQL server. Other obstacles only keep checks from running.
    """
    return next((error for error in map(_error, (tree.obstacle for tree in recording.trees)) if error), None)


def _error(obstacle: Obstacle | None) -> RunError | None:
    if obstacle is None or not (obstacle.is_project_code or obstacle.kind is ObstacleKind.NO_SERVER):
        return None
    kind = ProjectCodeError if obstacle.is_project_code else PostgresError
    return kind(obstacle.message, why=obstacle.why, remedy=obstacle.remedy, details=obstacle.details)


def exit_code(report: Report, fail_on: FailOn) -> ExitCode:
    """Return the exit code of a report (docs/design.md, "Rules that hold everywhere")."""
    if fail_on is FailOn.NEVER or report.verdict in (Verdict.PASSED, Verdict.SKIPPED):
        return ExitCode.PASSED
    return ExitCode.FINDINGS


def is_shown(error: RunError, report: Report) -> bool:
    """Return whether the report has the error's text as the reason of a check."""
    return any(str(error) in (result.reason or "") for _, result in report.results())


def print_error(error: RunError, *, verbose: bool, shown: bool = False) -> None:
    """Print an error and its details on standard error; unless ``verbose``, only the last lines of the details.

    Only the details where the text is ``shown`` already, in the report above.
    """
    if not shown:
        print(escape.lines(str(error)), file=sys.stderr)
    elif error.details:
        print("--- details ---", file=sys.stderr)
    if error.details:
        lines = escape.lines(error.details).rstrip().splitlines()
        print("\n".join(lines if verbose else lines[-_DETAILS:]), file=sys.stderr)
