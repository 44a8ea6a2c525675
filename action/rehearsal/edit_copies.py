"""Runs an edited revision with the old and with the new code, each on a copy of a database at its parents."""

from __future__ import annotations

from dataclasses import dataclass, field

from action.postgres.databases import Databases
from action.postgres.row_prints import Column, column_prints, row_prints
from action.probe.protocol.requests import Downgrade, Upgrade
from action.rehearsal.database_state import schema_of, version_table
from action.rehearsal.goals import Unproven
from action.rehearsal.leg import Route, drive
from action.rehearsal.sent import Sent, SentByRevision
from action.rehearsal.watcher import Watcher
from action.session.session import Session
from checks.recording.absent import Absent
from checks.recording.legs import CodeOf, Leg, LegName
from checks.recording.revisions import Revision
from checks.recording.schema import Schema


@dataclass(frozen=True, slots=True)
class Ran:
    """A run of one revision on a copy, and what came of it."""

    database: str
    sent: Sent
    schema: Schema


@dataclass(slots=True, kw_only=True)
class EditCopies:
    """A database that the base's code takes from one edited revision to the next, and copies of it."""

    old: Session
    new: Session
    databases: Databases
    watcher: Watcher
    _walk: str | None = None
    _copies: list[str] = field(default_factory=list)

    def at_parents(self, revision: Revision) -> str | Absent:
        """Return the database at the parents of a revision, none of whose descendants has asked before."""
        if self._walk is None:
            self._walk = self.databases.create("edits")
        targets = (*revision.down_revisions, *revision.depends_on)
        if targets:
            leg = self._drive(self.old, Upgrade(database=self._walk, target=targets), None)
            if not leg.succeeded:
                return Absent(reason=f"the revisions before it do not run on an empty database ({leg.said})")
        return self._walk

    def upgraded(self, session: Session, template: str, revision: str) -> Ran | Absent:
        """Apply one revision to a copy of a database."""
        request = Upgrade(database=self._copy(template), target=(revision,), watched=(revision,))
        return self._run(session, request, revision)

    def downgraded(self, session: Session, template: str, revision: Revision) -> Ran | Absent:
        """Undo one revision on a copy of a database that nothing after it was applied to."""
        request = Downgrade(database=self._copy(template), revision=revision.id, watched=(revision.id,))
        return self._run(session, request, revision.id)

    def drop(self) -> None:
        """Drop the copies that were made so far."""
        while self._copies:
            self.databases.drop(self._copies.pop())

    def other_rows(self, old: str, new: str, again: str | None = None) -> tuple[str, ...]:
        """Return the tables whose rows differ; columns that differ between ``old`` and ``again`` do not count."""
        volatile = set() if again is None else self._volatile(old, again)
        before, after = (self._prints(name, volatile) for name in (old, new))
        return tuple(".".join(table) for table in sorted(before) if table in after and before[table] != after[table])

    def _volatile(self, old: str, again: str) -> set[Column]:
        with self.databases.connect(old) as one, self.databases.connect(again) as other:
            first, second = (column_prints(connection, version_table(self.new)) for connection in (one, other))
        return {column for column, digest in first.items() if second.get(column) != digest}

    def _prints(self, database: str, volatile: set[Column]) -> dict[tuple[str, str], str]:
        with self.databases.connect(database) as connection:
            return row_prints(connection, version_table(self.new), volatile)

    def _copy(self, template: str) -> str:
        self._copies.append(self.databases.create("edit", template=template))
        return self._copies[-1]

    def _run(self, session: Session, request: Upgrade | Downgrade, revision: str) -> Ran | Absent:
        heard, before = SentByRevision((revision,)), set(self.databases.new_roles())
        leg = self._drive(session, request, heard)
        schema = schema_of(self.databases, request.database)  # before its roles have other names
        for role in set(self.databases.new_roles()) - before:
            self.databases.hide_role(role)  # it belongs to the whole server, and the other code creates it as well
        sent = heard.of(revision)
        if not leg.succeeded or sent is None:
            return Absent(reason=leg.said)
        if heard.steps != [revision]:
            return Absent(reason="it does not run alone")
        return Ran(request.database, sent, schema)

    def _drive(self, session: Session, request: Upgrade | Downgrade, heard: SentByRevision | None) -> Leg:
        route = Route(name=LegName.EMPTY_TO_BASE, request=request, goal=Unproven(), heard=heard,
                      code=CodeOf.BASE if session is self.old else CodeOf.HEAD)  # fmt: skip
        return drive(session, self.databases, route, self.watcher)
