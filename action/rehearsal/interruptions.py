"""Faults of the server or of the machine that end a rehearsal, so that nothing is built upon what they left."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import replace

import psycopg2

from action.allowance import TimeIsUpError
from action.errors import PostgresError
from action.postgres.databases import Databases
from action.probe.protocol import fault_kinds
from action.rehearsal.rights import naming_rights
from action.rehearsal.steps import Collector
from action.session.ended import Ended
from action.session.fault_sentences import LOADING, interrupted
from action.session.session import Session
from checks.recording.legs import Failure, FailureKind, Leg
from checks.recording.obstacles import Obstacle, ObstacleKind

RUNNING = "the migrations ran"
COMPARING = "the models and the migrated database were compared"


class Interrupted(Exception):
    """The server or the machine failed; what was recorded until then stands."""

    def __init__(self, obstacle: Obstacle, leg: Leg | None = None) -> None:
        """Take the reason, and the migration run that it ended, where there was one."""
        super().__init__(obstacle.message)
        self.obstacle = obstacle
        self.leg = None if leg is None else replace(leg, obstacle=obstacle)


def interruption(
    databases: Databases,
    database: str,
    collector: Collector,
    ended: Ended,
    failure: Failure | None,
    during: str = RUNNING,
) -> Obstacle | None:
    """Return the fault behind a request that may have failed by it; call this before its sessions are ended."""
    fault = collector.fault
    failed = failure is not None or collector.obstacle is not None
    if fault is None and (not failed or (failure is not None and failure.kind is FailureKind.DATABASE)):
        return None  # the server itself says what was wrong
    kind = _kind(databases, database, collector, ended)
    if kind is None:
        return None
    words = fault.text if fault is not None else failure.message if failure is not None else ""
    return interrupted(
        kind,
        during=f"revision {failure.revision} ran" if failure and failure.revision else during,
        said=words,
        statement=failure.statement.sql if failure and failure.statement else "",
    )


def _kind(databases: Databases, database: str, collector: Collector, ended: Ended) -> str | None:
    """Return the kind of fault: first what our own side sees, because a lost connection only follows from it."""
    if ended.out_of_memory:
        return fault_kinds.OUT_OF_MEMORY
    fault, change = collector.fault, databases.state.change()
    if change is not None or fault is None:
        return change
    lost = fault.kind == fault_kinds.CONNECTION_LOST
    return None if lost and databases.state.ended_a_session_itself(database) else fault.kind


def load(session: Session, databases: Databases, purpose: str) -> Obstacle | None:
    """Import the project with a fresh database; return what kept it from that. Raises Interrupted."""
    return not_interrupted(databases, session.load(databases.address, databases.create(purpose)))


def not_interrupted(databases: Databases, obstacle: Obstacle | None) -> Obstacle | None:
    """Return what kept a project from loading; raise Interrupted where that was a fault of the server or machine."""
    if obstacle is None:
        return None
    change = None if obstacle.kind is ObstacleKind.INTERRUPTED else databases.state.change()
    if change is not None:
        obstacle = interrupted(change, during=LOADING, said=obstacle.message)
    if obstacle.kind is ObstacleKind.INTERRUPTED:
        raise Interrupted(obstacle)
    return naming_rights(databases, obstacle)


@contextlib.contextmanager
def interruptible(databases: Databases, during: str) -> Iterator[list[Interrupted]]:
    """Catch what interrupts the block into the list that it yields; ``during`` is a clause for an error of our own."""
    caught: list[Interrupted] = []
    try:
        yield caught
    except Interrupted as error:
        caught.append(error)
    except (TimeIsUpError, psycopg2.Error, PostgresError, OSError, MemoryError) as error:
        obstacle = _of_ours(error, databases, during)
        if obstacle is None:
            raise
        caught.append(Interrupted(obstacle))


@contextlib.contextmanager
def interrupts(databases: Databases, leg: Leg) -> Iterator[None]:
    """Raise Interrupted with the leg for what interrupts the block."""
    with interruptible(databases, RUNNING) as caught:
        yield
    for one in caught:
        raise Interrupted(one.obstacle, leg)


def _of_ours(error: Exception, databases: Databases, during: str) -> Obstacle | None:
    """Return the obstacle for an error of our own connections or files; None for a bug of ours."""
    if isinstance(error, TimeIsUpError):
        return Obstacle(kind=ObstacleKind.INTERRUPTED, message=str(error), why=error.why, remedy=error.remedy)
    if isinstance(error, PostgresError):
        return Obstacle(kind=ObstacleKind.INTERRUPTED, message=error.what, why=error.why, remedy=error.remedy)
    if not isinstance(error, psycopg2.Error):
        kind = fault_kinds.of_exception(error)
        return None if kind is None else interrupted(kind, during=during, said=str(error))
    kind = databases.state.fault_of(error)
    return refused(error) if kind is None else interrupted(kind, during=during, said=str(error))


def refused(error: psycopg2.Error) -> Obstacle:
    """Return the obstacle of a server that runs, and does not do as our own connection asks any more."""
    return Obstacle(
        kind=ObstacleKind.NO_SERVER,
        message="PostgreSQL stopped working during the run.",
        why=f"Its last error: {str(error).strip() or type(error).__name__}",
        remedy="Look for a migration that stops the server, or changes its settings or the role of the connection.",
    )
