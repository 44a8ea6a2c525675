"""Puts together what a revision takes away: the objects, their rows, the models of the base, and the statements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from action.postgres.databases import Databases
from action.postgres.identities import ColumnFacts, ColumnId, Dependent, Relation, read_dependents
from action.rehearsal.arrivals import arrived
from action.rehearsal.base_names import KnownModels, ModelNames
from action.rehearsal.gone import DeployedIds, Gone
from action.rehearsal.removers import SentTokens
from action.rehearsal.row_facts import RowFacts
from action.rehearsal.seeded_run import Observed
from checks.recording.absent import Absent
from checks.recording.legs import Statement
from checks.recording.losses import Added, Dropped, LabelsGone, Loss, Mapped, Values


@dataclass(frozen=True, slots=True, kw_only=True)
class LossFacts:
    """One revision and one database."""

    gone: Gone
    deployed: DeployedIds
    sent: SentTokens
    all_sent: SentTokens
    """What the revisions since the deployed database have sent, too."""
    observed: Observed | Absent | None
    models: KnownModels
    databases: Databases
    before: str
    """The database before the revision, as its name is on the server."""
    after: str
    """The database after it: the first of several."""
    number: int

    def loss(self, revision: str) -> Loss:
        """Return what the revision takes away."""
        rows = RowFacts(self.gone, self.deployed, self.sent, self.observed)
        fates = {one.oid: self._fate(one) for one in self.gone.relations if one.kind == "table"}
        pieces = [column for oid, (_, lost) in fates.items() for column in lost]
        dropped = [*self._relations(fates), *self._columns(pieces), *self._routines()]
        labels: list[LabelsGone] = list(rows.labels(self.models.of_base(self.number))) if rows.loses_labels else []
        asked = Mapped.UNKNOWN in [*(one.mapped for one in dropped), *(one.is_mapped for one in labels)]
        return Loss(
            revision=revision,
            dropped=tuple(dropped),
            added=tuple(self._added(dropped)) if dropped else (),
            emptied=tuple(rows.emptied()),
            retyped=tuple(rows.retyped()),
            undecided=rows.undecided,
            labels=tuple(labels),
            unseen=self._unseen,
            models_unknown=self._models_unknown if asked else "",
        )

    @property
    def _unseen(self) -> str:
        """Return why it was not seen what became of rows."""
        if isinstance(self.observed, Absent):
            return self.observed.reason
        if self.observed is None:
            return ""
        for reason in self.observed.seeded.refused.values():
            return f"PostgreSQL refuses the rows that were made up for it: {reason}"
        return ""

    @property
    def _models_unknown(self) -> str:
        names = self.models.of_base(self.number)
        return names.reason if isinstance(names, Absent) else ""

    def _fate(self, table: Relation) -> tuple[Values, list[ColumnFacts]]:
        """Return what became of the rows of a table that is gone, and its columns that were left behind."""
        columns = [column for id_, column in self.gone.old.items() if id_.relation == table.oid]
        origin = self.deployed.relations[table.oid]
        observed = self.observed
        if observed is None or isinstance(observed, Absent) or not observed.seeded.rows.get(origin):
            return (Values.UNSEEN if self.all_sent.may_copy(table.name) else Values.GONE), []
        origins = {self.deployed.columns.get(column.id, column.id): column for column in columns}
        keys = {id_: id_ in observed.seeded.keys for id_, column in origins.items() if not column.is_computed}
        found = dict(arrived(observed.arrivals, keys))
        come = {id_: other for id_, other in found.items() if other is not None}
        if not found:
            return Values.UNSEEN, []
        if 2 * len(come) < len(found):
            return Values.GONE, []
        for id_, other in come.items():
            self._follow(origins[id_].id, other, observed, table.oid)
        return Values.ELSEWHERE, [origins[id_] for id_ in found if id_ not in come]

    def _follow(self, old: ColumnId, other: ColumnId, observed: Observed, table: int | None) -> None:
        """Count the column in which values arrived as deployed."""
        schema, name, column = observed.path(other)
        relation = self.gone.after.by_path.get((schema, name))
        if relation is None:
            return
        now = next(
            (id_ for id_, one in self.gone.new.items() if id_.relation == relation.oid and one.name == column), None
        )
        if now is not None and now not in self.deployed.columns:
            self.deployed.columns[now] = self.deployed.columns.get(old, old)
            if table is not None:
                self.deployed.relations.setdefault(relation.oid, self.deployed.relations[table])

    def _relations(self, fates: dict[int, tuple[Values, list[ColumnFacts]]]) -> Iterator[Dropped]:
        carried = self._carried()
        for one in self.gone.relations:
            values = fates.get(one.oid, (Values.UNSEEN, []))[0]
            statement = self.sent.of({"drop"}, one.name)
            if values is Values.ELSEWHERE or (one.is_partition and statement is None):
                continue
            again = one.path in self.gone.after.by_path
            if one not in self.gone.tables and (again or one.oid in carried):
                continue
            yield Dropped(
                kind=one.kind,
                schema=one.schema,
                name=one.name,
                columns=tuple((column.name, column.type) for column in self._columns_of(one.oid, self.gone.old)),
                takes=self._takes((one.oid, 0)) if one in self.gone.tables else (),
                again=again,
                values=values,
                mapped=self._mapped(self.deployed.path_of(one.oid)),
                statement=statement or self._cascading(one.schema),
                is_named=statement is not None,
            )

    def _carried(self) -> set[int | None]:
        """Return the views and sequences that went with a table or a column."""
        tables = self.gone.tables
        if len(tables) == len(self.gone.relations):
            return set()
        gone = [(one.oid, 0) for one in tables] + [(one.id.relation, one.id.number) for one in self.gone.columns]
        return {dependent.relation for dependent in self._dependents(gone)}

    @staticmethod
    def _columns_of(relation: int, columns: Mapping[ColumnId, ColumnFacts]) -> list[ColumnFacts]:
        return [column for id_, column in columns.items() if id_.relation == relation]

    def _columns(self, pieces: list[ColumnFacts]) -> Iterator[Dropped]:
        """Yield the columns that are gone; ``pieces`` are those that a new table was made without."""
        for column in (*self.gone.columns, *pieces):
            table = self.gone.before.relations[column.id.relation]
            values = Values.GONE if column in pieces else self._of_column(column)
            if values is Values.ELSEWHERE:
                continue
            statement = self.sent.of({"drop"}, table.name, column.name)
            now = self.gone.after.relations.get(table.oid) or self.gone.after.by_path.get(table.path)
            names = [one.name for one in self._columns_of(now.oid, self.gone.new)] if now is not None else []
            mapped, place = self._mapped_column(column)
            again = column.name in names
            if again and column.is_computed:
                continue
            yield Dropped(
                kind="column",
                schema=table.schema,
                table=table.name,
                name=column.name,
                type=column.type,
                takes=self._takes((column.id.relation, column.id.number)),
                again=again,
                is_computed=column.is_computed,
                values=values,
                mapped=mapped,
                place=place,
                statement=statement or self._cascading(table.name),
                is_named=statement is not None,
            )

    def _mapped_column(self, column: ColumnFacts) -> tuple[Mapped, int | None]:
        """Return whether the base's models have a column, and its place there."""
        names, path = self.models.of_base(self.number), self.deployed.path_of(column.id.relation)
        if isinstance(names, Absent):
            return Mapped.UNKNOWN, None
        known = None if self.observed is None or isinstance(self.observed, Absent) else self.observed.columns
        deployed = (known or {}).get(self.deployed.columns[column.id], column)
        return names.maps_column(path, deployed.name), names.place(path, deployed.name)

    def _of_column(self, column: ColumnFacts) -> Values:
        origin, observed = self.deployed.columns[column.id], self.observed
        if column.is_computed:
            return Values.UNSEEN
        if observed is None or isinstance(observed, Absent) or not observed.seeded.rows.get(origin.relation):
            return (
                Values.UNSEEN
                if self.all_sent.may_copy(self.gone.before.relations[column.id.relation].name, column.name)
                else Values.GONE
            )
        other = observed.arrivals.of(origin)
        if other is None:
            return Values.GONE if any(observed.arrivals.before.get(origin, ())) else Values.UNSEEN
        self._follow(column.id, other, observed, None)
        return Values.ELSEWHERE

    def _routines(self) -> Iterator[Dropped]:
        for kind, schema, name in self.gone.routines:
            statement = self.sent.of({"drop"}, name)
            yield Dropped(
                kind=kind,
                schema=schema,
                name=name,
                mapped=Mapped.NO,
                statement=statement or self._cascading(schema),
                is_named=statement is not None,
            )

    def _added(self, dropped: list[Dropped]) -> Iterator[Added]:
        """Yield the new tables and columns, where one of them may be what was dropped."""
        if any(one.kind == "table" for one in dropped):
            for table in self.gone.new_relations:
                columns = tuple((one.name, one.type) for one in self._columns_of(table.oid, self.gone.new))
                yield Added(schema=table.schema, name=table.name, columns=columns)
        lost = [one for one in dropped if one.kind == "column" and not one.again]
        for path in dict.fromkeys((one.schema, one.table) for one in lost):
            types = {one.type for one in lost if (one.schema, one.table) == path}
            yield from self._added_columns(self.gone.before.by_path[path], types)

    def _added_columns(self, table: Relation, types: set[str]) -> Iterator[Added]:
        new = [one for one in self.gone.new_columns(table.oid) if one.type in types]
        head = self.models.of_head(self.after, self.number) if new else Absent(reason="")
        now = self.gone.after.relations.get(table.oid, table).path
        for one in new:
            place = head.place(now, one.name) if isinstance(head, ModelNames) else None
            yield Added(schema=table.schema, table=table.name, name=one.name, type=one.type, place=place)

    def _mapped(self, path: tuple[str, str]) -> Mapped:
        names = self.models.of_base(self.number)
        return names.maps(path) if isinstance(names, ModelNames) else Mapped.UNKNOWN

    def _cascading(self, name: str) -> Statement | None:
        """Return the statement that took an object which no statement names."""
        return self.sent.of({"drop"}, name) or self.sent.of({"cascade"})

    def _dependents(self, gone: list[tuple[int, int]]) -> list[Dependent]:
        with self.databases.connect(self.before) as connection:
            return read_dependents(connection, gone)

    def _takes(self, gone: tuple[int, int]) -> tuple[str, ...]:
        """Return what went with a relation or a column, and is not there again."""
        found = []
        for one in self._dependents([gone]):
            relation = self.gone.before.relations.get(one.relation) if one.relation is not None else None
            stays = one.relation is not None and one.relation in self.gone.after.relations
            if not stays and not (relation is not None and relation.path in self.gone.after.by_path):
                found.append(f"{one.kind} {one.identity}")
        return tuple(dict.fromkeys(found))
