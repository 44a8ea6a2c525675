"""Runs that fail for want of a right that only a superuser has are not judged: the reason names the setting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from action.postgres.databases import Databases
from action.postgres.superuser_only import FIX, WHY, changes_role, is_refusal, refusal_in, revokes
from action.session.fault_sentences import short
from checks.recording.legs import Failure, Leg, Statement
from checks.recording.obstacles import Obstacle, ObstacleKind
from checks.recording.remains import Remains

_SAYS_SO = (ObstacleKind.LOAD_FAILED, ObstacleKind.INIT_FAILED)


def without_lacking_rights(databases: Databases, leg: Leg) -> Leg:
    """Return the leg with an obstacle in place of a failure that a superuser would not have met."""
    failure = leg.failure
    if failure is None or not databases.role_is_ordinary or not _is_refusal(leg, failure):
        return leg
    frames = (failure.statement.frames if failure.statement else ()) or failure.frames
    place = (frames[0].path, frames[0].line) if frames else (None, None)
    who = f"Revision {failure.revision}" if failure.revision else "The upgrade"
    obstacle = _obstacle(who, failure.first_line, failure.statement)
    obstacle = replace(obstacle, path=place[0], line=place[1])
    return replace(leg, failure=None, left_behind=(), changed=(), remains=Remains(), obstacle=obstacle)


def naming_rights(databases: Databases, obstacle: Obstacle) -> Obstacle:
    """Return the reason why a project did not load, or its init command failed, with the setting that may help."""
    if not databases.role_is_ordinary or obstacle.kind not in _SAYS_SO:
        return obstacle
    said = refusal_in("\n".join((obstacle.details, obstacle.why, obstacle.message)))
    if said is None:
        return obstacle
    who = "The `init` command" if obstacle.kind is ObstacleKind.INIT_FAILED else "The project's code"
    return replace(
        _obstacle(who, said, None), path=obstacle.path, line=obstacle.line, details=obstacle.details or obstacle.why
    )


def _obstacle(who: str, said: str, statement: Statement | None) -> Obstacle:
    why = WHY
    if statement is not None:
        why += f"\nThe statement was: {short(statement.sql)}"
    return Obstacle(
        kind=ObstacleKind.NEEDS_SUPERUSER,
        message=f"{who} needs a right that only a superuser has: {said.rstrip('.')}.",
        why=why,
        remedy=FIX,
    )


def _is_refusal(leg: Leg, failure: Failure) -> bool:
    said = "\n".join(filter(None, (failure.message, failure.detail, failure.hint)))
    sql = failure.statement.sql if failure.statement else ""
    done = [statement for step in leg.steps for statement in step.statements if statement.seconds is not None]
    if not is_refusal(failure.sqlstate, said, sql) or any(revokes(statement.sql, said) for statement in done):
        return False
    return not _is_another_role(done, failure.statement)


def _is_another_role(done: Sequence[Statement], failing: Statement | None) -> bool:
    """Return whether the run had become a role of its own, which lacks the right whoever connects."""
    other = False
    for statement in done:
        change = changes_role(statement.sql)
        if change is not None:
            became, local = change
            ended = local and (failing is None or statement.transaction != failing.transaction)
            other = became and not ended
    return other
