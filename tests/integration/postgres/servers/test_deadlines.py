"""Servers that are frozen, cut off or not PostgreSQL at all: every connection of ours ends by itself."""

from __future__ import annotations

import io
import os
import resource
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace

import psycopg2
import pytest

from action.allowance import Allowance, TimeIsUpError
from action.postgres.servers import deadlines
from action.postgres.servers.connection import connected, open_connection
from action.postgres.servers.deadlines import AnswerTooLargeError, Bounded, Bounds, LostError, NoAnswerError
from action.postgres.servers.interface import Address, PostgresServer
from tests import fake_server
from tests.dropping_proxy import DroppingProxy

_PLAIN = (("sslmode", "disable"),)
NO_ANSWER = "PostgreSQL did not answer within 1 seconds"
TOO_MUCH = "PostgreSQL sent more than 64 MB in one answer"


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deadlines, "CONNECT_WITHIN", 1.0)
    monkeypatch.setattr(deadlines, "_LATER", 0.0)


def bounds(query: float = 1.0, allowance: Allowance | None = None) -> Bounds:
    return Bounds(query=query, allowance=allowance or Allowance())


@contextmanager
def fake(kind: str) -> Iterator[Address]:
    """Run a fake server in a process of its own."""
    command = [sys.executable, fake_server.__file__, kind]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            port = int(process.stdout.readline())
            yield Address(host="127.0.0.1", port=port, user="u", password="p", parameters=_PLAIN, bounds=bounds())
        finally:
            process.kill()


@pytest.mark.parametrize(
    ("kind", "error", "message"),
    [
        ("silent", NoAnswerError, NO_ANSWER),
        ("silent_later", NoAnswerError, NO_ANSWER),
        ("drips_while_connecting", NoAnswerError, NO_ANSWER),
        ("drips", NoAnswerError, NO_ANSWER),
    ],
)
def test_a_fake_server_that_keeps_us_waiting(kind: str, error: type[Exception], message: str) -> None:
    with fake(kind) as address:
        with pytest.raises(error, match=f"^{message}$"):
            ask(address)
        assert address.bounds.silent


@pytest.mark.parametrize("kind", ["rows", "one_row", "notices", "authenticates_for_ever"])
def test_a_fake_server_that_never_stops_talking(kind: str) -> None:
    before = memory()
    with fake(kind) as address:
        patient = replace(address, bounds=bounds(60))
        with pytest.raises((AnswerTooLargeError, NoAnswerError), match=f"^({TOO_MUCH}|{NO_ANSWER})$"):
            ask(patient)
    assert memory() - before < 600


def test_the_next_place_of_a_host_is_tried(server: PostgresServer) -> None:
    """As a name with an IPv6 address that nobody answers, and an IPv4 address."""
    if sys.platform != "linux":
        pytest.skip("only Linux answers on 127.0.0.2")
    with socket.create_server(("127.0.0.2", server.address.port)):
        ask(replace(server.address, host="127.0.0.2,127.0.0.1", parameters=_PLAIN, is_complete=False, bounds=bounds()))


def test_what_took_our_servers_port_is_not_believed() -> None:
    with fake("rows") as address:
        ours = replace(address, is_complete=True)
        with pytest.raises(psycopg2.OperationalError, match='authentication method requirement "scram-sha-256" failed'):
            ask(ours)


def test_every_kind_of_fake_server_is_tried() -> None:
    assert len(fake_server.KINDS) == 8


