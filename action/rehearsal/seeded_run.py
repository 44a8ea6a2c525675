"""Runs revisions on a copy of the deployed database that rows were put into, to see what becomes of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import psycopg2
from psycopg2.extensions import connection as Connection

from action.postgres.databases import Databases
from action.postgres.identities import (
    ColumnFacts,
    ColumnId,
    Identities,
    foreign_keys,
    read_columns,
    read_identities,
)
from action.postgres.seeding import Seeded, Values, read_values, seed
from action.probe.protocol.companions import database_of
from action.probe.protocol.requests import Upgrade
from action.rehearsal.arrivals import Arrivals
from action.rehearsal.database_state import version_table
from action.rehearsal.goals import Unproven
from action.rehearsal.leg import Route, drive
from action.rehearsal.walk import roles_away
from action.rehearsal.watcher import Watcher
from action.session.session import Session
from checks.recording.absent import Absent
from checks.recording.legs import Leg, LegName

_MOST_TABLES = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """Rows before and after."""

    seeded: Seeded
    columns: Mapping[ColumnId, ColumnFacts]
    """Of the tables that rows were put into, before."""
    arrivals: Arrivals
    keys: Sequence[tuple[int, int]]
    """Every foreign key before: its table, and the one that it refers to."""
    after: Identities
    after_columns: Mapping[ColumnId, ColumnFacts]

    def rows_after(self, table: int) -> int | None:
        """Return how many rows a table still has; None where it is gone."""
        counts = [len(values) for column, values in self.arrivals.after.items() if column.relation == table]
        return counts[0] if counts else None

    def path(self, column: ColumnId) -> tuple[str, str, str]:
        """Return schema, table and name of a column as it is after."""
        relation = self.after.relations[column.relation]
        return relation.schema, relation.name, self.after_columns[column].name


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsWanted:
    """What is to be seen."""

    tables: frozenset[int]
    """Rows are put into these tables, and into those that they refer to."""
    words: Collection[str]
    """Tables of these names, too."""
    deletes: bool
    """Into those that refer to them, too."""
    all_tables: bool
    types: Mapping[ColumnId, str] = field(default_factory=dict)
    """Types that values have to be fit for, too."""


@dataclass(slots=True, kw_only=True)
class SeededRun:
    """One run of revisions over rows of ours."""

    session: Session
    databases: Databases
    watcher: Watcher
    start: str
    """The database without rows of ours."""
    revision: str
    roles: Sequence[str]
    """Roles that the revisions create, whose names have to be free."""
    number: int = 0
    """Of several databases, the one that is meant."""

    def observe(self, asked: RowsWanted) -> Observed | Absent:
        """Return what became of the rows, or why that was not seen: without a mostly empty row at the second try."""
        found: Observed | Absent = Absent(reason="")
        for with_empty in (True, False):
            copy = self.databases.create("rows", template=self.start)
            try:
                found = self._observed(asked, copy, with_empty=with_empty)
            finally:
                self.databases.drop(copy)
            if not isinstance(found, Absent):
                return found
        return found

    def _observed(self, asked: RowsWanted, copy: str, *, with_empty: bool) -> Observed | Absent:
        name, without = database_of(copy, self.number), version_table(self.session, self.number)
        with self.databases.connect(name) as connection:
            identities = read_identities(connection, without)
            keys = foreign_keys(connection)
            tables = _tables(keys, identities, asked)
            try:
                seeded = seed(connection, tables, asked.types, with_empty=with_empty)
            except psycopg2.Error as error:
                return Absent(reason=f"no rows could be put in: {str(error).strip().splitlines()[0]}")
            columns = read_columns(connection, seeded.rows)
            before = _values(connection, identities, columns)
        leg = self._upgraded(copy)
        if not leg.succeeded:
            return Absent(reason=f"the revision fails on a table with rows: {leg.said}")
        with self.databases.connect(name) as connection:
            after = read_identities(connection, without)
            looked_at = {oid for oid in after.relations if oid in seeded.rows or oid not in identities.relations}
            after_columns = read_columns(connection, looked_at)
            values = _values(connection, after, after_columns)
        return Observed(
            seeded=seeded,
            columns=columns,
            arrivals=Arrivals(before, values),
            keys=keys,
            after=after,
            after_columns=after_columns,
        )

    def _upgraded(self, copy: str) -> Leg:
        request = Upgrade(database=copy, target=(self.revision,))
        route = Route(name=LegName.STEP, request=request, goal=Unproven(), start=self.start)
        with roles_away(self.databases, self.roles):
            return drive(self.session, self.databases, route, self.watcher)


def _tables(keys: Sequence[tuple[int, int]], identities: Identities, asked: RowsWanted) -> list[int]:
    """Return the tables that rows are put into: foreign keys have to hold, and may delete."""
    holding = {oid for oid, one in identities.relations.items() if one.kind == "table" and not one.is_partition}
    chosen = {oid for oid in holding if asked.all_tables or identities.relations[oid].name in asked.words}
    chosen |= asked.tables & holding
    grown = True
    while grown:
        more = {other for one, other in keys if one in chosen}
        more |= {one for one, other in keys if other in chosen and asked.deletes}
        grown = not more & holding <= chosen
        chosen |= more & holding
    return _parents_first(sorted(chosen)[:_MOST_TABLES], keys)


def _parents_first(tables: Sequence[int], keys: Sequence[tuple[int, int]]) -> list[int]:
    """Return tables, each after those that it refers to; of a circle, in any order."""
    parents: dict[int, set[int]] = {oid: set() for oid in tables}
    for one, other in keys:
        if one in parents and other in parents and one != other:
            parents[one].add(other)
    ordered: list[int] = []
    while parents:
        free = [oid for oid, needed in parents.items() if not needed & parents.keys()] or list(parents)[:1]
        ordered += free
        for oid in free:
            del parents[oid]
    return ordered


def _values(connection: Connection, known: Identities, columns: Mapping[ColumnId, ColumnFacts]) -> Values:
    named = {
        column.id: (*known.relations[column.id.relation].path, column.name)
        for column in columns.values()
        if known.relations[column.id.relation].kind == "table"
    }
    return read_values(connection, named)
