"""A private server in a container of the user's image, started for one run through the Docker engine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from action.postgres.servers import libpq_variables
from action.postgres.servers.interface import PostgresServer, ServerWanted


def provide(wanted: ServerWanted) -> AbstractContextManager[PostgresServer]:
    """Start a container of the wanted image, as a Way does."""
    libpq_variables.drop()  # here, where no other thread runs yet: the project's process gets the rest
    return _booted(wanted)


@contextmanager
def _booted(wanted: ServerWanted) -> Iterator[PostgresServer]:
    # The SDK takes a third of a second to import, which only those who use it should pay.
    from action.postgres.servers.docker_boot import boot

    with boot(wanted) as server:
        yield server
