"""Servers of the PostgreSQL versions that all cases run on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from action.errors import PostgresError
from action.postgres.databases import Databases
from action.postgres.servers.embedded import boot
from action.postgres.servers.interface import Address, PostgresServer

VERSIONS = (15, 18)


@pytest.fixture(scope="session", params=VERSIONS)
def server(request: pytest.FixtureRequest) -> Iterator[PostgresServer]:
    """Boot a server of one version. The wheel contains 18, so only the older version may be missing."""
    version: int = request.param
    try:
        with boot(version=version) as booted:
            yield booted
    except PostgresError:
        if version == VERSIONS[-1]:
            raise
        pytest.skip(f"PostgreSQL {version} is not installed")


@pytest.fixture(scope="session")
def address(server: PostgresServer) -> Address:
    """Return the address of the server."""
    return server.address


@pytest.fixture(scope="session")
def databases(server: PostgresServer) -> Iterator[Databases]:
    """Own the scratch databases of the server."""
    with Databases(server) as owner:
        yield owner


@pytest.fixture
def name(databases: Databases) -> Iterator[str]:
    """Own an empty database for one test."""
    made = databases.create("drift")
    yield made
    databases.drop(made)
