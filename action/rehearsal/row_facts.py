"""What became of rows and values that stay in their tables: deletions, other types, enum values that are gone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from action.postgres.identities import ColumnFacts, ColumnId, Relation
from action.rehearsal.arrivals import arrived
from action.rehearsal.base_names import ModelNames
from action.rehearsal.gone import DeployedIds, Gone
from action.rehearsal.removers import Deletion, SentTokens
from action.rehearsal.seeded_run import Observed
from checks.comparison.conversions import Conversion, conversion
from checks.recording.absent import Absent
from checks.recording.legs import Statement
from checks.recording.losses import Emptied, LabelsGone, Mapped, Retyped, Values


@dataclass(frozen=True, slots=True)
class RowFacts:
    """One revision and one database."""

    gone: Gone
    deployed: DeployedIds
    sent: SentTokens
    observed: Observed | Absent | None

    def emptied(self) -> Iterator[Emptied]:
        """Yield each table that had rows and has none, but for those that a condition chose, or that went elsewhere."""
        deletions = list(self.sent.deletions())
        free = [one for one in deletions if not one.is_conditional]
        yield from self._emptied_unseen(free)
        if self.observed is None or isinstance(self.observed, Absent):
            return
        chosen = {one.table for one in deletions if one.is_conditional}
        if not free and not self.sent.is_opaque:
            return
        empty = {oid: rows for oid, rows in self.observed.seeded.rows.items() if self._is_emptied(oid, rows)}
        named = {oid: self._deletion(oid, free) for oid in empty}
        unnamed = {oid for oid, one in named.items() if one is None and self._name(oid) not in chosen}
        carried: set[int] = set()
        for oid, statement in sorted(named.items(), key=lambda item: item[1] is None):
            if oid in carried or (statement is None and oid not in unnamed):
                continue
            with_it = self._by_key(oid, unnamed - carried)
            carried.update(with_it)
            schema, name = self.gone.before.relations[oid].path
            paths = tuple(".".join(self.gone.before.relations[other].path) for other in with_it)
            yield Emptied(schema=schema, name=name, rows=empty[oid], with_it=paths, statement=statement)

    def _by_key(self, table: int, among: set[int]) -> list[int]:
        """Return which of some tables refer to a table, or to one that does."""
        assert isinstance(self.observed, Observed)
        found, reached = [], {table}
        while new := {one for one, other in self.observed.keys if other in reached and one in among - reached}:
            found += sorted(new)
            reached |= new
        return found

    def _emptied_unseen(self, free: list[Deletion]) -> Iterator[Emptied]:
        """Yield the tables that no rows could be put into, and that a statement without a condition empties."""
        for one, relation in self._unseen(free):
            if not self.sent.may_refill(relation.name):
                yield Emptied(schema=relation.schema, name=relation.name, rows=0, statement=one.statement)

    def _unseen(self, free: list[Deletion]) -> Iterator[tuple[Deletion, Relation]]:
        seeded = self.observed.seeded.rows if isinstance(self.observed, Observed) else {}
        known = set()
        for one in free:
            for oid, relation in self.gone.before.relations.items():
                if relation.kind != "table" or oid not in self.deployed.relations or oid in known:
                    continue
                if (
                    one.table in self.sent.names(relation.name)
                    and not seeded.get(oid)
                    and oid in self.gone.after.relations
                ):
                    known.add(oid)
                    yield one, relation

    @property
    def undecided(self) -> tuple[str, ...]:
        """Return the tables and columns of which it is not known whether they lost values."""
        free = [one for one in self.sent.deletions() if not one.is_conditional]
        tables = [".".join(relation.path) for _, relation in self._unseen(free) if self.sent.may_refill(relation.name)]
        columns = [
            f"{one.schema}.{one.table}.{one.name}"
            for one in self.retyped()
            if one.values is Values.UNSEEN and conversion(one.before, one.after) is Conversion.OTHER
        ]
        return (*tables, *columns) if isinstance(self.observed, Absent) or tables else ()

    def _name(self, oid: int) -> str:
        return self.gone.before.relations[oid].name

    def _deletion(self, oid: int, free: list[Deletion]) -> Statement | None:
        names = self.sent.names(self._name(oid))
        return next((one.statement for one in free if one.table in names), None)

    def _is_emptied(self, oid: int, rows: int) -> bool:
        assert isinstance(self.observed, Observed)
        relation = self.gone.after.relations.get(oid)
        if not rows or relation is None or relation.oid not in self.gone.before.relations:
            return False
        if self.observed.rows_after(oid) != 0 or (relation.is_partitioned and self._has_detached()):
            return False
        own = {id_: id_ in self.observed.seeded.keys for id_ in self.observed.columns if id_.relation == oid}
        found = dict(arrived(self.observed.arrivals, own))
        return not found or any(other is None for other in found.values())

    def _has_detached(self) -> bool:
        """Return whether a partition became a table of its own, with its rows."""
        before, after = self.gone.before.relations, self.gone.after.relations
        return any(one.is_partition and oid in after and not after[oid].is_partition for oid, one in before.items())

    def retyped(self) -> Iterator[Retyped]:
        """Yield each column with another type, and whether its values are still apart."""
        for old, new in self.gone.retyped:
            origin = self.deployed.columns[old.id]
            first = self.deployed.types.setdefault(origin, old.type)
            relation = self.gone.before.relations[old.id.relation]
            statement = self.sent.of({"type"}, relation.name, old.name)
            using = None if statement is None else self.sent.using(statement, old.name)
            is_replaced = using is not None and not using & self.sent.names(old.name)
            if is_replaced and self._is_elsewhere(origin):
                continue
            yield Retyped(
                schema=relation.schema,
                table=relation.name,
                name=old.name,
                before=first,
                after=new.type,
                values=self._apart(origin),
                converts=using is not None,
                is_replaced=is_replaced,
                statement=statement,
            )

    def _is_elsewhere(self, column: ColumnId) -> bool:
        observed = self.observed
        return observed is not None and not isinstance(observed, Absent) and observed.arrivals.of(column) is not None

    def _apart(self, column: ColumnId) -> Values:
        if self.observed is None or isinstance(self.observed, Absent):
            return Values.UNSEEN
        stays = self.observed.arrivals.stays_apart(column)
        return Values.UNSEEN if stays is None else Values.ELSEWHERE if stays else Values.GONE

    @property
    def loses_labels(self) -> bool:
        """Return whether values of an enum are gone."""
        return bool(self._labels())

    def _labels(self) -> dict[int, tuple[tuple[str, ...], list[ColumnFacts]]]:
        """Return, by the oid of an enum as it was, its labels that are gone, and the columns that used it."""
        found: dict[int, tuple[tuple[str, ...], list[ColumnFacts]]] = {
            oid: (labels, []) for oid, labels in self.gone.labels.items()
        }
        for old, new in self.gone.retyped:
            if old.enum is None or new.enum is None or old.enum == new.enum or old.enum not in self.deployed.enums:
                continue
            left = set(self.gone.after.labels[new.enum].values())
            missing = tuple(label for label in self.gone.before.labels[old.enum].values() if label not in left)
            if missing:
                found.setdefault(old.enum, (missing, []))[1].append(old)
        return found

    def labels(self, models: ModelNames | Absent) -> Iterator[LabelsGone]:
        """Yield the values of enums that are gone."""
        for enum, (labels, columns) in self._labels().items():
            path = self.gone.before.enums[enum]
            known = models.labels.get(path, frozenset()) if isinstance(models, ModelNames) else frozenset()
            relations = [self.gone.before.relations[column.id.relation] for column in columns]
            statement = self.sent.of({"type"}, relations[0].name, columns[0].name) if columns else None
            yield LabelsGone(
                schema=path[0],
                name=path[1],
                labels=labels,
                mapped=tuple(label for label in labels if label in known),
                is_mapped=Mapped.UNKNOWN if isinstance(models, Absent) else Mapped.YES if known else Mapped.NO,
                columns=tuple(
                    ".".join((*relation.path, column.name)) for relation, column in zip(relations, columns, strict=True)
                ),
                statement=statement or self.sent.of({"type", "pg_enum"}),
            )
