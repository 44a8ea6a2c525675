"""Our own connections to a server, each with limits; to a server of ours, no PG* variable of the caller's counts."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psycopg2
from psycopg2 import extensions

from action.postgres.servers import libpq_variables
from action.postgres.servers.deadlines import Bounded, BoundedCursor, NoAnswerError
from action.postgres.servers.interface import Address

APPLICATION_NAME = "alembic-checks"

# These override PGOPTIONS, PGTARGETSESSIONATTRS and similar variables, which could change results. The others notice
# a network that drops packets while no answer is waited for; the limits of deadlines.py count in any case.
_DEFAULTS = {
    "target_session_attrs": "any",
    "gssencmode": "disable",
    "client_encoding": "UTF8",
    "keepalives_idle": "30",
    "keepalives_interval": "10",
    "keepalives_count": "3",
    "tcp_user_timeout": "30000",
}
_ALONE = {"passfile": os.devnull}
# Both sides prove that they know the password: whatever has taken the port of a server of ours is not believed.
_PROVEN = {"require_auth": "scram-sha-256"} if extensions.libpq_version() >= 160000 else {}


def open_connection(
    address: Address, database: str | None = None, options: str = "", *, of_run: bool = False
) -> Bounded:
    """Connect in autocommit mode, to the maintenance database unless another is named.

    ``options`` are libpq's: settings that override those of the database and the role. ``of_run``: queries raise
    TimeIsUpError at the end of the run. Raises psycopg2.OperationalError where the server refuses or does not answer.
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
    if address.is_complete:
        libpq_variables.drop()
        given |= _ALONE | _PROVEN
    parameters = {**_DEFAULTS, "options": options, **dict(address.parameters), **given}
    made = _made(parameters, address, of_run)
    made.autocommit = True
    return made


def _made(parameters: dict[str, str], address: Address, of_run: bool) -> Bounded:
    """Connect; where that takes too long, to each of several places in turn, which libpq would not do by itself."""
    error: NoAnswerError | None = None
    for place in _places(address):
        try:
            made: Bounded = psycopg2.connect(
                connection_factory=lambda dsn: Bounded(dsn, address.bounds, of_run=of_run),
                cursor_factory=BoundedCursor,
                application_name=APPLICATION_NAME,
                **{**parameters, **place},
            )
        except NoAnswerError as late:
            error = error or late
        else:
            return made
    assert error is not None
    raise error


def _places(address: Address) -> Iterator[dict[str, str]]:
    yield {}
    if address.is_complete:
        return
    found = []
    for host in address.host.split(","):
        with suppress(OSError):
            for *_, place in socket.getaddrinfo(host, address.port, type=socket.SOCK_STREAM):
                found.append({"host": host, "hostaddr": str(place[0])})
    yield from found if len(found) > 1 else ()


@contextmanager
def connected(
    address: Address, database: str | None = None, options: str = "", *, of_run: bool = False
) -> Iterator[Bounded]:
    """Connect as open_connection does, and close at the end."""
    made = open_connection(address, database, options, of_run=of_run)
    try:
        yield made
    finally:
        made.close()
