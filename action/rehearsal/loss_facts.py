"""Puts together what a revision takes away: the objects, their rows, the models of the base, and the statements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from action.postgres.databases import Databases
from action.postgres.identities import ColumnFacts, ColumnId, Dependent, Dependents, Relation, read_dependents
from action.rehearsal.arrivals import arrived
from action.rehearsal.base_names import KnownModels, ModelNames
from action.rehearsal.carried import BothModels
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
    number: int

    def loss(self, revision: str) -> Loss:
        """Return what the revision takes away."""
        rows = RowFacts(self.gone, self.deployed, self.sent, self.observed)
        fates = {one.oid: self._fate(one) for one in self.gone.relations if one.kind == "table"}
        pieces = [column for oid, (_, lost) in fates.items() for column in lost]
        dependents = self._dependents(pieces)
        dropped = [*self._relations(fates, dependents), *self._columns(pieces, dependents), *self._routines()]
        added = list(self._added(dropped)) if dropped else []
        labels: list[LabelsGone] = list(rows.labels(self.models.of_base(self.number))) if rows.loses_labels else []
        asked = Mapped.UNKNOWN in [*(one.mapped for one in dropped), *(one.is_mapped for one in labels)]
        return Loss(
            revision=revision,
            dropped=tuple(map(self._carried_on, dropped) if added else dropped),
            added=tuple(added),
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
        if 2 * len(come) < len(found) and not self._is_made_anew(table, come, observed):
            return Values.GONE, []
        for id_, other in come.items():
            self._follow(origins[id_].id, other, observed, table.oid)
        return Values.ELSEWHERE, [origins[id_] for id_ in found if id_ not in come]

    @staticmethod
    def _is_made_anew(table: Relation, come: Mapping[ColumnId, ColumnId], observed: Observed) -> bool:
        """Return whether a table of that name has the rows again, though most of the columns are missing."""
        return any(
            observed.path(other)[:2] == table.path and observed.arrivals.is_unmistakable(id_)
            for id_, other in come.items()
        )

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

    def _relations(
        self, fates: dict[int, tuple[Values, list[ColumnFacts]]], dependents: Dependents
    ) -> Iterator[Dropped]:
        gone_with = {other.relation for found in dependents.values() for other in found}
        for one in self.gone.relations:
            values = fates.get(one.oid, (Values.UNSEEN, []))[0]
            statement = self.sent.of({"drop"}, one.name)
            if values is Values.ELSEWHERE or (one.is_partition and statement is None):
                continue
            again = one.path in self.gone.after.by_path
            if one not in self.gone.tables and (again or one.oid in gone_with):
                continue
            yield Dropped(
                kind=one.kind,
                schema=one.schema,
                name=one.name,
                columns=tuple((column.name, column.type) for column in self._columns_of(one.oid, self.gone.old)),
                takes=self._takes(dependents.get((one.oid, 0), ())),
                again=again,
                values=values,
                mapped=self._mapped(self.deployed.path_of(one.oid)),
                is_partition=one.is_partition,
                classes=self._classes(self.deployed.path_of(one.oid)),
                statement=statement or self._cascading(one.schema),
                is_named=statement is not None,
            )

    @staticmethod
    def _columns_of(relation: int, columns: Mapping[ColumnId, ColumnFacts]) -> list[ColumnFacts]:
        return [column for id_, column in columns.items() if id_.relation == relation]

    def _columns(self, pieces: list[ColumnFacts], dependents: Dependents) -> Iterator[Dropped]:
        """Yield the columns that are gone; ``pieces`` are those that a new table was made without."""
        for column in (*self.gone.columns, *pieces):
            table = self.gone.before.relations[column.id.relation]
            values = Values.GONE if column in pieces else self._of_column(column)
            if values is Values.ELSEWHERE:
                continue
            statement = self.sent.of({"drop"}, table.name, column.name)
            now = self.gone.after.relations.get(table.oid) or self.gone.after.by_path.get(table.path)
            names = [one.name for one in self._columns_of(now.oid, self.gone.new)] if now is not None else []
            path, deployed = self._deployed_name(column)
            models = self.models.of_base(self.number)
            known = models if isinstance(models, ModelNames) else ModelNames()
            again = column.name in names
            if again and column.is_computed:
                continue
            yield Dropped(
                kind="column",
                schema=table.schema,
                table=table.name,
                name=column.name,
                type=column.type,
                takes=self._takes(dependents.get(column.id, ())),
                again=again,
                is_computed=column.is_computed,
                values=values,
                mapped=Mapped.UNKNOWN if isinstance(models, Absent) else known.maps_column(path, deployed),
                place=known.place(path, deployed),
                classes=known.classes(path),
                uses=known.uses(path, deployed),
                statement=statement or self._cascading(table.name),
                is_named=statement is not None or column in pieces,  # the table is named
            )

    def _deployed_name(self, column: ColumnFacts) -> tuple[tuple[str, str], str]:
        """Return the path of a column's table and its name, as the deployed database has them."""
        known = None if self.observed is None or isinstance(self.observed, Absent) else self.observed.columns
        deployed = (known or {}).get(self.deployed.columns[column.id], column)
        return self.deployed.path_of(column.id.relation), deployed.name

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
                yield self._both.added_table(Added(schema=table.schema, name=table.name, columns=columns))
        lost = [one for one in dropped if one.kind == "column" and not one.again]
        for path in dict.fromkeys((one.schema, one.table) for one in lost):
            types = {one.type for one in lost if (one.schema, one.table) == path}
            yield from self._added_columns(self.gone.before.by_path[path], types)

    def _added_columns(self, table: Relation, types: set[str]) -> Iterator[Added]:
        now, before = self.gone.after.relations.get(table.oid, table).path, self.deployed.path_of(table.oid)
        for one in self.gone.new_columns(table.oid):
            if one.type in types:
                added = Added(schema=table.schema, table=table.name, name=one.name, type=one.type)
                yield self._both.added_column(added, now, before)

    @property
    def _both(self) -> BothModels:
        base = self.models.of_base(self.number)
        # Those of the working tree are built only where there is something to compare them with.
        return BothModels(base, base if isinstance(base, Absent) else self.models.of_head(self.number))

    def _carried_on(self, one: Dropped) -> Dropped:
        """Add to a dropped object what maps it in the working tree."""
        if one.kind == "column":
            table = self.gone.before.by_path[one.schema, one.table]
            return self._both.dropped_column(one, self.gone.after.relations.get(table.oid, table).path)
        return self._both.dropped_table(one) if one.kind == "table" else one

    def _mapped(self, path: tuple[str, str]) -> Mapped:
        names = self.models.of_base(self.number)
        return names.maps(path) if isinstance(names, ModelNames) else Mapped.UNKNOWN

    def _classes(self, path: tuple[str, str]) -> tuple[str, ...]:
        names = self.models.of_base(self.number)
        return names.classes(path) if isinstance(names, ModelNames) else ()

    def _cascading(self, name: str) -> Statement | None:
        """Return the statement that took an object which no statement names."""
        return self.sent.of({"drop"}, name) or self.sent.of({"cascade"})

    def _dependents(self, pieces: list[ColumnFacts]) -> Dependents:
        """Return what depends on each table and column that is gone."""
        gone = [(one.oid, 0) for one in self.gone.tables]
        gone += [(column.id.relation, column.id.number) for column in (*self.gone.columns, *pieces)]
        if not gone:
            return {}
        with self.databases.connect(self.before) as connection:
            return read_dependents(connection, gone)

    def _is_dropped_itself(self, dependent: Dependent) -> bool:
        """Return whether a statement names a constraint, an index or a view to drop it, before what it belongs to."""
        name, _, table = (part.rpartition(".")[2].strip('"') for part in dependent.identity.partition(" on "))
        return bool(self.sent.of({"drop"}, name) or (table and self.sent.of({"drop"}, name, table)))

    def _takes(self, dependents: Sequence[Dependent]) -> tuple[str, ...]:
        """Return which objects went with another, and are not there again."""
        found = []
        for one in dependents:
            relation = self.gone.before.relations.get(one.relation) if one.relation is not None else None
            stays = one.relation is not None and one.relation in self.gone.after.relations
            is_again = relation is not None and relation.path in self.gone.after.by_path
            if not stays and not is_again and not self._is_dropped_itself(one):
                found.append(f"{one.kind} {one.identity}")
        return tuple(dict.fromkeys(found))
