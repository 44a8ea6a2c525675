"""Examines each revision that is judged by itself, between the database before it and the one after it."""

from __future__ import annotations

from dataclasses import dataclass, field

from action.postgres.databases import Databases
from action.rehearsal.base_code import BaseCheckout
from action.rehearsal.driving import Legs
from action.rehearsal.plan import Plan
from action.rehearsal.seeking_losses import Losses
from action.rehearsal.undoing import RoundTrips, Undone
from action.rehearsal.walk import Stage, Unreached, Walk, roles_away
from action.rehearsal.watcher import Watcher
from action.session.session import Session
from checks.recording.losses import Loss
from checks.recording.round_trips import RoundTrip


@dataclass(slots=True)
class Examined:
    """What was found, up to an interruption."""

    round_trips: list[RoundTrip] = field(default_factory=list)
    losses: list[Loss] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Examining:
    """One tree, driven to its heads, whose revisions are about to be examined one by one."""

    plan: Plan
    session: Session
    databases: Databases
    watcher: Watcher
    made: Legs
    base: BaseCheckout

    @property
    def is_asked_for(self) -> bool:
        """Return whether there is a revision to examine, and a check that wants it."""
        return bool(self.plan.judged) and (self.plan.undoes or self.plan.seeks_losses) and self.made.head is not None

    def examine(self, found: Examined) -> None:
        """Examine the revisions; ``found`` takes what was seen, up to an interruption."""
        walk = Walk(
            plan=self.plan, session=self.session, databases=self.databases, watcher=self.watcher, made=self.made
        )
        trips = RoundTrips(session=self.session, databases=self.databases, watcher=self.watcher, walk=walk)
        losses = Losses(
            plan=self.plan, session=self.session, databases=self.databases,
            watcher=self.watcher, base=self.base, made=self.made,
        )  # fmt: skip
        with roles_away(self.databases, self.made.roles):
            last: Undone | None = None
            for stage in walk.stages():
                undone = trips.undo(stage) if self.plan.undoes and isinstance(stage, Stage) else None
                if last is not None:  # what it left was read while this one was undone
                    found.round_trips.append(trips.finished(last))
                last = undone
                if isinstance(stage, Unreached):
                    found.round_trips.append(RoundTrip(revision=stage.revision, reason=stage.reason))
                    found.losses.append(Loss(revision=stage.revision, reason=stage.reason))
                elif self.plan.seeks_losses:
                    found.losses.append(losses.of(stage))
            if last is not None:
                found.round_trips.append(trips.finished(last))
