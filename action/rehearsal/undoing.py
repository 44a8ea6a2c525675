"""Undoes a revision on a copy of the database that it made, and applies it again; the schema is read in between.

It is not applied again where the copy was seen to be as before in every respect: it would end the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from action.postgres.catalog import read_schema
from action.postgres.databases import Databases
from action.postgres.version_table import version_rows
from action.probe.protocol.companions import database_of
from action.probe.protocol.requests import Downgrade, Upgrade
from action.rehearsal.database_state import schema_of, version_table
from action.rehearsal.goals import AtRows, unreached
from action.rehearsal.leg import Route, drive
from action.rehearsal.same_meaning import without_same_meaning
from action.rehearsal.seen_whole import is_seen_whole
from action.rehearsal.several_databases import changed_in_all, numbers, schemas_of
from action.rehearsal.walk import Stage, Walk, roles_away
from action.rehearsal.watcher import Watcher
from action.session.session import Session
from action.session.version_sentences import not_at_heads
from checks.graph.algorithms import by_id
from checks.graph.version_rows import Difference
from checks.recording.legs import Leg, LegName
from checks.recording.round_trips import RoundTrip
from checks.recording.schema import ObjectChange, Schema


@dataclass(slots=True)
class Undone:
    """A revision whose downgrade has run on a copy."""

    stage: Stage
    copy: str
    leg: Leg
    schemas: list[Schema] = field(default_factory=list)
    """Of the copy, when they are read."""
    trip: RoundTrip | None = None
    """What was observed of it, where that is known already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundTrips:
    """What is needed to undo revisions of one tree."""

    session: Session
    databases: Databases
    watcher: Watcher
    walk: Walk

    def undo(self, stage: Stage) -> Undone:
        """Undo one revision; the schemas are read while the next one is under way."""
        if stage.roles:
            stage.read()  # before they have other names
        with roles_away(self.databases, stage.roles):
            copy = self.walk.copy(stage.before if stage.roles else stage.after)
            if stage.roles:  # whose names are free again
                again = Upgrade(database=copy, target=(stage.revision,))
                self._drive(Route(name=LegName.STEP, request=again, goal=AtRows(rows=stage.after.rows)))
            request = Downgrade(database=copy, revision=stage.revision)
            self.walk.waiting.append(stage.read)
            route = Route(
                name=LegName.UNDO,
                request=request,
                goal=AtRows(rows=stage.before.rows),
                before=stage.after.rows,
                is_proven_later=True,
            )
            undone = Undone(stage, copy, self._drive(route))
            if undone.leg.succeeded:
                self.walk.waiting.append(lambda: self._read(undone))
            if stage.roles:
                undone.trip = self.finished(undone)
        return undone

    def _read(self, undone: Undone) -> None:
        """Read what is in the copy, and prove by its version table that the revision was undone."""
        with self.databases.connect(undone.copy) as connection:
            found = version_rows(connection, *version_table(self.session))
            undone.schemas.append(read_schema(connection))
        for number in numbers(self.session)[1:]:
            undone.schemas.append(schema_of(self.databases, database_of(undone.copy, number)))
        wrong = unreached(AtRows(rows=undone.stage.before.rows), found, ())
        obstacle = not_at_heads(found, wrong.text, None) if isinstance(wrong, Difference) else None
        undone.leg = replace(undone.leg, versions_after=found, obstacle=obstacle)

    def finished(self, undone: Undone) -> RoundTrip:
        """Return what came of it, and of applying it again where that could end otherwise."""
        self.walk.catch_up()
        if undone.trip is not None:
            return undone.trip
        stage, leg = undone.stage, undone.leg
        self.databases.disconnect(undone.copy)
        changed = self._changed(stage.before.schemas, stage.after.schemas)
        trip = RoundTrip(revision=stage.revision, changed=changed, undo=leg)
        if not leg.succeeded:
            return trip
        differing = self._changed(stage.before.schemas, undone.schemas)
        trip = replace(trip, not_undone=without_same_meaning(differing, self.databases, undone.copy))
        if not trip.not_undone and self._shows_all(stage, trip):
            return replace(trip, is_as_before=True)
        return self._applied_again(undone, trip)

    def _applied_again(self, undone: Undone, trip: RoundTrip) -> RoundTrip:
        stage = undone.stage
        redo = self._drive(
            Route(
                name=LegName.REDO,
                request=Upgrade(database=undone.copy, target=(stage.revision,)),
                goal=AtRows(rows=stage.after.rows),
                before=stage.before.rows,
            )
        )
        if not (redo.succeeded and trip.not_undone):  # of the same schema the same one is made
            return replace(trip, redo=redo)
        redone = schemas_of(self.session, self.databases, undone.copy)
        return replace(trip, redo=redo, not_redone=self._changed(stage.after.schemas, redone))

    def _shows_all(self, stage: Stage, trip: RoundTrip) -> bool:
        """Return whether the schema shows all that the revision has done and undone."""
        undone = trip.undo.steps if trip.undo is not None else ()
        sent = (statement for step in (stage.step, *undone) for statement in step.statements)
        file = self.walk.plan.root / by_id(self.walk.plan.graph)[stage.revision].path
        return is_seen_whole(sent, file, self.walk.plan.root)

    def _changed(self, before: Sequence[Schema], after: Sequence[Schema]) -> tuple[ObjectChange, ...]:
        return changed_in_all(before, after, without=version_table(self.session))

    def _drive(self, route: Route) -> Leg:
        return drive(self.session, self.databases, replace(route, meanwhile=self.walk.catch_up), self.watcher)
