"""The databases before and after each revision that is judged: one step at a time, in the order of a deploy."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial

from action.postgres.databases import Databases
from action.probe.protocol.requests import Upgrade
from action.rehearsal.database_state import rows
from action.rehearsal.driving import Legs
from action.rehearsal.goals import Unproven
from action.rehearsal.leg import Route, drive
from action.rehearsal.plan import Plan
from action.rehearsal.state_contents import Contents, contents_of
from action.rehearsal.watcher import Watcher
from action.session.session import Session
from checks.graph.algorithms import ancestors, by_id
from checks.recording.legs import DEPLOYS, Leg, LegName, Step
from checks.recording.schema import Schema

_KEPT = 10
"""Copies that are kept: on a server of ours they end with it, which is faster than to drop each."""

_IN_USE = 3
"""The newest copies: those of the revision under way."""


@dataclass(slots=True)
class State:
    """A database that is only read and copied."""

    database: str
    rows: tuple[str, ...]
    """Of the version table."""
    _read: Callable[[str], Sequence[Contents]]
    _contents: Sequence[Contents] | None = None

    @property
    def contents(self) -> Sequence[Contents]:
        """Read what is in each database that env.py migrates, once."""
        if self._contents is None:
            self._contents = self._read(self.database)
        return self._contents

    @property
    def schemas(self) -> list[Schema]:
        """Return the schema of each of them."""
        return [one.schema for one in self.contents]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A revision with the state that it was applied to, and the state that it made of it."""

    revision: str
    before: State
    after: State
    step: Step
    """What its upgrade sent."""
    roles: tuple[str, ...] = ()
    """Roles that it created: they belong to the whole server, so they are there in each database."""

    def read(self) -> None:
        """Read both states, where that is not done yet."""
        _ = self.before.contents, self.after.contents


@dataclass(frozen=True, slots=True)
class Unreached:
    """A revision that could not be applied by itself."""

    revision: str
    reason: str


