"""Our own connections to a server; PG* variables of the caller's shell do not change them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg2
from psycopg2.extensions import connection as Connection

from action.postgres.servers.interface import Address

APPLICATION_NAME = "alembic-checks"
CONNECT_TIMEOUT = 10
"""Seconds; without it libpq waits as long as the kernel, two minutes or more."""

# These override PGOPTIONS, PGTARGETSESSIONATTRS and similar variables, which could change results.
_DEFAULTS = {"target_session_attrs": "any", "gssencmode": "disable"}


def open_connection(address: Address, database: str | None = None, options: str = "") -> Connection:
    """Connect in autocommit mode, to the maintenance database unless another is named.

    ``options`` are libpq's: settings that override those of the database and the role.
    Raises psycopg2.OperationalError where the server refuses.
    """
    wanted = {
        "host": address.host,
        "port": str(address.port),
        "user": address.user,
        "password": address.password,
        "dbname": database or address.maintenance_database,
    }
    # libpq takes a parameter that is absent, but not one that is empty, from the environment and ~/.pgpass.
    given = {name: value for name, value in wanted.items() if value}
    parameters: dict[str, Any] = {**_DEFAULTS, "options": options, **dict(address.parameters), **given}
    made: Connection = psycopg2.connect(
        connect_timeout=CONNECT_TIMEOUT, application_name=APPLICATION_NAME, **parameters
    )
    made.autocommit = True
    return made


@contextmanager
def connected(address: Address, database: str | None = None, options: str = "") -> Iterator[Connection]:
    """Connect as open_connection does, and close at the end."""
    made = open_connection(address, database, options)
    try:
        yield made
    finally:
        made.close()
