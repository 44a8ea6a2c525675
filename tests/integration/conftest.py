"""One PostgreSQL server for a whole test session (one a worker under xdist), and fresh databases on it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from psycopg2.extensions import connection as Connection

from action.postgres.databases import Databases
from action.postgres.embedded import boot
from action.postgres.interface import Server


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """Boot the newest PostgreSQL of this machine."""
    with boot() as booted:
        yield booted


@pytest.fixture(scope="session")
def databases(server: Server) -> Iterator[Databases]:
    """Own the scratch databases of the session."""
    with Databases(server) as owner:
        yield owner


@pytest.fixture
def database(databases: Databases) -> Iterator[str]:
    """Create an empty database, return its name and drop it after the test, whoever is connected."""
    name = databases.create("test")
    yield name
    databases.drop(name)
    databases.drop_new_roles()


@pytest.fixture
def connection(databases: Databases, database: str) -> Iterator[Connection]:
    """Connect to the fresh database in autocommit mode."""
    with databases.connect(database) as connected:
        yield connected
