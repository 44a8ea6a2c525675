"""One leg of the rehearsal: the migrations run on one scratch database, and everything that was recorded of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace

import psycopg2

from action.postgres.activity import active_statements
from action.postgres.databases import Databases
from action.probe.protocol.requests import LegRequest
from action.rehearsal.database_state import column_type, rows, version_table
from action.rehearsal.failures import failure_of, left_behind, obstacle_of
from action.rehearsal.goals import Goal, wanted_rows
from action.rehearsal.interruptions import Interrupted, interruption, interrupts
from action.rehearsal.remaining import remaining
from action.rehearsal.rights import naming_rights, without_lacking_rights
from action.rehearsal.several_databases import changed_in_all, others_not_at_heads, rows_of_others, schemas_of
from action.rehearsal.standstill import MESSAGE, Standstill
from action.rehearsal.steps import Collector
from action.rehearsal.watcher import Watcher
from action.session.ended import Listener, nothing
from action.session.events import Event
from action.session.session import Session
from checks.recording.legs import ALONE, DEPLOYS, CodeOf, Leg, LegName, MadeBy
from checks.recording.schema import ObjectChange


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """What a leg does to which database, and what has to be true afterwards."""

    name: LegName
    request: LegRequest
    goal: Goal
    start: str | None = None
    """The database that ``database`` is a copy of; None for an empty one."""
    total: int = 0
    """How many revisions it has, as far as known: for the watcher alone."""
    made_by: MadeBy = MadeBy.MIGRATIONS
    code: CodeOf = CodeOf.HEAD
    heard: Listener | None = None
    """What listens to its events as well."""
    before: tuple[str, ...] | None = None
    """The rows of the version table; None where they are to be read."""
    is_proven_later: bool = False
    """Whether the caller itself compares the version table with the goal, after a run in which nothing went wrong."""
    meanwhile: Callable[[], None] = nothing
    """What we do while it runs."""

    @property
    def database(self) -> str:
        """Return the database that it runs on."""
        return self.request.database


def drive(session: Session, databases: Databases, route: Route, watcher: Watcher) -> Leg:
    """Drive a database along the route, and prove by its version table that the goal was reached.

    Raises Interrupted, with the leg as far as it came, where the server or the machine failed.
    """
    collector, blocked, started = Collector(watcher, route.total), [""], time.perf_counter()
    database = route.database
    before = rows(session, databases, database) if route.before is None else route.before

    def look() -> None:
        with suppress(psycopg2.Error):  # a server that is gone is noticed below
            blocked[0] = active_statements(databases, database)

    def hear(event: Event) -> None:
        collector(event)
        if route.heard is not None:
            route.heard(event)

    standstill = Standstill(databases, database)
    ended = session.perform(route.request, hear, on_timeout=look, meanwhile=route.meanwhile, gives_up=standstill)
    failure = failure_of(collector, ended, blocked[0], session.run.timeout)
    if failure is not None and standstill.found:
        failure = replace(failure, message=MESSAGE)
    leg = Leg(
        name=route.name,
        target=wanted_rows(route.goal, session.environment.heads if session.environment else ()),
        steps=tuple(collector.steps),
        versions_before=before,
        seconds=time.perf_counter() - started,
        made_by=route.made_by,
        code=route.code,
    )
    with interrupts(databases, leg):
        obstacle = interruption(databases, database, collector, ended, failure)
        if obstacle is not None and failure is not None:
            raise Interrupted(obstacle)
        leg = _proven(session, databases, route, replace(leg, failure=failure), collector)
        if obstacle is not None and leg.obstacle is not None:
            raise Interrupted(obstacle)
    return leg


def _proven(session: Session, databases: Databases, route: Route, leg: Leg, collector: Collector) -> Leg:
    """Return the leg with what our own connection finds in its database."""
    nothing_wrong = leg.failure is None and collector.obstacle is None and all(s.seconds is not None for s in leg.steps)
    if route.is_proven_later and nothing_wrong:
        return leg
    databases.disconnect(route.database)
    after = rows(session, databases, route.database)
    stayed = leg.failure is not None and leg.versions_before == after and route.name not in ALONE
    obstacle, others = None, rows_of_others(session, databases, route.database)
    if leg.failure is None:
        obstacle = obstacle_of(session, collector, after, route.goal)
        obstacle = obstacle or others_not_at_heads(session, others, route.goal)
        obstacle = None if obstacle is None else naming_rights(databases, obstacle)
    proven = replace(
        leg,
        obstacle=obstacle,
        versions_after=after,
        others_after=others,
        version_column=column_type(session, databases, route.database) if leg.failure else None,
        left_behind=left_behind(collector.steps, leg.failure),
    )
    if leg.failure is not None and (stayed or route.name in DEPLOYS):
        start = route.start or databases.create("empty")
        proven = replace(proven, changed=not_as_before(session, databases, route, start) if stayed else ())
        if route.name in DEPLOYS:
            remains = remaining(session, databases, start, route.database, proven)
            written = collector.failed.written if collector.failed is not None else ()
            proven = replace(proven, remains=replace(remains, written=written))
    return without_lacking_rights(databases, proven)


def not_as_before(session: Session, databases: Databases, route: Route, start: str) -> tuple[ObjectChange, ...]:
    """Return what a failed leg changed for good: a migration may commit behind SQLAlchemy's back."""
    before = schemas_of(session, databases, start)
    after = schemas_of(session, databases, route.database)
    return changed_in_all(before, after, without=version_table(session))
