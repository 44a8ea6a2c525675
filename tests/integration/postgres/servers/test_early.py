"""A server that is started early: there when it is waited for, gone in any case."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterator

import pytest

from action.errors import PostgresError
from action.postgres.servers import embedded
from action.postgres.servers.connection import connected
from action.postgres.servers.early import early
from action.postgres.servers.interface import PostgresServer


def pid_of(server: PostgresServer) -> int:
    assert isinstance(server, embedded.EmbeddedServer)
    return server.pid


def test_it_is_there_for_who_waits_and_gone_after_the_block() -> None:
    with early(embedded.boot()) as up:
        server = up()
        with connected(server.address) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            assert cursor.fetchone() == (1,)
    with pytest.raises(ProcessLookupError):
        os.kill(pid_of(server), 0)


def test_nobody_has_to_wait_for_it() -> None:
    entered, left = threading.Event(), threading.Event()

    @contextlib.contextmanager
    def server() -> Iterator[PostgresServer]:
        with embedded.boot() as booted:
            entered.set()
            yield booted
        left.set()

    with early(server()):
        assert not left.is_set()
    assert (entered.is_set(), left.is_set()) == (True, True)


def test_the_error_of_a_server_that_does_not_start_is_raised_to_who_waits() -> None:
    with early(embedded.boot(version=3)) as up, pytest.raises(PostgresError, match=r"^PostgreSQL 3 "):
        up()
