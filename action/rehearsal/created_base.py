"""The ways to create the base database without the base's migrations: a schema file, a command, the models."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from action.postgres.databases import Databases
from action.probe.protocol.requests import CreateSchema, Initialize, Upgrade
from action.rehearsal.base_code import BaseCheckout
from action.rehearsal.base_sentences import (
    init_ended,
    no_base,
    no_models,
    no_rows,
    nothing_from_init,
    nothing_in_models,
    unknown_rows,
)
from action.rehearsal.database_state import rows, version_table
from action.rehearsal.first_load import FirstLoad
from action.rehearsal.goals import Unproven
from action.rehearsal.leg import Route, drive
from action.rehearsal.plan import Plan
from action.rehearsal.set_up_objects import is_untouched
from action.rehearsal.several_databases import describes_one
from action.rehearsal.watcher import Watcher
from action.session.obstacle_sentences import printed
from action.session.session import Session
from action.session.version_sentences import not_at_heads
from checks.graph.algorithms import by_id
from checks.graph.version_rows import difference
from checks.recording.absent import Absent
from checks.recording.legs import CodeOf, Failure, FailureKind, Leg, LegName, MadeBy
from checks.recording.obstacles import Obstacle
from checks.recording.places import Frame
from checks.recording.revisions import Changes


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseCreation:
    """What a base database is created from, and what it has to be."""

    plan: Plan
    base: BaseCheckout
    session: Session
    """On the working tree's code; a database of a schema file needs the base's only where it is behind."""
    databases: Databases
    watcher: Watcher
    unloadable: Obstacle | None = None
    """Why the project does not load on an empty database, where it loads on one that the settings create."""

    @property
    def heads(self) -> tuple[str, ...]:
        """Return the heads of the base, which the database has to be at."""
        return self.plan.old_heads

    @property
    def comes_first(self) -> bool:
        """Return whether the base database is created without trying the base's migrations on an empty one."""
        known = not isinstance(self.plan.changes, Absent)
        return self.plan.schema is not None or (self.unloadable is not None and known)

    def failed_start(self) -> tuple[Leg, ...]:
        """Return the run on an empty database that cannot start, because the project does not load on one."""
        if self.unloadable is None or self.plan.schema is not None:
            return ()
        first = self.unloadable
        failure = Failure(
            kind=FailureKind.PYTHON,
            message=first.message.removeprefix("The project's own code failed to load: "),
            frames=(Frame(path=first.path, line=first.line, function=""),) if first.path and first.line else (),
            traceback=first.details,
        )
        return (Leg(name=LegName.EMPTY_TO_BASE, target=self.heads, failure=failure),)

    @property
    def way(self) -> MadeBy:
        """Return how the settings want it created: the best base that they offer."""
        if self.plan.schema is not None:
            return MadeBy.SCHEMA_FILE
        return MadeBy.INIT_COMMAND if self.plan.init else MadeBy.MODELS

    def create(self) -> tuple[str, Leg]:
        """Return a database at the base's heads, and the run that created it."""
        refused = None if self.way is MadeBy.MODELS else describes_one(self.session, _SETTINGS[self.way])
        if refused is not None:
            return self.stopped(self.databases.create("base_made"), refused)
        database, leg = WAYS[self.way](self)
        return database, replace(leg, target=leg.target or self.heads, made_by=self.way, code=CodeOf.BASE)

    def stopped(self, database: str, obstacle: Obstacle) -> tuple[str, Leg]:
        """Return the run that an obstacle kept from creating the database."""
        return database, Leg(name=LegName.CREATE_BASE, target=self.heads, obstacle=obstacle, made_by=self.way)


def load_project(
    plan: Plan, session: Session, databases: Databases, watcher: Watcher
) -> tuple[Obstacle | None, Obstacle | None]:
    """Import the project; return why it does not load on an empty database, and what kept it from loading at all."""
    first = FirstLoad(databases, plan.init, plan.schema)
    obstacle = first.on_empty(session, "load")
    if obstacle is None:
        return None, None
    with BaseCheckout(plan, session, databases) as base:
        creation = BaseCreation(plan=plan, base=base, session=session, databases=databases, watcher=watcher)
        return obstacle, first.on_created(session, "load", obstacle, partial(_by_init_of_base, creation))


def _by_init_of_base(creation: BaseCreation) -> tuple[str, Obstacle | None] | None:
    """Return a database that the base's code creates with the init command; None where that code cannot be had."""
    if isinstance(creation.base.session(), Absent):
        return None
    database, leg = creation.create()
    if leg.failure is not None:
        return database, no_base(Absent(reason=leg.failure.message))
    return database, leg.obstacle


