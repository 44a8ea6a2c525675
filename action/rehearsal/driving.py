"""The ways to the heads: as a deployed database goes, made by the base's code; and as a new one goes, from empty.

The base's code is imported only where it could make another database than the working tree's: where revisions of the
base were edited or removed, or a file differs that they use.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from action.postgres.databases import Databases
from action.postgres.roles import DEPLOYED, NEW, Roles
from action.probe.protocol.requests import Upgrade
from action.rehearsal.base_code import BaseCheckout
from action.rehearsal.base_sentences import no_base
from action.rehearsal.commit_points import CommitPoints
from action.rehearsal.created_base import BaseCreation
from action.rehearsal.database_state import version_table
from action.rehearsal.interruptions import Interrupted
from action.rehearsal.leg import Route, drive
from action.rehearsal.old_code import OldCode
from action.rehearsal.plan import Plan
from action.rehearsal.several_databases import changed_in_all, schemas_of
from action.rehearsal.watched_edits import WatchedEdits
from action.rehearsal.watcher import Watcher
from action.session.ended import Listener
from action.session.session import Session
from checks.plural import plural
from checks.recording.absent import Absent
from checks.recording.deployed import TOGETHER, Deployed, TwoWays
from checks.recording.legs import CodeOf, Leg, LegName, MadeBy
from checks.recording.obstacles import Obstacle, ObstacleKind


@dataclass(slots=True)
class Legs:
    """The legs that were driven, and the databases that they made."""

    legs: list[Leg] = field(default_factory=list)
    base: str | None = None
    """A database at the base's heads, that nothing new was applied to."""
    head: str | None = None
    """A deployed database at all heads; None when they were not reached."""
    deploy: CommitPoints = field(default_factory=CommitPoints)
    """The commits of the run that applied the new revisions as a deploy does."""
    roles: tuple[str, ...] = ()
    """The roles that the last run to the heads has created on the server."""
    deployed: Deployed | None = None
    two_ways: TwoWays | None = None
    obstacle: Obstacle | None = None
    """What interrupted us between two legs, or leaves no server for the trees that follow."""

    def take(self, interrupted: Sequence[Interrupted]) -> None:
        """Keep what was recorded until an interruption, and build nothing upon it."""
        for one in interrupted:
            self.base = self.head = self.two_ways = None
            if one.leg is not None:
                self.legs.append(one.leg)
            if one.leg is None or one.obstacle.kind is ObstacleKind.NO_SERVER:
                self.obstacle = one.obstacle

    @property
    def created_by(self) -> MadeBy:
        """Return how the deployed database was created."""
        return next((leg.made_by for leg in self.legs if leg.name is LegName.CREATE_BASE), MadeBy.MIGRATIONS)

    @property
    def by_base_code(self) -> bool:
        """Tell whether the base's code has to make the deployed database."""
        return self.deployed is not None and self.deployed.code is CodeOf.BASE


@dataclass(frozen=True, slots=True)
class Driven:
    """A leg with the database that it made."""

    database: str
    leg: Leg


