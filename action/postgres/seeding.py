"""Puts rows into tables that a migration is about to change, and reads the values of their columns."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import connection as Connection

from action.postgres.identities import COLUMN, OF_COLUMNS, ColumnId
from action.postgres.markers import ROWS, marker
from action.postgres.samples import attempt, values_for

_MOST_TRIED = 60
"""Combinations of values that are tried where a CHECK refuses a row."""
_MOST_READ = 200
_TABLES = """
SELECT c.oid::int8, n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.oid = ANY(%s::oid[]) ORDER BY c.oid"""
_COLUMNS = f"""
SELECT {COLUMN},
       a.attnotnull OR t.typnotnull,
       ARRAY(SELECT l.enumlabel::text FROM pg_enum l WHERE l.enumtypid = e.oid ORDER BY l.enumsortorder),
       a.attname ~* '(^|_)id$' OR EXISTS (
         SELECT FROM pg_constraint k WHERE (k.conrelid = a.attrelid AND k.contype IN ('p', 'f') AND a.attnum = ANY(k.conkey))
            OR (k.confrelid = a.attrelid AND a.attnum = ANY(k.confkey))),
       ARRAY(SELECT pg_get_constraintdef(k.oid) FROM pg_constraint k
              WHERE k.contype = 'c' AND ((k.conrelid = a.attrelid AND a.attnum = ANY(k.conkey)) OR k.contypid = t.oid)),
       format_type(a.atttypid, a.atttypmod),
       ARRAY(SELECT pg_get_expr(k.conbin, k.conrelid) FROM pg_constraint k
              WHERE k.contype = 'c' AND k.conrelid = a.attrelid AND k.conkey = ARRAY[a.attnum])
  {OF_COLUMNS} AND a.attgenerated = ''
 ORDER BY 1, 2"""  # noqa: E501


class _Column(NamedTuple):
    relation: int
    number: int
    name: str
    type: str
    is_required: bool
    labels: Sequence[str]
    is_key: bool
    """Whether its values are those of another table: rows that belong together are put in as such."""
    conditions: Sequence[str]
    declared: str
    """Its type as declared: a domain by its name."""
    own_conditions: Sequence[str]
    """Those of its table that name no other column, as expressions."""


@dataclass(frozen=True, slots=True)
class Seeded:
    """What was put in, and what refused it."""

    rows: dict[int, int] = field(default_factory=dict)
    """From the oid of a table to the number of its new rows."""
    keys: set[ColumnId] = field(default_factory=set)
    """Columns whose values are in other tables, too."""
    refused: dict[int, str] = field(default_factory=dict)
    """From the oid of a table to the reason why nothing is in it."""


def seed(connection: Connection, tables: Sequence[int], types: Mapping[ColumnId, str], *, with_empty: bool) -> Seeded:
    """Put distinct rows into tables, those that others refer to first; ``with_empty``: and one that is mostly NULL.

    ``types`` are types that the values of a column have to be fit for, too.
    """
    done = Seeded()
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")
        # Only a superuser may; without it, the order of the tables and their common keys satisfy foreign keys.
        attempt(cursor, lambda: cursor.execute("SET LOCAL session_replication_role = replica"))
        cursor.execute(_TABLES, (list(tables),))
        names = {oid: sql.Identifier(schema, name) for oid, schema, name in cursor.fetchall()}
        cursor.execute(_COLUMNS, (list(tables),))
        found = [_Column(*row) for row in cursor.fetchall()]
        salts = itertools.count(1)
        by_table = {oid: list(columns) for oid, columns in itertools.groupby(found, key=lambda one: one.relation)}
        for oid in tables:
            columns = by_table.get(oid, [])
            salted = [(column, 0 if column.is_key else next(salts)) for column in columns]
            done.keys.update(ColumnId(oid, column.number) for column, _ in salted if column.is_key)
            _Table(cursor, names[oid], oid, salted, types).fill(done, with_empty=with_empty)
        cursor.execute("COMMIT")
    return done


@dataclass(frozen=True, slots=True)
class _Table:
    cursor: Any
    name: sql.Composable
    oid: int
    columns: Sequence[tuple[_Column, int]]
    types: Mapping[ColumnId, str]

    def fill(self, done: Seeded, *, with_empty: bool) -> None:
        wanted = ROWS if with_empty else ROWS - 1
        rows = [self._values(row, is_empty=row == ROWS - 1) for row in range(wanted)]
        if self._refusal(*rows) is None:
            done.rows[self.oid] = wanted
            return
        count = 0
        for row in range(wanted):
            refused = self._insert(row, is_empty=row == ROWS - 1)
            if refused is None:
                count += 1
            elif row < ROWS - 1:
                done.refused[self.oid] = refused
                return
        done.rows[self.oid] = count

    def _insert(self, row: int, *, is_empty: bool) -> str | None:
        """Put in a row; return why PostgreSQL refuses it."""
        values = self._values(row, is_empty=is_empty)
        reason: str | None = ""
        for tried in (values, *self._others(values, row)):
            reason = self._refusal(tried)
            if reason is None:
                return None
        return reason

    def _values(self, row: int, *, is_empty: bool) -> dict[str, str | None]:
        return {
            column.name: None if is_empty and not column.is_required else self._value(column, row, salt)
            for column, salt in self.columns
        }

    def _value(self, column: _Column, row: int, salt: int) -> str | None:
        later = self.types.get(ColumnId(column.relation, column.number))
        texts = column.type.split("(")[0] in ("text", "character varying", "character")
        return marker(later if later is not None and texts else column.type, column.labels, row, salt)

    def _others(self, values: Mapping[str, str | None], row: int) -> Iterator[dict[str, str | None]]:
        """Yield other values for the columns that a CHECK is about, as near as possible to what it names."""
        checked = [column for column, _ in self.columns if column.conditions]
        choices = {}
        for column in checked:
            found = [values[column.name], *values_for(self.cursor, column.type, column.conditions)]
            choices[column.name] = [text for text in dict.fromkeys(found) if self._fits(column, text)] or found[:1]
        if not checked:
            return
        yield {**values, **{name: found[row % len(found)] for name, found in choices.items()}}
        for picked in itertools.islice(itertools.product(*choices.values()), _MOST_TRIED):
            yield {**values, **dict(zip(choices, picked, strict=True))}

    def _fits(self, column: _Column, text: str | None) -> bool:
        """Return whether a value satisfies the conditions that are about its column alone."""
        tests = " AND ".join(f"({condition})" for condition in column.own_conditions) or "true"
        query = sql.SQL("SELECT FROM (SELECT (%s)::{} AS {}) AS one WHERE {}").format(
            sql.SQL(column.declared), sql.Identifier(column.name), sql.SQL(tests.replace("%", "%%"))
        )
        found: list[object] = []

        def look() -> None:
            self.cursor.execute(query, (text,))
            found.extend(self.cursor.fetchall())

        return text is not None and attempt(self.cursor, look) and bool(found)

    def _refusal(self, *rows: Mapping[str, str | None]) -> str | None:
        """Put in rows; return why PostgreSQL refuses them, None where it does not."""
        names = sql.SQL(", ").join(map(sql.Identifier, rows[0]))
        place = sql.SQL("({})").format(sql.SQL(", ").join(sql.SQL("%s") for _ in rows[0]))
        statement = sql.SQL("INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE VALUES {}")
        if not rows[0]:
            return "it has no columns"
        places = sql.SQL(", ").join(place for _ in rows)
        values = [value for row in rows for value in row.values()]
        said: list[str] = []

        def put() -> None:
            try:
                self.cursor.execute(statement.format(self.name, names, places), values)
            except psycopg2.Error as error:
                said.append(str(error).strip().splitlines()[0])
                raise

        return None if attempt(self.cursor, put) else said[0]


Values = dict[ColumnId, list[str | None]]
_READ = "SELECT {} FROM {} LIMIT {}"


def read_values(connection: Connection, columns: Mapping[ColumnId, tuple[str, str, str]]) -> Values:
    """Return the first values of columns as text; ``columns`` are schema, table and name of each."""
    values: Values = {}
    by_table: dict[tuple[str, str], list[tuple[ColumnId, str]]] = {}
    for identity, (schema, table, name) in columns.items():
        by_table.setdefault((schema, table), []).append((identity, name))
    with connection.cursor() as cursor:
        for path, named in by_table.items():
            texts = sql.SQL(", ").join(sql.SQL("{}::text").format(sql.Identifier(name)) for _, name in named)
            cursor.execute(sql.SQL(_READ).format(texts, sql.Identifier(*path), sql.Literal(_MOST_READ)))
            rows = cursor.fetchall()
            for place, (identity, _) in enumerate(named):
                values[identity] = [row[place] for row in rows]
    return values
