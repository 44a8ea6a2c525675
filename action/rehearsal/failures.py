"""How a leg failed, or what made it worthless, and what it left in the database."""

from __future__ import annotations

from collections.abc import Sequence

from action.rehearsal.goals import Goal, unreached
from action.rehearsal.steps import Collector, Event, frames_of
from action.session.obstacles import describe
from action.session.session import Ended, Session
from checks.recording.legs import Failure, FailureKind, Statement, Step
from checks.recording.obstacles import Obstacle, ObstacleKind


def failure_of(
    collector: Collector, ended: Ended, revision: str | None, hung: Statement | None, blocked: str, timeout: float
) -> Failure | None:
    """Return how the leg broke off; None when it did not."""
    if ended.timed_out:
        return Failure(
            kind=FailureKind.TIMEOUT,
            message=f"It did not come to its end within {timeout:g} seconds.",
            revision=revision,
            statement=hung,
            blocked_by=blocked or None,
        )
    if ended.died or collector.crash:
        return Failure(
            kind=FailureKind.DIED,
            message=f"The project's process {ended.died}." if ended.died else "The probe itself broke off.",
            revision=revision,
            statement=hung,
            traceback=collector.crash,
        )
    return None if collector.failed is None else raised(collector.failed, hung)


def raised(failed: Event, statement: Statement | None) -> Failure:
    """Return the failure that an exception stands for: the server's words, or the migration's own."""
    return Failure(
        kind=FailureKind.DATABASE if failed["sqlstate"] else FailureKind.PYTHON,
        message=str(failed["message"]),
        revision=failed["revision"],
        statement=statement,
        frames=frames_of(failed["frames"]),
        error=failed["error"],
        sqlstate=failed["sqlstate"],
        detail=failed.get("detail"),
        hint=failed.get("hint"),
        traceback=failed["traceback"],
    )


def obstacle_of(session: Session, collector: Collector, after: tuple[str, ...], goal: Goal) -> Obstacle | None:
    """Return what makes the leg worth nothing although nothing failed: proof is in our own database alone."""
    event = collector.obstacle
    if event is None:
        unreached_because = unreached(goal, session, after)
        if unreached_because is None:
            return None
        event = {
            "kind": ObstacleKind.NOT_AT_HEADS.value,
            "rows": after,
            "text": unreached_because,
        }
        swallowed = [step.revision for step in collector.steps if step.seconds is None]
        if swallowed:
            event["reason"] = f"Revision {swallowed[0]} broke off, and env.py swallowed the exception."
    return describe(event, session.tree, session.run)


def left_behind(steps: Sequence[Step], failure: Failure | None) -> tuple[str, ...]:
    """Return the statements of the failing revision that were committed before it failed."""
    if failure is None or not steps or steps[-1].revision != failure.revision:
        return ()
    return tuple(s.sql for s in steps[-1].statements if s.committed)
