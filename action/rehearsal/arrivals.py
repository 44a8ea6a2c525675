"""Where the values that were put into a column are after a migration."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from action.postgres.identities import ColumnId
from action.postgres.seeding import Values

_SHORTEST = 4
"""Characters of a value that is looked for inside of others; a shorter one is there by chance."""


@dataclass(frozen=True, slots=True)
class Arrivals:
    """The values of columns before and after."""

    before: Values
    after: Values

    def of(self, column: ColumnId, among: Collection[ColumnId] | None = None) -> ColumnId | None:
        """Return the column that all values of a column have arrived in; None where there is none.

        Only what was not there before counts: a new column, or one with other values. ``among`` are those to look at.
        """
        wanted = _each(self.before.get(column, ()))
        if not wanted:
            return None
        for other, values in self.after.items():
            if other == column or (among is not None and other not in among):
                continue
            old = self.before.get(other)
            if old is not None and sorted(map(str, old)) == sorted(map(str, values)):
                continue
            known = _each(values) - (_each(old or ()) if not _is_small(wanted) else set())
            if _all_in(wanted, known):
                return other
        return None

    def is_unmistakable(self, column: ColumnId) -> bool:
        """Return whether no value of a column is there by chance."""
        return not _is_small(_each(self.before.get(column, ())))

    def stays_apart(self, column: ColumnId) -> bool | None:
        """Return whether different values of a column are still different; None where there were not two."""
        old, new = self.before.get(column), self.after.get(column)
        if old is None or new is None or len(old) != len(new) or len(_each(old)) < 2:
            return None
        return len(_each(new)) >= len(_each(old))


def _each(values: Collection[str | None]) -> set[str]:
    return {value for value in values if value is not None}


def _is_small(wanted: set[str]) -> bool:
    return any(len(value) < _SHORTEST or value in ("true", "false") for value in wanted)


def _all_in(wanted: set[str], known: set[str]) -> bool:
    if wanted <= known:
        return True
    if _is_small(wanted):
        return False
    return all(any(value in one or _same(value, one) for one in known) for value in wanted)


def _same(value: str, other: str) -> bool:
    """Return whether a value is another one in another type: a number with a fraction of zero, a list of one."""
    return other.strip('{}"') == value.strip('{}"') or other.rstrip("0").rstrip(".") == value.rstrip("0").rstrip(".")


def arrived(arrivals: Arrivals, columns: Mapping[ColumnId, bool]) -> Iterator[tuple[ColumnId, ColumnId | None]]:
    """Yield each column with the one its values are in now; keys count only where a table has nothing else.

    ``columns`` are those of a table, with whether each is a key.
    """
    telling = [column for column, is_key in columns.items() if not is_key] or list(columns)
    for column in telling:
        if _each(arrivals.before.get(column, ())):
            yield column, arrivals.of(column)
