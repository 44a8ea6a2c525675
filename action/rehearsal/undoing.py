"""Undoes a revision on a copy of the database that it made, and applies it again; the schema is read in between."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from action.postgres.databases import Databases
from action.probe.protocol.requests import Downgrade, Upgrade
from action.rehearsal.database_state import version_table
from action.rehearsal.goals import AtRows
from action.rehearsal.leg import Route, drive
from action.rehearsal.several_databases import changed_in_all, schemas_of
from action.rehearsal.walk import Stage, State, roles_away
from action.rehearsal.watcher import Watcher
from action.session.session import Session
from checks.recording.legs import Leg, LegName
from checks.recording.round_trips import RoundTrip
from checks.recording.schema import ObjectChange, Schema


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundTrips:
    """What is needed to undo revisions of one tree."""

    session: Session
    databases: Databases
    watcher: Watcher

    def of(self, stage: Stage) -> RoundTrip:
        """Return what came of undoing one revision and applying it again."""
        trip = RoundTrip(revision=stage.revision, changed=self._changed(stage.before.schemas, stage.after.schemas))
        with self._roles_free(stage) as start:
            copy = self.databases.create("undo", template=start.database)
            if start is not stage.after:
                self._drive(LegName.STEP, Upgrade(database=copy, target=(stage.revision,)), stage.after, start)
            done = self._there_and_back(stage, copy, trip)
            self.databases.drop(copy)
        return done

    def _there_and_back(self, stage: Stage, copy: str, trip: RoundTrip) -> RoundTrip:
        request = Downgrade(database=copy, revision=stage.revision)
        trip = replace(trip, undo=self._drive(LegName.UNDO, request, stage.before, stage.after))
        assert trip.undo is not None
        if not trip.undo.succeeded:
            return trip
        undone = schemas_of(self.session, self.databases, copy)
        again = Upgrade(database=copy, target=(stage.revision,))
        trip = replace(
            trip,
            not_undone=self._changed(stage.before.schemas, undone),
            redo=self._drive(LegName.REDO, again, stage.after, stage.before),
        )
        assert trip.redo is not None
        if not trip.redo.succeeded:
            return trip
        redone = schemas_of(self.session, self.databases, copy)
        return replace(trip, not_redone=self._changed(stage.after.schemas, redone))

    @contextmanager
    def _roles_free(self, stage: Stage) -> Iterator[State]:
        """Yield the state to begin from: without the revision, where it makes roles, whose names are free meanwhile."""
        with roles_away(self.databases, stage.roles):
            yield stage.before if stage.roles else stage.after

    def _changed(self, before: Sequence[Schema], after: Sequence[Schema]) -> tuple[ObjectChange, ...]:
        return changed_in_all(before, after, without=version_table(self.session))

    def _drive(self, name: LegName, request: Upgrade | Downgrade, goal: State, start: State) -> Leg:
        route = Route(name=name, request=request, goal=AtRows(rows=goal.rows), start=start.database)
        return drive(self.session, self.databases, route, self.watcher)
