"""Fingerprints of the rows of every table, by which two databases are compared without reading the rows."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from psycopg2 import sql
from psycopg2.extensions import connection as Connection

Column = tuple[str, str, str]
"""Schema, table and column; the column of a sequence is its last value."""
_COLUMNS = """
SELECT n.nspname, c.relname, array_agg(a.attname ORDER BY a.attname)
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
 WHERE c.relkind IN ('r', 'm') AND a.attnum > 0 AND NOT a.attisdropped
   AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
   AND (c.relkind = 'r' OR c.relispopulated)
 GROUP BY 1, 2"""
_SEQUENCES = "SELECT schemaname, sequencename, coalesce(last_value::text, '') FROM pg_sequences"


def row_prints(
    connection: Connection, without: tuple[str, str], volatile: Collection[Column] = ()
) -> dict[tuple[str, str], str]:
    """Return a fingerprint of each table's rows in any order, and each sequence's last value.

    ``without`` is a table that is left out, ``volatile`` are columns that are.
    """
    prints: dict[tuple[str, str], str] = {}
    with connection.cursor() as cursor:
        for schema, table, columns in _tables(cursor, without):
            kept = [name for name in columns if (schema, table, name) not in volatile]
            texts = sql.SQL(", ").join(sql.SQL("{}::text").format(sql.Identifier(name)) for name in kept)
            row = sql.SQL("md5(ARRAY[{}]::text[]::text)").format(texts)
            prints[schema, table] = _digest(cursor, row, schema, table)
        cursor.execute(_SEQUENCES)
        prints |= {(schema, name): value for schema, name, value in cursor.fetchall()}
    return prints


def column_prints(connection: Connection, without: tuple[str, str]) -> Mapping[Column, str]:
    """Return a fingerprint of the values of each column, in any order."""
    with connection.cursor() as cursor:
        return {
            (schema, table, name): _digest(cursor, sql.SQL("md5({}::text)").format(sql.Identifier(name)), schema, table)
            for schema, table, columns in _tables(cursor, without)
            for name in columns
        }


def _tables(cursor: Any, without: tuple[str, str]) -> list[tuple[str, str, list[str]]]:
    cursor.execute(_COLUMNS)
    return [(schema, table, columns) for schema, table, columns in cursor.fetchall() if (schema, table) != without]


def _digest(cursor: Any, value: sql.Composable, schema: str, table: str) -> str:
    query = sql.SQL("SELECT count(*) || ' ' || coalesce(md5(string_agg({0}, ',' ORDER BY {0})), '') FROM ONLY {1}")
    cursor.execute(query.format(value, sql.Identifier(schema, table)))
    [found] = cursor.fetchone()
    return str(found)