@dataclass(frozen=True, slots=True)
class Driving:
    """One tree, loaded, about to be driven to its heads."""

    plan: Plan
    databases: Databases
    watcher: Watcher
    session: Session
    base: BaseCheckout
    creation: BaseCreation
    old_code: OldCode
    roles: Roles
    edits: WatchedEdits

    def drive(self, made: Legs) -> None:
        """Drive it on every way that could end elsewhere; ``made`` takes what was done, up to an interruption."""
        if self.creation.comes_first:
            if not isinstance(self.plan.changes, Absent):
                made.deployed = Deployed(code=CodeOf.BASE, because="The settings say how to create the base schema.")
            self._apart(made, None)
        elif not self.plan.old_heads:
            self._all_new(made)
        else:
            made.deployed = self._as_known_now()
            if made.by_base_code:
                self._apart(made, None)
            else:
                self._together(made)

    def _all_new(self, made: Legs) -> None:
        """Apply everything to an empty database: no base is known, or it has no revision."""
        made.deployed = None if isinstance(self.plan.changes, Absent) else TOGETHER
        only = self._from_empty(LegName.EMPTY_TO_HEADS, heard=made.deploy)
        made.legs.append(only.leg)
        made.head = only.database if only.leg.succeeded else None
        made.roles = self.databases.new_roles()
        if made.deployed is not None:  # the base has models, perhaps, and no revision that makes their tables
            made.base = self.databases.create("nothing")

    def _as_known_now(self) -> Deployed:
        """Return whose code has to make the deployed database, by all that is known of what the old revisions use."""
        changed = self.old_code.changed()
        differing = () if isinstance(changed, Absent) else changed
        if self.plan.history_changed:
            return Deployed(
                code=CodeOf.BASE, because="Revisions of the base were edited or removed.", differing=differing
            )
        if isinstance(changed, Absent):
            because = f"It is not known whether files that the base's revisions use differ: {changed.reason}."
            return Deployed(code=CodeOf.BASE, because=because)
        if differing:
            because = f"The base's revisions use {plural(len(differing), 'file')} that this change alters."
            return Deployed(code=CodeOf.BASE, because=because, differing=differing)
        return TOGETHER

    def _together(self, made: Legs) -> None:
        """Run the base's revisions with the working tree's code, as long as that can only do the same as the base's."""
        first = self._from_empty(LegName.EMPTY_TO_BASE if self.plan.new else LegName.EMPTY_TO_HEADS)
        # What a revision imports or reads only as it runs is known now.
        made.deployed = self._as_known_now()
        if made.by_base_code or first.leg.failure is not None:
            self._apart(made, first)
            return
        made.legs.append(first.leg)
        if first.leg.succeeded:
            made.base = made.head = first.database
            if self.plan.new:
                self._deploy(made, first)

    def _apart(self, made: Legs, first: Driven | None) -> None:
        """Have the base's code make the deployed database; then go the other way as well, as a new database does.

        ``first`` ran from empty with the working tree's code, before it was known that the two could differ.
        """
        if first is not None:
            self.roles.belong_to(NEW)
            self.roles.go(DEPLOYED)
        base = self._by_base_code(made, first)
        if base is None or not base.leg.succeeded:
            return
        made.base = None if isinstance(self.plan.changes, Absent) else base.database
        self._deploy(made, base)
        replayed = base.leg.made_by is MadeBy.MIGRATIONS
        if replayed or self.plan.history_changed:
            made.two_ways = self._new_way(made, first, compared=replayed)

    def _new_way(self, made: Legs, first: Driven | None, *, compared: bool) -> TwoWays | None:
        """Make a new database, and compare it with the deployed one where both have reached the heads."""
        head = made.head if compared else None
        deployed = None if head is None else schemas_of(self.session, self.databases, head)
        self.roles.go(NEW)
        anew = self._anew(first)
        made.legs.append(anew.leg)
        arrived = deployed is not None and anew.leg.succeeded
        new = schemas_of(self.session, self.databases, anew.database) if arrived else None
        self.roles.go(DEPLOYED)
        if deployed is None or new is None:
            return None
        return TwoWays(differences=changed_in_all(deployed, new, without=version_table(self.session)))

    def _by_base_code(self, made: Legs, first: Driven | None) -> Driven | None:
        """Return the deployed database: made by the base's revisions as the base has them, or without them."""
        if self.creation.comes_first:
            made.legs.extend(self.creation.failed_start())
            return self._created(made)
        old, session = self.plan.old_heads, self.base.session()
        if isinstance(session, Absent):
            if first is None or first.leg.failure is None or made.by_base_code:
                made.legs.append(
                    Leg(name=LegName.EMPTY_TO_BASE, target=old, obstacle=no_base(session), code=CodeOf.BASE)
                )
                return None
            made.legs.append(replace(first.leg, name=LegName.EMPTY_TO_BASE))
        else:
            if not made.by_base_code:
                because = "A revision of the base fails on an empty database."
                made.deployed = Deployed(code=CodeOf.BASE, because=because)
            replayed = self._from_empty(LegName.EMPTY_TO_BASE, session, CodeOf.BASE)
            made.legs.append(replayed.leg)
            if replayed.leg.failure is None:
                return replayed
        return self._created(made)

    def _created(self, made: Legs) -> Driven:
        database, leg = self.creation.create()
        made.legs.append(leg)
        return Driven(database, leg)

    def _deploy(self, made: Legs, base: Driven) -> None:
        """Apply what is new to a copy of the deployed database, in a fresh process, as a deploy does."""
        database = self.databases.create("head", template=base.database)
        route = Route(
            name=LegName.BASE_TO_HEADS,
            request=Upgrade(database=database, shown=self.plan.new),
            goal=self.plan.at_heads,
            start=base.database,
            made_by=base.leg.made_by,
            total=len(self.plan.new),
            heard=made.deploy,
        )
        known = self.databases.new_roles()
        leg = drive(self.session, self.databases, route, self.watcher)
        made.legs.append(leg)
        made.head = database if leg.succeeded else None
        made.roles = tuple(role for role in self.databases.new_roles() if role not in known)

    def _anew(self, first: Driven | None) -> Driven:
        """Make a new database with the working tree's code: go on from where it was already driven to."""
        if first is None:
            return self._from_empty(LegName.EMPTY_TO_HEADS)
        if not first.leg.succeeded or not self.plan.new:
            return Driven(first.database, replace(first.leg, name=LegName.EMPTY_TO_HEADS))
        database = self.databases.create("new", template=first.database)
        route = Route(
            name=LegName.EMPTY_TO_HEADS,
            request=Upgrade(database=database),
            goal=self.plan.at_heads,
            start=first.database,
            total=len(self.plan.new),
        )
        rest = drive(self.session, self.databases, route, self.watcher)
        return Driven(database, replace(rest, steps=(*first.leg.steps, *rest.steps), versions_before=()))

    def _from_empty(
        self,
        name: LegName,
        session: Session | None = None,
        code: CodeOf = CodeOf.HEAD,
        heard: Listener | None = None,
    ) -> Driven:
        """Apply revisions to an empty database: those of the base alone, or all."""
        old_only = name is LegName.EMPTY_TO_BASE
        target = self.plan.old_heads if old_only else ()
        database = self.databases.create("base" if old_only else "head")
        shown = () if self.plan.old_heads else self.plan.new
        total = len(self.plan.graph.revisions) - (len(self.plan.new) if old_only else 0)
        route = Route(
            name=name,
            request=Upgrade(database=database, target=target, watched=self.edits.revisions, shown=shown),
            goal=self.plan.at_base if old_only else self.plan.at_heads,
            total=total,
            code=code,
            heard=heard or self.edits.heard(code),
        )
        return Driven(database, drive(session or self.session, self.databases, route, self.watcher))
