"""Undoes a revision on a copy of the database that it made, and applies it again; the schema is read in between.

It is not applied again where the copy was seen to be as before in every respect: the same would come of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from action.postgres.databases import Databases
from action.probe.protocol.requests import Downgrade, Upgrade
from action.rehearsal.database_state import version_table
from action.rehearsal.goals import AtRows
from action.rehearsal.leg import Route, drive
from action.rehearsal.seen_whole import is_seen_whole
from action.rehearsal.several_databases import changed_in_all, schemas_with
from action.rehearsal.walk import Stage, Walk, roles_away
from action.rehearsal.watcher import Watcher
from action.session.session import Session
from checks.graph.algorithms import by_id
from checks.recording.legs import Leg, LegName
from checks.recording.round_trips import RoundTrip
from checks.recording.schema import ObjectChange, Schema


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundTrips:
    """What is needed to undo revisions of one tree."""

    session: Session
    databases: Databases
    watcher: Watcher
    walk: Walk

    def of(self, stage: Stage) -> RoundTrip:
        """Return what came of undoing one revision and applying it again."""
        if stage.roles:
            stage.read()  # before they have other names
        with roles_away(self.databases, stage.roles):
            copy = self.walk.copy(stage.before if stage.roles else stage.after)
            if stage.roles:  # whose names are free again
                again = Upgrade(database=copy, target=(stage.revision,))
                self._drive(Route(name=LegName.STEP, request=again, goal=AtRows(rows=stage.after.rows)))
            return self._there_and_back(stage, copy)

    def _there_and_back(self, stage: Stage, copy: str) -> RoundTrip:
        undone: list[list[Schema]] = []
        undo = self._drive(
            Route(
                name=LegName.UNDO,
                request=Downgrade(database=copy, revision=stage.revision),
                goal=AtRows(rows=stage.before.rows),
                before=stage.after.rows,
                meanwhile=stage.read,
                look=lambda found: undone.append(schemas_with(self.session, self.databases, copy, found)),
            )
        )
        changed = self._changed(stage.before.schemas, stage.after.schemas)
        trip = RoundTrip(revision=stage.revision, changed=changed, undo=undo)
        return trip if not undo.succeeded else self._applied_again(stage, copy, trip, undone[0])

    def _applied_again(self, stage: Stage, copy: str, trip: RoundTrip, undone: Sequence[Schema]) -> RoundTrip:
        not_undone = self._changed(stage.before.schemas, undone)
        if not not_undone and self._shows_all(stage, trip):
            return replace(trip, is_as_before=True)
        redone: list[list[Schema]] = []
        redo = self._drive(
            Route(
                name=LegName.REDO,
                request=Upgrade(database=copy, target=(stage.revision,)),
                goal=AtRows(rows=stage.after.rows),
                before=stage.before.rows,
                # Of the same schema the same one is made.
                look=(lambda found: redone.append(schemas_with(self.session, self.databases, copy, found)))
                if not_undone
                else None,
            )
        )
        not_redone = self._changed(stage.after.schemas, redone[0]) if redone else ()
        return replace(trip, not_undone=not_undone, redo=redo, not_redone=not_redone)

    def _shows_all(self, stage: Stage, trip: RoundTrip) -> bool:
        """Return whether the schema shows all that the revision has done and undone."""
        undone = trip.undo.steps if trip.undo is not None else ()
        sent = (statement for step in (stage.step, *undone) for statement in step.statements)
        file = self.walk.plan.root / by_id(self.walk.plan.graph)[stage.revision].path
        return is_seen_whole(sent, file, self.walk.plan.root)

    def _changed(self, before: Sequence[Schema], after: Sequence[Schema]) -> tuple[ObjectChange, ...]:
        return changed_in_all(before, after, without=version_table(self.session))

    def _drive(self, route: Route) -> Leg:
        return drive(self.session, self.databases, route, self.watcher)