def memory() -> int:
    """Return the most memory that this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10


def ask(address: Address) -> None:
    with connected(address) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT 1")


@dataclass(frozen=True, slots=True)
class Frozen:
    """A connection, and its backend, which may be stopped."""

    connection: Bounded
    pid: int

    def stop(self) -> None:
        os.kill(self.pid, signal.SIGSTOP)


@pytest.fixture
def frozen(server: PostgresServer) -> Iterator[Frozen]:
    address = replace(server.address, bounds=bounds())
    with connected(address) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [(pid,)] = cursor.fetchall()
        yield Frozen(connection, pid)
        os.kill(pid, signal.SIGCONT)


def test_a_backend_that_is_stopped(frozen: Frozen) -> None:
    frozen.stop()
    with frozen.connection.cursor() as cursor, pytest.raises(NoAnswerError, match=f"^{NO_ANSWER}$"):
        cursor.execute("SELECT 1")
    assert frozen.connection.closed


def test_after_silence_less_is_waited_for_and_an_answer_ends_that(frozen: Frozen) -> None:
    limits = frozen.connection.bounds
    limits.silent = True
    assert limits.seconds(300) == 2
    with frozen.connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    assert (limits.silent, limits.seconds(300)) == (False, 300)


def test_a_backend_that_is_stopped_during_copy(frozen: Frozen) -> None:
    with frozen.connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE copied (line text)")
        frozen.stop()
        with pytest.raises(NoAnswerError, match=f"^{NO_ANSWER}$"), frozen.connection.cut_off():
            cursor.copy_expert("COPY copied FROM stdin", io.StringIO("line\n" * 1000))
    assert frozen.connection.closed


def test_copy_without_a_fault(frozen: Frozen) -> None:
    with frozen.connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE copied (line text)")
        with frozen.connection.cut_off():
            cursor.copy_expert("COPY copied FROM stdin", io.StringIO("line\n" * 100_000))
        with pytest.raises(psycopg2.DataError, match="extra data"), frozen.connection.cut_off():
            cursor.copy_expert("COPY copied FROM stdin", io.StringIO("one\ttwo\n"))
        cursor.execute("SELECT count(*) FROM copied")
        assert cursor.fetchall() == [(100_000,)]


def test_a_network_that_drops_everything(server: PostgresServer) -> None:
    with DroppingProxy(server.address) as proxy:
        address = replace(server.address, port=proxy.port, bounds=bounds())
        with connected(address) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            proxy.drops.set()
            with pytest.raises(NoAnswerError, match=f"^{NO_ANSWER}$"):
                cursor.execute("SELECT 1")
        with pytest.raises(NoAnswerError, match=f"^{NO_ANSWER}$"):
            ask(address)


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("SELECT repeat('x', 90000000)", TOO_MUCH),
        ("SELECT md5(g::text) FROM generate_series(1, 3000000) g", TOO_MUCH),
        ("SELECT 1 FROM generate_series(1, 1000001)", "PostgreSQL sent more than 1000000 rows"),
    ],
)
def test_an_answer_of_a_real_server_that_is_too_large(server: PostgresServer, query: str, message: str) -> None:
    address = replace(server.address, bounds=bounds(60))
    with connected(address) as connection, pytest.raises(AnswerTooLargeError, match=f"^{message}$"):
        read(connection, query)


def read(connection: Bounded, query: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


def test_a_session_that_the_server_ends_is_closed(server: PostgresServer) -> None:
    with connected(server.address) as connection, connection.cursor() as cursor:
        with pytest.raises((psycopg2.errors.AdminShutdown, LostError), match="terminating connection"):
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        assert connection.closed


def test_the_end_of_the_run_ends_what_is_of_the_run_alone(server: PostgresServer) -> None:
    address = replace(server.address, bounds=bounds(60, Allowance(0)))
    with closing(open_connection(address)) as cleaning, cleaning.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchall() == [(1,)]
    with pytest.raises(TimeIsUpError, match=r"^The run was stopped after 0 seconds\.$"):
        open_connection(address, of_run=True)


def test_a_query_is_ended_where_the_run_ends(server: PostgresServer) -> None:
    address = replace(server.address, bounds=bounds(60, Allowance(1)))
    with connected(address, of_run=True) as connection:
        with pytest.raises(TimeIsUpError, match=r"^The run was stopped after 1 seconds\.$"):
            read(connection, "SELECT pg_sleep(30)")
        assert connection.closed
