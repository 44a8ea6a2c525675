"""How a migration run failed, or why its result does not count, and what it left in the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from action.rehearsal.goals import Goal, unreached
from action.rehearsal.steps import ABORTED, Collector, frames_of
from action.session.ended import Ended
from action.session.events import LegFailed, StatementFailed
from action.session.obstacle_sentences import describe
from action.session.session import Session
from action.session.version_sentences import heads_unknown, not_at_heads
from checks.recording.absent import Absent
from checks.recording.legs import Failure, FailureKind, Statement, Step
from checks.recording.obstacles import Obstacle

VERSION_TABLE = "Alembic's update of the version table"


def failure_of(collector: Collector, ended: Ended, blocked_by: str, timeout: float) -> Failure | None:
    """Close the run's last step and return how the run failed; None when it did not. ``timeout`` is in seconds."""
    revision, waiting = collector.close()
    if ended.timed_out:
        return Failure(
            kind=FailureKind.TIMEOUT,
            message=f"did not finish within {timeout:g} seconds",
            revision=revision,
            statement=waiting,
            blocked_by=blocked_by or None,
        )
    if ended.died or collector.crashed:
        return Failure(
            kind=FailureKind.DIED,
            message=f"the project's process {ended.died}" if ended.died else "alembic-checks itself crashed",
            revision=revision,
            statement=waiting,
            traceback=collector.crashed.traceback if collector.crashed else "",
        )
    if collector.failed is None:
        return None
    failure = raised(collector.failed, waiting)
    return failure if collector.aborted is None else _first_of(failure, *collector.aborted)


def _first_of(failure: Failure, statement: Statement, error: StatementFailed) -> Failure:
    """Return the failure of the statement that has aborted the transaction, in place of the one that met that."""
    if failure.sqlstate != ABORTED:
        return failure
    later = failure.statement
    return replace(
        failure,
        message=str(error.message),
        statement=statement,
        error=error.error or "",
        sqlstate=error.sqlstate,
        detail=error.detail,
        hint=error.hint,
        later=VERSION_TABLE if later is None or later == statement else later.sql,
    )


def raised(failed: LegFailed, statement: Statement | None) -> Failure:
    """Return the failure for an exception: the server's error, or one that the migration's Python raised."""
    return Failure(
        kind=FailureKind.DATABASE if failed.sqlstate else FailureKind.PYTHON,
        message=str(failed.message),
        revision=failed.revision,
        statement=statement,
        frames=frames_of(failed.frames),
        error=failed.error or "",
        sqlstate=failed.sqlstate,
        detail=failed.detail,
        hint=failed.hint,
        traceback=failed.traceback or "",
        variables=failed.variables,
    )


def obstacle_of(session: Session, collector: Collector, after: tuple[str, ...], goal: Goal) -> Obstacle | None:
    """Return why a run that did not fail does not count: only our own database can prove that it reached its goal."""
    if collector.obstacle is not None:
        return describe(collector.obstacle, session.tree, session.run)
    named = session.environment.heads if session.environment else ()
    found = unreached(goal, after, named)
    if found is None:
        return None
    if isinstance(found, Absent):
        return heads_unknown(after, named, found.reason)
    swallowed = next((step.revision for step in collector.steps if step.seconds is None), None)
    return not_at_heads(after, found.text, swallowed, found.surplus)


def left_behind(steps: Sequence[Step], failure: Failure | None) -> tuple[str, ...]:
    """Return the statements of the failing revision that were committed before it failed."""
    if failure is None or not steps or steps[-1].revision != failure.revision:
        return ()
    return tuple(s.sql for s in steps[-1].statements if s.committed)
