"""Reads the version table over our own connection, to prove that the migrations ran here."""

from __future__ import annotations

from psycopg2 import sql
from psycopg2.extensions import connection as Connection

from action.postgres.servers.deadlines import AnswerTooLargeError

MOST_ROWS = 10_000
"""Rows that are believed: Alembic writes one for each head."""
_LONGEST = 255
"""Characters of a row."""


def version_rows(connection: Connection, schema: str, table: str) -> tuple[str, ...]:
    """Return the rows of an Alembic version table; empty when there is no such table."""
    name = sql.Identifier(schema, table)
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", (name.as_string(connection),))
        row = cursor.fetchone()
        if row is None or not row[0]:
            return ()
        # A migration can make it a view of any number of rows, or of long texts: cut before they are sorted.
        cursor.execute(
            sql.SQL(
                "SELECT version_num FROM (SELECT left(version_num::text, {}) AS version_num FROM {} LIMIT {}) found"
                " ORDER BY 1"
            ).format(sql.Literal(_LONGEST), name, sql.Literal(MOST_ROWS + 1))
        )
        rows = cursor.fetchall()
    if len(rows) > MOST_ROWS:
        raise AnswerTooLargeError(f"the version table {table} has more than {MOST_ROWS} rows")
    return tuple(str(version) for (version,) in rows)


def version_column(connection: Connection, schema: str, table: str) -> str | None:
    """Return the type of the version table's column; None where there is no such column."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT format_type(a.atttypid, a.atttypmod) FROM pg_attribute a"
            " JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname = %s AND c.relname = %s AND a.attname = 'version_num' AND NOT a.attisdropped",
            (schema, table),
        )
        row = cursor.fetchone()
    return None if row is None else str(row[0])
