"""Reading the schema of a scratch database."""

from __future__ import annotations

from action.postgres.catalog import read_schema
from action.postgres.databases import Databases
from checks.schema import Schema


def schema_of(databases: Databases, database: str) -> Schema:
    """Read a database's schema on a connection of its own."""
    with databases.connect(database) as connection:
        return read_schema(connection)
