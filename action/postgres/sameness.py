"""Whether two spellings of an expression mean the same: the server decides, in the database of the models."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import psycopg2
from psycopg2 import errors, sql
from psycopg2.extensions import connection as Connection
from psycopg2.extensions import cursor as Cursor

from action.postgres.planned import SETTINGS, Planned, planned
from action.postgres.samples import Column, attempt, telling_row
from action.postgres.servers.deadlines import LimitError
from checks.recording.expressions import Compared, Equivalence, ExpressionKind, Spelling

_LIMIT = "SET statement_timeout = '5s'; SET search_path = ''"
_NEXTVAL = 1574
"""The oid of nextval(regclass), in pg_proc.dat of PostgreSQL's source."""
_INDEX = """
SELECT i.indrelid, i.indnatts, i.indnkeyatts, i.indkey::text, i.indisunique, i.indclass::text, i.indcollation::text,
       i.indoption::text, to_jsonb(i)->>'indnullsnotdistinct', c.relam, c.reloptions, k.conexclop::text,
       k.condeferrable, k.condeferred, i.indpred IS NULL
  FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
  LEFT JOIN pg_catalog.pg_constraint k ON k.conindid = i.indexrelid AND k.contype = 'x'
 WHERE i.indexrelid = %s"""
_PARTS = """
SELECT pg_catalog.pg_get_indexdef(i.indexrelid, n, false)
  FROM pg_catalog.pg_index i, generate_series(1, i.indnatts) n WHERE i.indexrelid = %s AND i.indkey[n - 1] = 0
UNION ALL SELECT pg_catalog.pg_get_expr(indpred, indrelid) FROM pg_catalog.pg_index
 WHERE indexrelid = %s AND indpred IS NOT NULL"""

Answer = tuple[Equivalence, str | None]
_DIFFERENT: Answer = (Equivalence.DIFFERENT, None)
_SAME: Answer = (Equivalence.SAME, None)
_UNPROVEN: Answer = (Equivalence.UNPROVEN, None)


def compare_spellings(connection: Connection, spellings: Sequence[Spelling]) -> tuple[Compared, ...]:
    """Compare each pair on a connection to the database of the models; what it creates there is rolled back.

    Two spellings mean the same where the planner makes one tree of both. Otherwise both are computed for sample values:
    values that tell them apart prove a difference, and without any the pair is ``UNPROVEN``.
    """
    if not spellings:
        return ()
    with connection.cursor() as cursor:
        cursor.execute(f"{SETTINGS}; {_LIMIT}; BEGIN")
        try:
            judge = _Judge(cursor)
            return tuple(judge.compared(spelling) for spelling in spellings)
        finally:
            if not connection.closed:
                cursor.execute("ROLLBACK; RESET ALL")


