"""A server that the user names with --database-url; only our own scratch databases on it are changed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, unquote, urlsplit

import psycopg2
from psycopg2.extensions import connection as Connection

from action.errors import PostgresError
from action.postgres.servers.connection import connected
from action.postgres.servers.interface import Address, ServerWanted
from action.sandbox.project_user import find_user

_LOOPBACK = re.compile(r"localhost|127\.[\d.]+|::1")
_SCHEMES = ("postgresql", "postgres")
_TLS_PARAMETERS = ("sslmode", "sslrootcert", "sslcert", "sslkey")
_FORM = "Set it to postgresql://USER:PASSWORD@HOST:PORT/DATABASE, with the password percent-encoded."


@dataclass(frozen=True, slots=True, kw_only=True)
class ExternalServer:
    """A server that is not ours; see interface.PostgresServer."""

    address: Address
    version: str
    version_num: int
    detail: str
    kind: str = "external"
    is_ours: bool = False
    role_is_ordinary: bool = False

    @property
    def admin(self) -> Address:
        """Return the same role: the user's own."""
        return self.address


def provide(wanted: ServerWanted) -> AbstractContextManager[ExternalServer]:
    """Log in to the server of ``wanted.url``, as a Way does."""
    assert wanted.url is not None, "without a URL another way is chosen"
    return use(wanted.url)


@contextmanager
def use(url: str) -> Iterator[ExternalServer]:
    """Log in to the server of a URL and check that databases can be created there.

    Raises PostgresError, which never contains the password, for a wrong URL, a failed login or a missing right.
    """
    wanted = _parsed(url)
    try:
        with connected(wanted) as connection:
            server = _described(wanted, connection)
    except psycopg2.Error as error:
        raise _unreached(wanted, _without_password(wanted, str(error).strip())) from None
    yield server


def _unreached(wanted: Address, said: str) -> PostgresError:
    what = f"No connection to the PostgreSQL server at {wanted.host}:{wanted.port}."
    if find_user().is_another and _LOOPBACK.fullmatch(wanted.host):
        return PostgresError(
            what,
            why=f"{wanted.host} is this container: use the name of the service, such as postgres.\n{said}",
            remedy="Set `database-url: postgresql://USER:PASSWORD@postgres:5432/DATABASE`, with the port that the "
            "server has in its own container.",
        )
    return PostgresError(
        what, why=said, remedy="Check --database-url and that the server runs. Or remove it: a server is started then."
    )


def _parsed(url: str) -> Address:
    # Not SQLAlchemy's make_url: importing it takes half a second, and its message quotes the password.
    try:
        parts = urlsplit(url)
        port = parts.port or 5432
    except ValueError:
        raise _unusable("cannot be read", "It is not a URL.") from None
    scheme = parts.scheme.split("+")[0]
    if not parts.scheme or not url.lower().startswith(f"{parts.scheme}://"):
        raise _unusable("cannot be read", "It is not a URL.")
    if scheme not in _SCHEMES:
        raise _unusable("is not for PostgreSQL", f"It begins with {scheme}://.")
    if not parts.hostname:
        raise _unusable("names no host", "Migrations connect over TCP, because not every driver can use a Unix socket.")
    return Address(
        host=parts.hostname,
        port=port,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        maintenance_database=unquote(parts.path[1:]) or "postgres",
        parameters=_tls_parameters(dict(parse_qsl(parts.query))),
    )


def _unusable(what: str, why: str) -> PostgresError:
    return PostgresError(f"The database URL {what}.", why=why, remedy=_FORM)


def _tls_parameters(query: dict[str, str]) -> tuple[tuple[str, str], ...]:
    if "ssl" in query:  # asyncpg's name for it
        query.setdefault("sslmode", query["ssl"])
    return tuple((name, query[name]) for name in _TLS_PARAMETERS if name in query)


def _described(wanted: Address, connection: Connection) -> ExternalServer:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('server_version'), current_user, pg_is_in_recovery(),"
            " rolsuper OR rolcreatedb FROM pg_roles WHERE rolname = current_user"
        )
        row = cursor.fetchone()
    if row is None:
        raise PostgresError("The role of --database-url is not in pg_roles.")
    version, user, standby, may_create = row
    place = f"{wanted.host}:{wanted.port}"
    if standby:
        raise PostgresError(
            f"The PostgreSQL server at {place} is a read-only standby.",
            why="Migrations run in scratch databases, which must be created.",
            remedy="Set --database-url to the primary, or to another server.",
        )
    if not may_create:
        raise PostgresError(
            f"The role {user} on {place} may not create databases.",
            why="Migrations run in scratch databases, which must be created; no other database is changed.",
            remedy=f'Run as a superuser: ALTER ROLE "{user}" CREATEDB. Or set --database-url to another role.',
        )
    return ExternalServer(
        address=_completed(wanted, connection),
        version=version.split()[0],
        version_num=connection.server_version,
        detail=f"PostgreSQL {version.split()[0]} at {place}, as {user}",
    )


def _completed(wanted: Address, connection: Connection) -> Address:
    # User and password may have come from PGUSER, PGPASSWORD or ~/.pgpass; the project's drivers need them.
    return replace(wanted, user=connection.info.user, password=connection.info.password or "")


def _without_password(wanted: Address, text: str) -> str:
    # Replacing every "a" hides nothing and makes nonsense, and what names the host as well is no secret.
    password, shown = wanted.password, (wanted.host, wanted.user, wanted.maintenance_database)
    return text.replace(password, "***") if len(password) > 3 and password not in shown else text