def _from_models(creation: BaseCreation) -> tuple[str, Leg]:
    database, session = creation.databases.create("base_made"), creation.base.session()
    if isinstance(session, Absent):
        return creation.stopped(database, no_base(session))
    nothing = no_models(session.environment)
    if nothing is not None:
        return creation.stopped(database, nothing)
    request = CreateSchema(database=database, target=creation.heads)
    route = Route(name=LegName.CREATE_BASE, request=request, goal=creation.plan.at_base, code=CodeOf.BASE)
    leg = drive(session, creation.databases, route, creation.watcher)
    if leg.succeeded and _is_empty(session, creation.databases, database):
        return creation.stopped(database, nothing_in_models())
    return database, leg


def _by_init(creation: BaseCreation) -> tuple[str, Leg]:
    database, session = creation.databases.create("base_made"), creation.base.session()
    if isinstance(session, Absent):
        return creation.stopped(database, no_base(session))
    request = Initialize(database=database, target=creation.heads, command=creation.plan.init or "")
    route = Route(name=LegName.CREATE_BASE, request=request, goal=Unproven(), code=CodeOf.BASE)
    leg = drive(session, creation.databases, route, creation.watcher)
    if leg.failure is not None and leg.failure.kind in (FailureKind.TIMEOUT, FailureKind.DIED):
        session.keep_output()
        how = leg.failure.message if leg.failure.kind is FailureKind.TIMEOUT else "or env.py ended its own process"
        return creation.stopped(database, init_ended(how, printed(session.output)))
    if not leg.succeeded:
        return database, leg
    if _is_empty(session, creation.databases, database):
        session.keep_output()
        return creation.stopped(database, nothing_from_init(printed(session.output)))
    return _up_to_heads(creation, database, leg)


def _from_schema_file(creation: BaseCreation) -> tuple[str, Leg]:
    assert creation.plan.schema is not None
    database = creation.databases.create("schema")
    refused = creation.plan.schema.load(creation.databases, database, creation.session.run.timeout)
    if refused is not None:
        return creation.stopped(database, refused)
    found = rows(creation.session, creation.databases, database)
    leg = Leg(name=LegName.CREATE_BASE, target=found, versions_before=found, versions_after=found)
    if not found and (creation.heads or isinstance(creation.plan.changes, Absent)):
        table = ".".join(version_table(creation.session))
        return creation.stopped(database, no_rows(creation.plan.schema.name, table))
    return _up_to_heads(creation, database, leg)


def _up_to_heads(creation: BaseCreation, database: str, leg: Leg) -> tuple[str, Leg]:
    """Apply the base's revisions that the database has not run yet; ``leg`` is the run that created it."""
    found, changes = leg.versions_after, creation.plan.changes
    if isinstance(changes, Absent):
        return database, leg  # no base: what the database has not run is new
    known = by_id(changes.fork_graph)
    unknown = [row for row in found if row not in known]
    if unknown:
        return creation.stopped(database, unknown_rows(unknown, creation.way, _who_has(unknown, changes)))
    gap = difference(changes.fork_graph, creation.heads, found)
    if gap is None:
        return database, leg
    if gap.surplus:
        return creation.stopped(database, not_at_heads(found, gap.text, None, gap.surplus))
    session = creation.base.session()
    if isinstance(session, Absent):
        return creation.stopped(database, no_base(session))
    upgraded = creation.databases.create("base_made", template=database)
    request = Upgrade(database=upgraded, target=creation.heads)
    goal = creation.plan.at_base
    route = Route(name=LegName.CREATE_BASE, request=request, goal=goal, start=database, code=CodeOf.BASE)
    return upgraded, drive(session, creation.databases, route, creation.watcher)


def _who_has(unknown: list[str], changes: Changes) -> str | None:
    """Return where unknown revisions come from, in a sentence; None where that is not known."""
    if set(unknown) <= set(changes.new):
        return "This change adds it." if len(unknown) == 1 else "This change adds them."
    if set(unknown) <= {revision.id for revision in changes.base_graph.revisions}:
        return f"{changes.base} has it since this branch was started from it."
    return None


def _is_empty(session: Session, databases: Databases, database: str) -> bool:
    """Return whether a database has no table or view beside the version table."""
    return is_untouched(databases, database, version_table(session))


_SETTINGS = {MadeBy.SCHEMA_FILE: "schema", MadeBy.INIT_COMMAND: "init"}
WAYS: dict[MadeBy, Callable[[BaseCreation], tuple[str, Leg]]] = {
    MadeBy.SCHEMA_FILE: _from_schema_file,
    MadeBy.INIT_COMMAND: _by_init,
    MadeBy.MODELS: _from_models,
}
"""By the name for the report, the best first."""
