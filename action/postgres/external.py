"""A server that the user gives us with --database-url; only our own scratch databases are touched on it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg2
from psycopg2.extensions import connection as Connection
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from action.errors import PostgresError
from action.postgres.connection import open_connection
from action.postgres.interface import Address, Kind

_SCHEMES = ("postgresql", "postgres")
_TLS_PARAMETERS = ("sslmode", "sslrootcert", "sslcert", "sslkey")
_FORM = "Give it as postgresql://user:password@host:port/database."


@dataclass(frozen=True, slots=True, kw_only=True)
class ExternalServer:
    """A server that is not ours, see interface.Server."""

    address: Address
    version: str
    version_num: int
    detail: str
    kind: Kind = "external"

    def log_tail(self) -> str:
        """Return nothing: its log is out of our reach."""
        return ""


@contextmanager
def use(url: str) -> Iterator[ExternalServer]:
    """Log in to the server of a URL and see that databases can be created there.

    Raises PostgresError, which never holds the password, when the URL, the login or the right does not do.
    """
    wanted = _address(_parsed(url))
    try:
        connection = open_connection(wanted)
    except psycopg2.Error as error:
        raise PostgresError(
            f"No connection to the PostgreSQL server at {wanted.host}:{wanted.port}.",
            why=_without(wanted.password, str(error).strip()),
            remedy="Check --database-url and that the server runs; without it, a server is booted.",
        ) from None
    try:
        server = _described(wanted, connection)
    finally:
        connection.close()
    yield server


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        # SQLAlchemy's message quotes the URL, and with it the password.
        raise PostgresError("The database URL cannot be read.", why="It is not a URL.", remedy=_FORM) from None
    scheme = parsed.drivername.split("+")[0]
    if scheme not in _SCHEMES:
        raise PostgresError("The database URL is not for PostgreSQL.", why=f"It begins with {scheme}://.", remedy=_FORM)
    if not parsed.host:
        raise PostgresError(
            "The database URL names no host.",
            why="Migrations are rehearsed over TCP, because not every driver can use a Unix socket.",
            remedy=_FORM,
        )
    return parsed


def _address(url: URL) -> Address:
    query = {name: value for name, value in url.query.items() if isinstance(value, str)}
    if "ssl" in query:  # asyncpg's name for it
        query.setdefault("sslmode", query["ssl"])
    return Address(
        host=url.host or "",
        port=url.port or 5432,
        user=url.username or "",
        password=url.password or "",
        maintenance_database=url.database or "postgres",
        parameters=tuple((name, query[name]) for name in _TLS_PARAMETERS if name in query),
    )


def _described(wanted: Address, connection: Connection) -> ExternalServer:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('server_version'), current_user, pg_is_in_recovery(),"
            " rolsuper OR rolcreatedb FROM pg_roles WHERE rolname = current_user"
        )
        row = cursor.fetchone()
    if row is None:
        raise PostgresError("The role that --database-url logs in as cannot be found in pg_roles.")
    version, user, standby, may_create = row
    place = f"{wanted.host}:{wanted.port}"
    if standby:
        raise PostgresError(
            f"The PostgreSQL server at {place} is a standby: it cannot be written to.",
            why="Migrations are rehearsed in scratch databases, which have to be created.",
            remedy="Name the primary, or another server, with --database-url.",
        )
    if not may_create:
        raise PostgresError(
            f"The role {user} on {place} may not create databases.",
            why="Migrations are rehearsed in scratch databases; no other database is touched.",
            remedy=f'As a superuser: ALTER ROLE "{user}" CREATEDB. Or name another role in --database-url.',
        )
    return ExternalServer(
        address=_completed(wanted, connection),
        version=version.split()[0],
        version_num=connection.server_version,
        detail=f"PostgreSQL {version.split()[0]} at {place}, as {user}",
    )


def _completed(wanted: Address, connection: Connection) -> Address:
    # User and password may have come from PGUSER, PGPASSWORD or ~/.pgpass; the project's drivers need them.
    return Address(
        host=wanted.host,
        port=wanted.port,
        user=connection.info.user,
        password=connection.info.password or "",
        maintenance_database=wanted.maintenance_database,
        parameters=wanted.parameters,
    )


def _without(password: str, text: str) -> str:
    # A short password is not looked for: replacing every "a" hides nothing and makes nonsense.
    return re.sub(re.escape(password), "***", text) if len(password) > 3 else text
