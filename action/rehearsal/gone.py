"""What of the deployed database a revision takes away or gives another type, by oid and attnum."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from action.postgres.identities import ColumnFacts, ColumnId, Identities, Relation


@dataclass(slots=True)
class DeployedIds:
    """What the deployed database has, by the numbers that it has in later databases, too."""

    relations: dict[int, int] = field(default_factory=dict)
    """From a relation to the one of the deployed database that its rows come from: itself, but for a swap."""
    columns: dict[ColumnId, ColumnId] = field(default_factory=dict)
    paths: dict[int, tuple[str, str]] = field(default_factory=dict)
    """From a relation of the deployed database to its schema and name."""
    types: dict[ColumnId, str] = field(default_factory=dict)
    """The type that a column has there, where a revision changed it."""
    routines: frozenset[tuple[str, str, str]] = frozenset()
    enums: frozenset[int] = frozenset()

    @classmethod
    def all_of(cls, found: Identities) -> DeployedIds:
        """Return a database in which everything is deployed."""
        columns = [
            ColumnId(oid, int(part.split(" ")[0]))
            for oid, relation in found.relations.items()
            for part in relation.types.split(",")
            if part
        ]
        return cls(
            relations={oid: oid for oid in found.relations},
            columns={column: column for column in columns},
            paths={oid: one.path for oid, one in found.relations.items()},
            routines=frozenset(found.routines.values()),
            enums=frozenset(found.enums),
        )

    def path_of(self, relation: int) -> tuple[str, str]:
        """Return the schema and name that a relation has in the deployed database."""
        return self.paths[self.relations[relation]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """What is gone after a revision, or another."""

    before: Identities
    after: Identities
    old: Mapping[ColumnId, ColumnFacts]
    """The columns of relations that changed or are gone, before."""
    new: Mapping[ColumnId, ColumnFacts]
    """The columns of relations that changed or are new, after."""
    relations: tuple[Relation, ...]
    columns: tuple[ColumnFacts, ...]
    retyped: tuple[tuple[ColumnFacts, ColumnFacts], ...]
    routines: tuple[tuple[str, str, str], ...]
    """Kind, schema and name."""
    labels: Mapping[int, tuple[str, ...]]
    """From the oid of an enum that is still there to its labels that are not."""

    @property
    def tables(self) -> tuple[Relation, ...]:
        """Return the tables that are gone."""
        return tuple(one for one in self.relations if one.kind in ("table", "foreign table"))

    @property
    def names(self) -> set[str]:
        """Return the names of the tables that lose something."""
        return {self.before.relations[oid].name for oid in self.touched}

    @property
    def touched(self) -> set[int]:
        """Return the relations that lose something."""
        changed = [*(column.id.relation for column in self.columns), *(old.id.relation for old, _ in self.retyped)]
        return {one.oid for one in self.relations} | set(changed)

    @property
    def is_nothing(self) -> bool:
        """Return whether everything is as it was."""
        return not (self.relations or self.columns or self.retyped or self.routines or self.labels)

    @property
    def new_relations(self) -> list[Relation]:
        """Return the tables that were not there before."""
        return [
            one for oid, one in self.after.relations.items() if one.kind == "table" and oid not in self.before.relations
        ]

    def new_columns(self, relation: int) -> list[ColumnFacts]:
        """Return the columns of a relation that were not there before."""
        return [column for id_, column in self.new.items() if id_.relation == relation and id_ not in self.old]


def changed_relations(before: Identities, after: Identities) -> tuple[set[int], set[int]]:
    """Return the oids of the relations whose columns are of interest: before, and after."""
    gone = {oid for oid, one in before.relations.items() if oid not in after.relations and one.kind != "sequence"}
    changed = {
        oid
        for oid, one in before.relations.items()
        if oid in after.relations and one.types != after.relations[oid].types and one.kind != "sequence"
    }
    new = {oid for oid, one in after.relations.items() if oid not in before.relations and one.kind == "table"}
    return gone | changed, changed | new


def gone_between(
    before: Identities,
    after: Identities,
    old: Mapping[ColumnId, ColumnFacts],
    new: Mapping[ColumnId, ColumnFacts],
    deployed: DeployedIds,
) -> Gone:
    """Return what is gone, of that which is deployed."""
    kinds = {oid: one.kind for oid, one in before.relations.items()}
    # What a partitioned table loses, each of its partitions loses too.
    own = {oid for oid in after.relations if oid in before.relations and not before.relations[oid].is_partition}
    known = {id_: column for id_, column in old.items() if id_ in deployed.columns and id_.relation in own}
    return Gone(
        before=before,
        after=after,
        old=old,
        new=new,
        relations=tuple(
            one for oid, one in before.relations.items() if oid not in after.relations and oid in deployed.relations
        ),
        columns=tuple(
            column
            for id_, column in known.items()
            if id_ not in new and kinds[id_.relation] in ("table", "foreign table")
        ),
        retyped=tuple(
            (column, new[id_])
            for id_, column in known.items()
            if id_ in new
            and (column.type, column.enum) != (new[id_].type, new[id_].enum)
            and kinds[id_.relation] == "table"
        ),
        routines=_routines(before, after, deployed),
        labels=_labels(before, after, deployed),
    )


def _routines(before: Identities, after: Identities, deployed: DeployedIds) -> tuple[tuple[str, str, str], ...]:
    named = set(after.routines.values())
    gone = [one for oid, one in before.routines.items() if oid not in after.routines and one not in named]
    return tuple(one for one in dict.fromkeys(gone) if one in deployed.routines)


def _labels(before: Identities, after: Identities, deployed: DeployedIds) -> dict[int, tuple[str, ...]]:
    found = {}
    for oid, known in before.labels.items():
        left = after.labels.get(oid)
        if left is not None and oid in deployed.enums and known.keys() - left.keys():
            found[oid] = tuple(label for number, label in known.items() if number not in left)
    return found
