"""Tables whose rows are not those of an undisturbed deploy: written twice, or changed twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from action.postgres.databases import Databases
from action.postgres.row_prints import Column, column_prints, row_prints
from action.probe.protocol.companions import database_of
from action.rehearsal.database_state import version_table
from action.rehearsal.several_databases import numbers
from action.session.session import Session
from checks.recording.remains import RowChange
from checks.recording.schema import Schema


@dataclass(frozen=True, kw_only=True)
class RowChanges:
    """The rows of an undisturbed deploy, to compare others with."""

    session: Session
    databases: Databases
    head: str
    """The database of the undisturbed deploy."""
    schemas: Sequence[Schema]
    """Of each of its databases."""
    another: Callable[[], str | None]
    """Makes another such database, to see which values every run makes anew; None where that does not succeed."""

    def of(self, database: str) -> tuple[RowChange, ...]:
        """Return the tables of a database whose rows differ; names and times that every run makes anew do not count."""
        return tuple(change for number in numbers(self.session) for change in self._of(database, number))

    @cached_property
    def _expected(self) -> dict[int, dict[tuple[str, str], str]]:
        return {number: self._prints(self.head, number) for number in numbers(self.session)}

    @cached_property
    def _volatile(self) -> set[tuple[int, Column]] | None:
        """Return the columns whose values differ between two undisturbed deploys; None where they are unknown."""
        other = self.another()
        if other is None:
            return None
        found: set[tuple[int, Column]] = set()
        for number in numbers(self.session):
            one, two = self._columns(self.head, number), self._columns(other, number)
            found |= {(number, column) for column in one.keys() | two.keys() if one.get(column) != two.get(column)}
        self.databases.drop(other)
        return found

    def _of(self, database: str, number: int) -> Iterator[RowChange]:
        expected, found = self._expected[number], self._prints(database, number)
        alike = []
        for name in sorted(expected.keys() & found.keys()):
            counts = _count(expected[name]), _count(found[name])
            if counts[0] != counts[1]:
                yield RowChange(schema=name[0], table=name[1], expected=counts[0], found=counts[1])
            elif expected[name] != found[name]:
                alike.append((name, counts[0]))
        if alike:
            differing = self._differing(database, number)
            for name, count in alike:
                columns = tuple(column for schema, table, column in sorted(differing) if (schema, table) == name)
                if columns:
                    yield RowChange(schema=name[0], table=name[1], expected=count, found=count, columns=columns)

    def _differing(self, database: str, number: int) -> set[Column]:
        """Return the columns whose values differ, without those that a sequence numbers or that refer to such."""
        volatile = self._volatile
        if volatile is None:
            return set()
        one, two = self._columns(self.head, number), self._columns(database, number)
        generated = _numbered(self.schemas[numbers(self.session).index(number)])
        return {
            column
            for column in one.keys() & two.keys()
            if one[column] != two[column] and (number, column) not in volatile and column not in generated
        }

    def _prints(self, database: str, number: int) -> dict[tuple[str, str], str]:
        with self.databases.connect(database_of(database, number)) as connection:
            found = row_prints(connection, version_table(self.session, number))
        return {name: value for name, value in found.items() if " " in value}  # without the sequences

    def _columns(self, database: str, number: int) -> dict[Column, str]:
        with self.databases.connect(database_of(database, number)) as connection:
            return dict(column_prints(connection, version_table(self.session, number)))


def _count(value: str) -> int:
    return int(value.split(" ", 1)[0])


def _numbered(schema: Schema) -> set[Column]:
    """Return the columns that a sequence numbers, and those of foreign keys, which may refer to them."""
    found: set[Column] = set()
    for item in schema.objects:
        if item.kind == "column" and (item.attributes.get("sequence") or item.attributes.get("identity")):
            found.add((item.schema, item.table or "", item.name))
        columns = item.attributes.get("columns")
        is_key = item.kind == "constraint" and item.attributes.get("type") == "foreign key"
        if is_key and isinstance(columns, tuple):
            found |= {(item.schema, item.table or "", column) for column in columns}
    return found
