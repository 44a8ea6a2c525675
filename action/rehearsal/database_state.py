"""Reading a scratch database on a connection of our own: its schema, and where its version table stands."""

from __future__ import annotations

from action.postgres.catalog import read_schema
from action.postgres.databases import Databases
from action.postgres.version_table import version_column, version_rows
from action.session.session import Session
from checks.recording.schema import Schema


def schema_of(databases: Databases, database: str) -> Schema:
    """Read a database's schema on a connection of its own."""
    with databases.connect(database) as connection:
        return read_schema(connection)


def version_table(session: Session, number: int = 0) -> tuple[str, str]:
    """Return (schema, name) of the tree's version table, as its MigrationContext has it, or Alembic's default.

    ``number`` is that of one of several databases.
    """
    environment = session.environment
    for engine in session.found.engines if session.found else ():
        if engine.number == number:
            return engine.version_table_schema or "public", engine.version_table
    if environment is None:
        return "public", "alembic_version"
    return environment.version_table_schema or "public", environment.version_table


def rows(session: Session, databases: Databases, database: str) -> tuple[str, ...]:
    """Return the rows of the version table."""
    with databases.connect(database) as connection:
        return version_rows(connection, *version_table(session))


def column_type(session: Session, databases: Databases, database: str) -> str | None:
    """Return the type of the version table's column; None where there is no such table yet."""
    with databases.connect(database) as connection:
        return version_column(connection, *version_table(session))
