"""The tables, columns and enum values that models describe, by name: built only where something was dropped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from action.postgres.databases import Databases
from action.postgres.identities import read_columns, read_identities
from action.probe.protocol.companions import database_of
from action.rehearsal.base_code import BaseCheckout
from action.rehearsal.model_drift import models_of_base, read_models
from action.rehearsal.modelled import Modelled
from action.rehearsal.several_databases import engines
from action.session.session import Session
from checks.recording.absent import Absent
from checks.recording.losses import ColumnUse, Mapped

Path = tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Mapping:
    """What maps a table."""

    classes: tuple[str, ...] = ()
    uses: Mapping[str, tuple[ColumnUse, ...]] = field(default_factory=dict)
    """By the column."""


@dataclass(frozen=True, slots=True)
class ModelNames:
    """What models describe."""

    columns: Mapping[Path, list[str]] = field(default_factory=dict)
    """From schema and name of a table to its columns, in the models' order."""
    labels: Mapping[Path, frozenset[str]] = field(default_factory=dict)
    """From schema and name of an enum to its values."""
    mapped: Mapping[Path, _Mapping] = field(default_factory=dict)
    """From schema and name of a table to what maps it; empty where the project's SQLAlchemy does not tell."""
    others: frozenset[Path] = frozenset()
    """Sequences and views."""

    def maps(self, path: Path) -> Mapped:
        """Return whether the models describe a table, view or sequence."""
        return Mapped.YES if path in self.columns or path in self.others else Mapped.NO

    def maps_column(self, path: Path, name: str) -> Mapped:
        """Return whether the models describe a column."""
        if name not in self.columns.get(path, ()):
            return Mapped.NO
        is_named = any(use.statements for use in self.uses(path, name))
        return Mapped.YES if is_named or not self.classes(path) else Mapped.UNREAD

    def classes(self, path: Path) -> tuple[str, ...]:
        """Return the classes that map a table."""
        return self.mapped.get(path, _Mapping()).classes

    def tables_of(self, class_name: str) -> list[Path]:
        """Return the tables that classes of one name map."""
        return [path for path, mapping in self.mapped.items() if class_name in mapping.classes]

    def uses(self, path: Path, name: str) -> tuple[ColumnUse, ...]:
        """Return what maps a column, or names it otherwise."""
        return self.mapped.get(path, _Mapping()).uses.get(name, ())

    def attributes(self, path: Path) -> dict[tuple[str, str], list[str]]:
        """Return from each class and attribute to the columns that it maps in a table."""
        found: dict[tuple[str, str], list[str]] = {}
        for column, uses in self.mapped.get(path, _Mapping()).uses.items():
            for use in uses:
                if use.attribute:
                    found.setdefault((use.owner, use.attribute), []).append(column)
        return found

    def place(self, path: Path, name: str) -> int | None:
        """Return the place of a column in the models' table, the first is 1."""
        names = self.columns.get(path, [])
        return names.index(name) + 1 if name in names else None


@dataclass(slots=True, kw_only=True)
class KnownModels:
    """The models of the base and of the working tree, each built when it is first asked for."""

    base: BaseCheckout
    session: Session
    databases: Databases
    migrated: str | None
    """The base's database; None where there is none."""
    head: str
    """The database at the heads."""
    _of_base: dict[int, ModelNames | Absent] = field(default_factory=dict)
    _of_head: dict[int, ModelNames | Absent] = field(default_factory=dict)

    def of_base(self, number: int) -> ModelNames | Absent:
        """Return what the base's models describe of one of the databases."""
        if number not in self._of_base:
            self._of_base[number] = self._built_at_base(number)
        return self._of_base[number]

    def of_head(self, number: int) -> ModelNames | Absent:
        """Return what the working tree's models describe of one of the databases."""
        if number not in self._of_head:
            self._of_head[number] = self._names(read_models(self.session, self.databases, self.head, number))
        return self._of_head[number]

    def _built_at_base(self, number: int) -> ModelNames | Absent:
        if self.migrated is None:
            return Absent(reason="there is no database at the base's revisions")
        session = self.base.session()
        if isinstance(session, Absent):
            return session
        if session.environment is not None and not session.environment.metadata_given:
            return Absent(reason="its env.py sets `target_metadata = None`")
        if number and number not in {found.number for found in engines(session)}:
            return ModelNames()
        return self._names(models_of_base(self.base, session, self.databases, self.migrated, number))

    def _names(self, modelled: Modelled | Absent) -> ModelNames | Absent:
        if isinstance(modelled, Absent):
            return Absent(reason=f"its models could not be created: {modelled.reason}")
        models = modelled.models
        if isinstance(models.modelled, Absent):
            return Absent(reason=f"its models could not be created: {models.modelled.reason}")
        with self.databases.connect(database_of(modelled.database, modelled.engine)) as connection:
            found = read_identities(connection, ("", ""))
            tables = {one.oid: one.path for one in found.relations.values() if one.path in set(models.tables)}
            columns: dict[Path, list[str]] = {path: [] for path in models.tables}
            for column in read_columns(connection, tables).values():
                columns[tables[column.id.relation]].append(column.name)
        labels = {
            path: frozenset(found.labels[oid].values()) for oid, path in found.enums.items() if path in models.enums
        }
        return ModelNames(columns, labels, _by_table(modelled), frozenset({*models.sequences, *models.views}))


def _by_table(modelled: Modelled) -> dict[Path, _Mapping]:
    """Return what maps each table."""
    found = {}
    for table in modelled.mapped:
        uses: dict[str, tuple[ColumnUse, ...]] = {}
        for use in table.uses:
            known = ColumnUse(owner=use.owner, attribute=use.attribute, statements=use.statements)
            uses[use.column] = (*uses.get(use.column, ()), known)
        found[table.schema, table.table] = _Mapping(table.classes, uses)
    return found
