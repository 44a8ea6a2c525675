"""Reading a database's whole schema, as plain rows that two databases can be compared by."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from psycopg2.extensions import connection as Connection

from action.postgres import catalog_queries as queries
from action.postgres import catalog_rows as rows
from action.postgres.catalog_others import OTHERS
from action.postgres.catalog_rare import RARE
from checks.recording.schema import Schema, SchemaObject

# An empty path makes the server qualify every name that is not its own; the rest fixes how it writes constants.
READING = {
    "search_path": "",
    "DateStyle": "ISO, MDY",
    "IntervalStyle": "postgres",
    "TimeZone": "UTC",
    "quote_all_identifiers": "off",
    "jit": "off",  # compiling the queries takes longer than running them
}
_SETTING = f"SELECT {', '.join(['pg_catalog.set_config(%s, %s, true)'] * len(READING))}"


def read_schema(connection: Connection) -> Schema:
    """Read every object of the database outside system schemas and extensions, from pg_catalog.

    Which attributes each kind has stands in ``catalog_rows``.

    The connection is in autocommit mode; its settings are put back afterwards. Raises ``psycopg2.Error``.
    """
    with _reading(connection) as cursor:
        return Schema(objects=tuple(sorted(_objects(cursor), key=lambda item: item.key)))


def _objects(cursor: Any) -> Iterator[SchemaObject]:
    sequences = _rows(cursor, queries.SEQUENCES)
    yield from map(rows.schema_of, _rows(cursor, queries.SCHEMAS))
    yield from map(rows.extension_of, _rows(cursor, queries.EXTENSIONS))
    yield from map(rows.table_of, _rows(cursor, queries.TABLES))
    yield from rows.columns_of(_rows(cursor, queries.columns(cursor.connection.server_version)), sequences)
    yield from map(rows.sequence_of, sequences)
    yield from map(rows.constraint_of, _rows(cursor, queries.CONSTRAINTS))
    yield from map(rows.index_of, _rows(cursor, queries.INDEXES))
    yield from map(rows.enum_of, _rows(cursor, queries.ENUMS))
    yield from map(rows.domain_of, _rows(cursor, queries.DOMAINS))
    others = _rows(cursor, OTHERS)
    yield from (rows.other_of(row) for row in others if row[0])
    if not all(row[0] for row in others):
        yield from map(rows.other_of, _rows(cursor, RARE))


@contextmanager
def _reading(connection: Connection) -> Iterator[Any]:
    """Yield a cursor in a transaction of its own, whose end puts the settings back."""
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")
        try:
            cursor.execute(_SETTING, tuple(part for setting in READING.items() for part in setting))
            yield cursor
        finally:
            cursor.execute("ROLLBACK")


def _rows(cursor: Any, query: str) -> list[rows.Row]:
    cursor.execute(query)
    found: list[rows.Row] = cursor.fetchall()
    return found