@dataclass(slots=True, kw_only=True)
class Walk:
    """Applies the revisions that are judged one at a time, each to a copy of the database that the last one made."""

    plan: Plan
    session: Session
    databases: Databases
    watcher: Watcher
    made: Legs
    waiting: list[Callable[[], None]] = field(default_factory=list)
    """What is to be read while a migration runs."""
    _from_base: bool = False
    """Whether it goes the way of the deploy."""
    _own: list[str] = field(default_factory=list)

    def stages(self) -> Iterator[Stage | Unreached]:
        """Yield each revision; its databases are there until the next one is asked for."""
        judged = self.plan.judged
        deployed = self._deployed_steps()
        if set(judged) <= deployed.keys() and self.made.base is not None:
            self._from_base, state = True, self._state(self.made.base)
            judged = tuple(revision for revision in deployed if revision in set(judged))
        else:
            state = self._state(self._create(None))
        for revision in judged:
            found = self._with_parents(state, revision)
            stage = found if isinstance(found, Unreached) else self._stage(found, revision, deployed)
            yield stage
            if isinstance(stage, Unreached):
                return
            state = stage.after
            self._drop_old(state)

    def _deployed_steps(self) -> dict[str, Step]:
        """Return the steps of the run from the base database to the heads, in their order."""
        leg = next((leg for name in DEPLOYS for leg in self.made.legs if leg.name is name), None)
        steps: dict[str, list[Step]] = {}
        for step in () if leg is None else leg.steps:
            steps.setdefault(step.revision, []).append(step)
        return {revision: _in_one(of_each) for revision, of_each in steps.items()}

    def _stage(self, before: State, revision: str, deployed: dict[str, Step]) -> Stage | Unreached:
        if self._is_head(before, revision, deployed) and self.made.head is not None:
            return Stage(revision=revision, before=before, after=self._state(self.made.head), step=deployed[revision])
        known, database = set(self.databases.new_roles()), self._create(before.database)
        leg = self._upgraded(database, (revision,), before)
        reason = _why_not(leg, revision)
        if reason is not None:
            return Unreached(revision, reason)
        roles = tuple(role for role in self.databases.new_roles() if role not in known)
        return Stage(
            revision=revision,
            before=before,
            after=self._state(database, leg.versions_after),
            step=_in_one(leg.steps),
            roles=roles,
        )

    def _is_head(self, before: State, revision: str, deployed: dict[str, Step]) -> bool:
        """Return whether the deploy ended with the revision, so that what it made is there already.

        What earlier revisions made has other numbers there than in the copies, and a loss is found by numbers.
        """
        is_last = self._from_base and next(reversed(deployed)) == revision and not self.made.roles
        return is_last and (before.database == self.made.base or not self.plan.seeks_losses)

    def _with_parents(self, state: State, revision: str) -> State | Unreached:
        """Return the state to which a revision can be applied: revisions that are not judged may come before it."""
        graph = self.plan.graph
        applied = {*state.rows, *ancestors(graph, *state.rows, dependencies=True)}
        missing = ancestors(graph, revision, dependencies=True) - applied - {revision}
        if not missing:
            return state
        known = by_id(graph)[revision]
        database = self._create(state.database)
        leg = self._upgraded(database, (*known.down_revisions, *known.depends_on), state)
        if not leg.succeeded:
            return Unreached(revision, f"The revisions before it could not be applied: {leg.said}.")
        return self._state(database, leg.versions_after)

    def _upgraded(self, database: str, target: tuple[str, ...], start: State) -> Leg:
        request = Upgrade(database=database, target=target)
        route = Route(
            name=LegName.STEP,
            request=request,
            goal=Unproven(),
            start=start.database,
            before=start.rows,
            meanwhile=self.catch_up,
        )
        return drive(self.session, self.databases, route, self.watcher)

    def _state(self, database: str, found: tuple[str, ...] | None = None) -> State:
        found = rows(self.session, self.databases, database) if found is None else found
        return State(database, found, partial(contents_of, self.plan, self.session, self.databases))

    def catch_up(self) -> None:
        """Read what is waiting to be read."""
        while self.waiting:
            self.waiting.pop(0)()

    def copy(self, state: State) -> str:
        """Return a copy of a state's database, which is there as long as the stage."""
        return self._create(state.database)

    def _create(self, template: str | None) -> str:
        self._own.append(self.databases.create("step", template=template))
        return self._own[-1]

    def _drop_old(self, state: State) -> None:
        """Drop the copies that nobody needs any more, where they are many."""
        if len(self._own) > _KEPT:
            self.catch_up()
            for database in [name for name in self._own[:-_IN_USE] if name != state.database]:
                self.databases.drop(database)
                self._own.remove(database)


def _in_one(steps: Sequence[Step]) -> Step:
    """Return the steps of one revision as one: an env.py that migrates several databases runs it once for each."""
    first, *others = steps
    return replace(first, statements=tuple(statement for step in (first, *others) for statement in step.statements))


def _why_not(leg: Leg, revision: str) -> str | None:
    """Return why a run says nothing of one revision; None where it applied that one alone."""
    if not leg.succeeded:
        return f"It could not be applied by itself: {leg.said}."
    if {step.revision for step in leg.steps} != {revision} or leg.versions_before == leg.versions_after:
        return "It could not be applied by itself."
    return None


@contextmanager
def roles_away(databases: Databases, roles: Sequence[str]) -> Iterator[None]:
    """Free the names of roles that a migration makes, so that it can run again on another database.

    A role belongs to the whole server: another database keeps it from being dropped, or created twice.
    """
    hidden = {role: databases.hide_role(role) for role in roles}
    yield
    for role in set(databases.new_roles()) & hidden.keys():
        databases.hide_role(role)
    for role, name in hidden.items():
        databases.rename_role(name, role)
