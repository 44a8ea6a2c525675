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
from checks.recording.losses import Mapped

Path = tuple[str, str]


@dataclass(frozen=True, slots=True)
class ModelNames:
    """What models describe."""

    columns: Mapping[Path, list[str]] = field(default_factory=dict)
    """From schema and name of a table to its columns, in the models' order."""
    labels: Mapping[Path, frozenset[str]] = field(default_factory=dict)
    """From schema and name of an enum to its values."""
    unread: frozenset[tuple[str, str, str]] = frozenset()
    """The columns that no query names unless it is asked for, as schema, table and column."""
    others: frozenset[Path] = frozenset()
    """Sequences and views."""

    def maps(self, path: Path) -> Mapped:
        """Return whether the models describe a table, view or sequence."""
        return Mapped.YES if path in self.columns or path in self.others else Mapped.NO

    def maps_column(self, path: Path, name: str) -> Mapped:
        """Return whether the models describe a column."""
        if name not in self.columns.get(path, ()):
            return Mapped.NO
        return Mapped.UNREAD if (*path, name) in self.unread else Mapped.YES

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
    _of_base: dict[int, ModelNames | Absent] = field(default_factory=dict)
    _of_head: dict[tuple[str, int], ModelNames | Absent] = field(default_factory=dict)

    def of_base(self, number: int) -> ModelNames | Absent:
        """Return what the base's models describe of one of the databases."""
        if number not in self._of_base:
            self._of_base[number] = self._built_at_base(number)
        return self._of_base[number]

    def of_head(self, database: str, number: int) -> ModelNames | Absent:
        """Return what the working tree's models describe, built in a copy of a database."""
        if (database, number) not in self._of_head:
            modelled = read_models(self.session, self.databases, database, number)
            self._of_head[database, number] = self._names(modelled)
        return self._of_head[database, number]

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
        return ModelNames(columns, labels, frozenset(models.unread), frozenset({*models.sequences, *models.views}))
