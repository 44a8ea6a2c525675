"""Stops the deploy half-way on a copy of the deployed database, and runs it again on what it left there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property

from action.postgres.databases import Databases
from action.probe.protocol.requests import Upgrade
from action.rehearsal.cut_points import CutPoint, CutPoints, cut_points
from action.rehearsal.database_state import version_table
from action.rehearsal.driving import Legs
from action.rehearsal.goals import Unproven
from action.rehearsal.interrupted_builds import Interruption
from action.rehearsal.leg import Route, drive
from action.rehearsal.plan import Plan
from action.rehearsal.row_changes import RowChanges
from action.rehearsal.several_databases import changed_in_all, numbers, schemas_of
from action.rehearsal.walk import roles_away
from action.rehearsal.watcher import Watcher
from action.session.session import Session
from checks.recording.legs import Leg, LegName
from checks.recording.replays import Replay, Replays
from checks.recording.schema import Schema

_ELSEWHERE = "The statement runs in another database than the first, where it cannot be interrupted."
_OTHERWISE = "When it ran again, the migration did not commit in the same places."


@dataclass(frozen=True, kw_only=True)
class Replaying:
    """One tree, driven to its heads, whose deploy is about to be stopped half-way."""

    plan: Plan
    session: Session
    databases: Databases
    watcher: Watcher
    made: Legs

    def replay(self) -> Replays:
        """Stop after each commit but the last, and run the upgrade again.

        A deploy in one transaction has no such commit, and costs nothing.
        """
        found: list[Replay] = []
        stops, ran = self.chosen, set(self.made.deploy.revisions)
        if stops.stops:
            assert self._schemas  # read before the names of its roles are taken from it
        for number, stop in enumerate(stops.stops, 1):
            self.watcher.advance(number, len(stops.stops), "stops")
            with self._copy() as database:
                replay = self._stopped(stop, database)
            found += [replay] if replay is not None else []
        return Replays(
            commits=tuple(self.made.deploy.commits),
            replays=tuple(found),
            left_out=stops.left_out,
            repeated=stops.repeated,
            alone=tuple(revision for revision in self.plan.judged if revision not in ran),
        )

    @cached_property
    def chosen(self) -> CutPoints:
        """Return where to stop."""
        return cut_points(self.made.deploy.commits, self.plan.judged)

    @contextmanager
    def _copy(self) -> Iterator[str]:
        """Yield a copy of the deployed database, while no role is there that the deploy makes."""
        with roles_away(self.databases, self.made.roles):
            database = self.databases.create("replay", template=self._start)
            yield database
            self.databases.drop(database)

    @property
    def _start(self) -> str | None:
        """Return the database that the deploy began with; None for an empty one."""
        return self.made.base if any(leg.name is LegName.BASE_TO_HEADS for leg in self.made.legs) else None

    @property
    def _head(self) -> str:
        assert self.made.head is not None
        return self.made.head

    @cached_property
    def _schemas(self) -> Sequence[Schema]:
        return schemas_of(self.session, self.databases, self._head)

    @cached_property
    def _rows(self) -> RowChanges:
        return RowChanges(
            session=self.session,
            databases=self.databases,
            head=self._head,
            schemas=self._schemas,
            another=self._another,
        )

    def _another(self) -> str | None:
        """Deploy once more, undisturbed."""
        database = self.databases.create("control", template=self._start)
        leg = self._drive(LegName.STEP, Upgrade(database=database), self._start)
        return database if leg.succeeded else None

    def _stopped(self, stop: CutPoint, database: str) -> Replay | None:
        cut = self._interrupted if stop.during is not None else self._cut
        reason = cut(stop, database)
        if reason is not None:
            return Replay(stop=stop.commit, during=stop.during, reason=reason) if reason else None
        again = self._drive(LegName.AGAIN, Upgrade(database=database), self._start)
        if not again.succeeded:
            return Replay(stop=stop.commit, during=stop.during, again=again)
        after = schemas_of(self.session, self.databases, database)
        return Replay(
            stop=stop.commit,
            during=stop.during,
            again=again,
            differs=changed_in_all(self._schemas, after, without=version_table(self.session)),
            rows=self._rows.of(database),
        )

    def _cut(self, stop: CutPoint, database: str) -> str | None:
        """Run the deploy up to a commit; return why that was not possible, None where it was."""
        request = Upgrade(database=database, stop_after=stop.commit.number)
        leg = self._drive(LegName.CUT, request, self._start)
        stopped = leg.succeeded and (not leg.steps or leg.steps[-1].revision == stop.commit.revision)
        return None if stopped else _OTHERWISE

    def _interrupted(self, stop: CutPoint, database: str) -> str | None:
        """Run the deploy up to the middle of a build; return why not, empty where it builds nothing."""
        assert stop.during is not None
        armed = Interruption(self.session, self.databases, database, stop.during.sql)
        with armed.armed():
            ended = self.session.perform(Upgrade(database=database), lambda event: None)
        self.databases.disconnect(database)
        if armed.done:
            return None
        if ended.died or ended.timed_out:
            return "The migration run ended before the statement could be interrupted."
        return _ELSEWHERE if len(numbers(self.session)) > 1 else ""

    def _drive(self, name: LegName, request: Upgrade, start: str | None) -> Leg:
        goal = self.plan.at_heads if name is LegName.AGAIN else Unproven()
        route = Route(name=name, request=request, goal=goal, start=start)
        return drive(self.session, self.databases, route, self.watcher)