class _Judge:
    def __init__(self, cursor: Cursor) -> None:
        self._cursor = cursor

    def compared(self, spelling: Spelling) -> Compared:
        """Compare one pair; a spelling that the models' database cannot read differs."""
        answer = _DIFFERENT
        self._cursor.execute("SAVEPOINT spelling")
        try:
            answer = self._answer(spelling)
        except errors.QueryCanceled:
            answer = _UNPROVEN  # computing it takes longer than _LIMIT
        except LimitError:
            raise
        except psycopg2.Error:
            pass
        self._cursor.execute("ROLLBACK TO SAVEPOINT spelling")
        return Compared(spelling=spelling, sameness=answer[0], witness=answer[1])

    def _answer(self, spelling: Spelling) -> Answer:
        match spelling.kind:
            case ExpressionKind.DEFAULT:
                return self._default(spelling)
            case ExpressionKind.GENERATED:
                one, two = self._of_type(spelling)
                return self._over_columns(spelling, one, two)
            case ExpressionKind.CHECK:
                return self._over_columns(spelling, spelling.found, spelling.wanted)
            case ExpressionKind.INDEX | ExpressionKind.EXCLUSION:
                return self._index(spelling)

    def _default(self, spelling: Spelling) -> Answer:
        one, two = self._of_type(spelling)
        trees = (planned(self._cursor, one), planned(self._cursor, two))
        if trees[0] == trees[1]:
            return _SAME
        if trees[0].is_constant != trees[1].is_constant:
            return _DIFFERENT
        volatile = [self._volatile(tree) for tree in trees]
        if any(volatile):
            known = all(volatile) and not any(_NEXTVAL in tree.functions for tree in trees)
            return _UNPROVEN if known else _DIFFERENT
        if not self._equal(one, two):
            return _DIFFERENT
        return _SAME if trees[0].is_constant else _UNPROVEN

    def _equal(self, one: str, two: str) -> bool:
        found: list[tuple[Any, ...]] = []
        for cast in ("", "::jsonb", "::text"):  # json, point and others have no operator for equality
            query = f"SELECT ({one}){cast} IS NOT DISTINCT FROM ({two}){cast}"
            if attempt(self._cursor, partial(self._rows_into, found, query)):
                break
        return any(equal for (equal,) in found)

    def _volatile(self, tree: Planned) -> bool:
        query = "SELECT count(*) FROM pg_catalog.pg_proc WHERE provolatile = 'v' AND oid = ANY (%s)"
        [(count,)] = self._rows(query, tree.functions)
        return bool(count)

    def _over_columns(self, spelling: Spelling, one: str, two: str) -> Answer:
        source = f"FROM ONLY {self._table(spelling)}"
        trees = (planned(self._cursor, one, source), planned(self._cursor, two, source))
        if trees[0] == trees[1]:
            return _SAME
        if any(map(self._volatile, trees)):
            return _UNPROVEN
        columns = self._columns(spelling, sorted({number for tree in trees for number in tree.columns}))
        row = self._telling(spelling.kind, columns, one, two)
        if row is not None:
            return Equivalence.DIFFERENT, _shown(spelling.kind, columns, row)
        # Another constant in the same place is another meaning; but samples know only numbers and lists well enough.
        return _DIFFERENT if trees[0].differs_in_words(trees[1]) else _UNPROVEN

    def _telling(self, kind: ExpressionKind, columns: Sequence[Column], one: str, two: str) -> tuple[Any, ...] | None:
        if not columns:
            return None
        # A CHECK refuses a row only where it is false.
        form = "({}) IS NOT FALSE" if kind is ExpressionKind.CHECK else "({})"
        return telling_row(self._cursor, columns, form.format(one), form.format(two))

    def _index(self, spelling: Spelling) -> Answer:
        made = [self._made(spelling, text, place) for place, text in enumerate((spelling.found, spelling.wanted))]
        structures = [self._rows(_INDEX, oid) for oid in made]
        if structures[0] != structures[1]:
            return _DIFFERENT
        source = f"FROM ONLY {self._table(spelling)}"
        parts = [[text for (text,) in self._rows(_PARTS, oid, oid)] for oid in made]
        trees = [[planned(self._cursor, text, source) for text in texts] for texts in parts]
        if trees[0] == trees[1]:
            return _SAME
        answers = [self._over_columns(spelling, one, two) for one, two in zip(*parts, strict=True)]
        return max(answers, key=lambda answer: list(Equivalence).index(answer[0]))

    def _made(self, spelling: Spelling, definition: str, place: int) -> int:
        """Create an index, or the constraint that owns it, and return its oid."""
        name, table = f"alembic_checks_{place}", self._table(spelling)
        if spelling.kind is ExpressionKind.EXCLUSION:
            self._cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
        else:
            unique, rest = ("UNIQUE ", definition[7:]) if definition.startswith("UNIQUE ") else ("", definition)
            self._cursor.execute(f"CREATE {unique}INDEX {name} ON ONLY {table} {rest}")
        qualified = sql.Identifier(spelling.schema, name).as_string(self._cursor)
        [(oid,)] = self._rows("SELECT %s::regclass::oid", qualified)
        return int(oid)

    def _rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        self._cursor.execute(query, values or None)
        rows: list[tuple[Any, ...]] = self._cursor.fetchall()
        return rows

    def _rows_into(self, found: list[tuple[Any, ...]], query: str) -> None:
        found.extend(self._rows(query))

    def _table(self, spelling: Spelling) -> str:
        name: str = sql.Identifier(spelling.schema, spelling.table).as_string(self._cursor)
        return name

    def _of_type(self, spelling: Spelling) -> tuple[str, str]:
        """Return both expressions with the type of their column in the models, which an INSERT would give them."""
        [(type_name,)] = self._rows(
            "SELECT pg_catalog.format_type(atttypid, atttypmod) FROM pg_catalog.pg_attribute"
            " WHERE attrelid = %s::regclass AND attname = %s",
            self._table(spelling),
            spelling.column,
        )
        return f"CAST(({spelling.found}) AS {type_name})", f"CAST(({spelling.wanted}) AS {type_name})"

    def _columns(self, spelling: Spelling, numbers: list[int]) -> list[Column]:
        return [
            (name, type_name)
            for name, type_name in self._rows(
                "SELECT attname, pg_catalog.format_type(atttypid, atttypmod) FROM pg_catalog.pg_attribute"
                " WHERE attrelid = %s::regclass AND attnum = ANY (%s) ORDER BY attnum",
                self._table(spelling),
                numbers,
            )
        ]


def _shown(kind: ExpressionKind, columns: Sequence[Column], row: tuple[Any, ...]) -> str:
    """Return the values that tell two expressions apart, and what each makes of them: the migrations' first."""
    values = ", ".join(f"{name} = {_text(value)}" for (name, _), value in zip(columns, row, strict=False))
    found, wanted = row[len(columns) :]
    if kind is ExpressionKind.CHECK:
        return f"{values}: {'accepted' if found else 'refused'} in the migrations, " + (
            f"{'accepted' if wanted else 'refused'} in the models"
        )
    return f"{values}: {_text(found)} in the migrations, {_text(wanted)} in the models"


def _text(value: object) -> str:
    return "NULL" if value is None else f"'{value}'" if isinstance(value, str) else str(value)
