"""One leg of the rehearsal: a tree driven to a target on one scratch database, and all that it told on the way."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from action.postgres.activity import what_hangs
from action.postgres.databases import Databases
from action.rehearsal.reading import rows, schema_of, version_table
from action.rehearsal.watcher import Watcher
from action.session.obstacles import describe
from action.session.session import Ended, Session
from checks.recording.places import Frame
from checks.recording.schema import changes
from checks.recording.tree import CreateAll, Failure, FailureKind, Leg, Obstacle, ObstacleKind, Statement, Step

Event = dict[str, Any]


@dataclass(slots=True)
class Collector:
    """Builds the steps of a leg from the probe's events."""

    watcher: Watcher | None = None
    total: int = 0
    """How many revisions the leg has, as far as known: for the watcher alone."""
    steps: list[Step] = field(default_factory=list)
    failed: Event | None = None
    obstacle: Event | None = None
    result: Event = field(default_factory=dict)
    crash: str = ""
    _revision: str | None = None
    _statements: list[Statement] = field(default_factory=list)
    _create_all: list[CreateAll] = field(default_factory=list)

    def __call__(self, event: Event) -> None:
        """Take in one event."""
        handler = getattr(self, "_on_" + event["event"].replace("-", "_"), None)
        if handler is not None:
            handler(event)

    def _on_step(self, event: Event) -> None:
        self._revision, self._statements, self._create_all = event["revision"], [], []
        if self.watcher is not None:
            self.watcher.advance(len(self.steps) + 1, max(self.total, len(self.steps) + 1), "revisions")

    def _on_statement(self, event: Event) -> None:
        frames = frames_of(event["frames"])
        self._statements.append(Statement(sql=event["sql"], frames=frames, transaction=event["transaction"]))

    def _on_statement_done(self, event: Event) -> None:
        autocommit = self._statements[-1].transaction is None
        self._statements[-1] = replace(self._statements[-1], seconds=event["seconds"], committed=autocommit)

    def _on_create_all(self, event: Event) -> None:
        self._create_all.append(CreateAll(frames=frames_of(event["frames"]), tables=event["tables"]))

    def _on_step_done(self, event: Event) -> None:
        self._close_step(event["seconds"])

    def _on_commit(self, event: Event) -> None:
        number = event["transaction"]
        self._statements = [committed(s, number) for s in self._statements]
        self.steps = [
            replace(step, statements=tuple(committed(s, number) for s in step.statements))
            if any(s.transaction == number for s in step.statements)
            else step
            for step in self.steps
        ]

    def _on_failed(self, event: Event) -> None:
        self.failed = event

    def _on_obstacle(self, event: Event) -> None:
        self.obstacle = event

    def _on_result(self, event: Event) -> None:
        self.result = event

    def _on_crashed(self, event: Event) -> None:
        self.crash = event["traceback"]

    def _close_step(self, seconds: float | None) -> None:
        assert self._revision is not None
        self.steps.append(
            Step(
                revision=self._revision,
                seconds=seconds,
                statements=tuple(self._statements),
                create_all=tuple(self._create_all),
            )
        )
        self._revision = None

    def close(self) -> tuple[str | None, Statement | None]:
        """End the step under way, if there is one; return its revision and its last statement that never came back."""
        revision = self._revision
        hung = self._statements[-1] if revision and self._statements else None
        if revision is not None:
            self._close_step(None)
        return revision, hung if hung is not None and hung.seconds is None else None


def committed(statement: Statement, transaction: int) -> Statement:
    """Return the statement, committed when it came back in that transaction."""
    if statement.transaction == transaction and statement.seconds is not None:
        return replace(statement, committed=True)
    return statement


def frames_of(rows: Sequence[Event]) -> tuple[Frame, ...]:
    """Return frames from their rows on the wire."""
    return tuple(Frame(path=row["path"], line=row["line"], function=row["function"]) for row in rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Where a leg goes, and from where."""

    name: str
    database: str
    target: Sequence[str] = ()
    """Revisions; all heads when empty."""
    start: str | None = None
    """The database that ``database`` is a copy of; None for an empty one."""
    total: int = 0
    """How many revisions it has, as far as known: for the watcher alone."""
    do: str = "upgrade"
    made_by: str = "migrations"
    command: str | None = None


def drive(session: Session, databases: Databases, route: Route, watcher: Watcher) -> Leg:
    """Drive a database along the route, and prove by its version table that the target was reached."""
    collector, blocked, started = Collector(watcher, route.total), [""], time.perf_counter()
    database, target = route.database, list(route.target)
    before = rows(session, databases, database)

    def look() -> None:
        blocked[0] = what_hangs(databases, database)

    ended = session.perform(route.do, database, collector, on_timeout=look, target=target, command=route.command)
    databases.disconnect(database)
    after = rows(session, databases, database)
    revision, hung = collector.close()
    failure = failure_of(collector, ended, revision, hung, blocked[0], session.run.timeout)
    stayed = failure is not None and before == after
    return Leg(
        name=route.name,
        target=tuple(target) or (session.environment.heads if session.environment else ()),
        steps=tuple(collector.steps),
        failure=failure,
        obstacle=None if failure else obstacle_of(session, collector, ended, after, target),
        versions_before=before,
        versions_after=after,
        left_behind=left_behind(collector.steps, failure),
        changed=not_as_before(session, databases, route) if stayed else (),
        seconds=time.perf_counter() - started,
        made_by=route.made_by,
    )


def not_as_before(session: Session, databases: Databases, route: Route) -> tuple[str, ...]:
    """Return what a failed leg changed for good: a migration may commit behind SQLAlchemy's back."""
    was = schema_of(databases, route.start or databases.create("empty"))
    found = changes(was, schema_of(databases, route.database))
    table = f" {'.'.join(version_table(session))} "
    return tuple(line for line in found if table not in line)


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


def obstacle_of(
    session: Session, collector: Collector, ended: Ended, after: tuple[str, ...], target: Sequence[str]
) -> Obstacle | None:
    """Return what makes the leg worth nothing although nothing failed: proof is in our own database alone."""
    event = collector.obstacle
    if event is None:
        missing = session.pending(after, target)
        if not missing:
            return None
        event = {
            "kind": ObstacleKind.NOT_AT_HEADS.value,
            "rows": after,
            "text": f"Not applied: {', '.join(missing)}",
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
