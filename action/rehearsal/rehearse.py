"""The plan of a rehearsal: empty -> base -> head, then the models against the migrated database."""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass, field, replace
from pathlib import Path

from action.base.interface import Base
from action.postgres.databases import Databases
from action.probe.protocol.requests import Upgrade
from action.project.alembic_tree import Tree
from action.rehearsal.base_code import BaseCheckout, no_base
from action.rehearsal.goals import UpgradedTo
from action.rehearsal.leg import Route, drive
from action.rehearsal.model_drift import compare_models
from action.rehearsal.watcher import Watcher
from action.session.running import ProjectRun
from action.session.session import Session
from checks.graph.algorithms import effective_heads, order
from checks.recording.absent import Absent
from checks.recording.legs import Leg, LegName
from checks.recording.revisions import Changes, Graph
from checks.recording.tree import Phase, TreeRecording


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be rehearsed of one tree."""

    tree: Tree
    root: Path
    run: ProjectRun
    graph: Graph
    changes: Changes | Absent
    base: Base | None = None
    """Where the files of the merge base are; None where there are no changes either."""
    init: str | None = None

    @property
    def old_heads(self) -> tuple[str, ...]:
        """Return the heads that a deployed database is at; empty when there is nothing to rehearse apart."""
        changes = self.changes
        if isinstance(changes, Absent) or not (changes.new or self.history_changed):
            return ()
        return effective_heads(changes.fork_graph)

    @property
    def at_base(self) -> UpgradedTo:
        """Return the goal of a database that is deployed."""
        graph = self.graph if isinstance(self.changes, Absent) else self.changes.fork_graph
        return UpgradedTo(graph=graph, targets=self.old_heads)

    @property
    def at_heads(self) -> UpgradedTo:
        """Return the goal of a database that all revisions of the working tree are applied to."""
        return UpgradedTo(graph=self.graph)

    @property
    def history_changed(self) -> bool:
        """Tell whether revisions that are deployed are no longer what they were."""
        return not isinstance(self.changes, Absent) and bool(self.changes.reworked or self.changes.removed)

    @property
    def heads_in_order(self) -> tuple[str, ...]:
        """Return the effective heads of the working tree, the newest last: a new revision is based on that one."""
        last = set(effective_heads(self.graph))
        return tuple(revision for revision in order(self.graph) if revision in last)


@dataclass(slots=True)
class Legs:
    """The legs that were driven, and the databases that they made."""

    legs: list[Leg] = field(default_factory=list)
    base: str | None = None
    """A database at the base's heads, that nothing new was applied to."""
    head: str | None = None
    """A database at all heads; None when they were not reached."""


def rehearse(
    plan: Plan, session: Session, databases: Databases, recording: TreeRecording, watcher: Watcher
) -> TreeRecording:
    """Run the tree's migrations and models once; return the recording with all that was seen."""
    with contextlib.ExitStack() as stack:
        with watcher.phase("importing the project"):
            obstacle = session.load(databases.address, databases.create("load"))
        recording = replace(recording, environment=session.environment, obstacle=obstacle)
        if obstacle is None:
            base = stack.enter_context(BaseCheckout(plan.base, plan.tree, plan.root, plan.run, databases))
            recording = Rehearsal(plan, databases, watcher, session, base).run(recording)
        session.keep_output()
        return replace(recording, output=session.output)


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """One tree, loaded, about to be driven."""

    plan: Plan
    databases: Databases
    watcher: Watcher
    session: Session
    base: BaseCheckout

    def run(self, recording: TreeRecording) -> TreeRecording:
        """Drive it to its heads, then compare the migrated database with the models."""
        started = time.perf_counter()
        with self.watcher.phase("applying the revisions"):
            made = self._legs()
        seconds = {Phase.APPLY: time.perf_counter() - started}
        recording = replace(recording, legs=tuple(made.legs), seconds=seconds)
        environment = self.session.environment
        if made.head is None or environment is None or not environment.tables:
            return recording
        started = time.perf_counter()
        with self.watcher.phase("comparing the models"):
            heads_in_order = self.plan.heads_in_order
            drift = compare_models(self.session, self.base, self.databases, made.head, made.base, heads_in_order)
        seconds[Phase.COMPARE] = time.perf_counter() - started
        return replace(recording, drift=drift, seconds=seconds)

    def _legs(self) -> Legs:
        made = Legs()
        if self.plan.old_heads:
            self._in_two(made)
        else:
            self._whole(made)
        return made

    def _whole(self, made: Legs) -> None:
        """Apply everything to an empty database: no base is known, or nothing is new."""
        made.head = self.databases.create("head")
        request = Upgrade(database=made.head)
        route = Route(name=LegName.EMPTY_TO_HEADS, request=request, goal=self.plan.at_heads)
        made.legs.append(self._drive(self.session, route))
        if isinstance(self.plan.changes, Absent):
            made.head = made.head if succeeded(made.legs[-1]) else None
            return
        if made.legs[-1].failure is not None:
            made.head = self._create_base(made, self.plan.at_heads)
        made.base = made.head = made.head if succeeded(made.legs[-1]) else None

    def _in_two(self, made: Legs) -> None:
        """Apply what the base has; then what is new, in a clone and a fresh process, as a deploy does."""
        made.base = self._base(made)
        if made.base is None:
            return
        database = self.databases.create("head", template=made.base)
        route = Route(
            name=LegName.BASE_TO_HEADS,
            request=Upgrade(database=database),
            goal=self.plan.at_heads,
            start=made.base,
            made_by=made.legs[-1].made_by,
        )
        made.legs.append(self._drive(self.session, route))
        made.head = database if succeeded(made.legs[-1]) else None
        if not isinstance(self.plan.changes, Absent) and self.plan.changes.reworked:
            # No deploy runs an edited revision again; every new database does.
            request = Upgrade(database=self.databases.create("edited"))
            route = Route(name=LegName.EMPTY_TO_HEADS, request=request, goal=self.plan.at_heads)
            made.legs.append(self._drive(self.session, route))

    def _base(self, made: Legs) -> str | None:
        """Return a database as the deployed one is: made by the revisions as the base has them."""
        old = self.plan.old_heads
        session = self.base.session() if self.plan.history_changed else self.session
        if isinstance(session, Absent):
            made.legs.append(Leg(name=LegName.EMPTY_TO_BASE, target=old, obstacle=no_base(session)))
            return None
        database = self.databases.create("base")
        request = Upgrade(database=database, target=old)
        route = Route(name=LegName.EMPTY_TO_BASE, request=request, goal=self.plan.at_base)
        made.legs.append(self._drive(session, route))
        if made.legs[-1].failure is not None:
            database = self._create_base(made, self.plan.at_base)
        return database if succeeded(made.legs[-1]) else None

    def _drive(self, session: Session, route: Route) -> Leg:
        changes = self.plan.changes
        new = 0 if isinstance(changes, Absent) else len(changes.new)
        old_ones_only = route.name is LegName.EMPTY_TO_BASE
        total = new if route.start else len(self.plan.graph.revisions) - (new if old_ones_only else 0)
        return drive(session, self.databases, replace(route, total=total), self.watcher)

    def _create_base(self, made: Legs, goal: UpgradedTo) -> str:
        database, leg = self.base.create(goal, self.plan.init, self.watcher)
        made.legs.append(leg)
        return database


def succeeded(leg: Leg) -> bool:
    """Tell whether a leg reached its target."""
    return leg.failure is None and leg.obstacle is None
