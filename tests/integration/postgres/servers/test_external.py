"""A server given by URL: what is accepted, what is refused, and that no text holds the password."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace

import pytest
from psycopg2 import sql

from action.errors import ExitCode, PostgresError
from action.postgres.databases import Databases
from action.postgres.servers.connection import connected
from action.postgres.servers.external import use
from action.postgres.servers.interface import PostgresServer

FORM = "Set it to postgresql://USER:PASSWORD@HOST:PORT/DATABASE, with the password percent-encoded."
PASSWORD = "s3cr%t/@:word"
QUOTED = "s3cr%25t%2F%40%3Aword"


@pytest.fixture
def role(server: PostgresServer, request: pytest.FixtureRequest) -> Iterator[str]:
    """Create a role that can log in, with the attribute that the test asks for, and drop it afterwards."""
    attribute = str(getattr(request, "param", ""))
    with connected(server.address) as connection, connection.cursor() as cursor:
        cursor.execute(sql.SQL("CREATE ROLE dev LOGIN PASSWORD {} ").format(sql.Literal(PASSWORD)) + sql.SQL(attribute))
        yield "dev"
        cursor.execute("DROP ROLE dev")


def refused(url: str) -> PostgresError:
    with pytest.raises(PostgresError) as raised, use(url):
        pass
    error = raised.value
    assert error.exit_code == ExitCode.NO_POSTGRES
    assert PASSWORD not in f"{error}{error.details}{error.__cause__}"
    return error


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg2", "postgresql+asyncpg"])
@pytest.mark.parametrize("role", ["CREATEDB"], indirect=True)
def test_url_is_used(server: PostgresServer, role: str, scheme: str) -> None:
    with use(f"{scheme}://{role}:{QUOTED}@127.0.0.1:{server.address.port}/postgres?sslmode=prefer&x=y") as external:
        assert (external.kind, external.version, external.version_num) == (
            "external",
            server.version,
            server.version_num,
        )
        assert external.address.password == PASSWORD
        assert external.address.parameters == (("sslmode", "prefer"),)
        assert external.detail == f"PostgreSQL {server.version} at 127.0.0.1:{server.address.port}, as dev"
        assert not external.is_ours
        assert PASSWORD not in repr(external)
        with Databases(external) as databases, databases.connect(databases.create("x")) as connection:
            assert connection.info.user == "dev"


@pytest.mark.parametrize("role", ["CREATEDB"], indirect=True)
def test_password_of_the_environment_is_passed_on(
    server: PostgresServer, role: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    with use(f"postgresql://{role}@127.0.0.1:{server.address.port}/postgres") as external:
        assert external.address == replace(server.address, user=role, password=PASSWORD, parameters=())


def test_role_without_the_right_is_refused(server: PostgresServer, role: str) -> None:
    error = refused(f"postgresql://{role}:{QUOTED}@127.0.0.1:{server.address.port}/postgres")
    assert str(error) == (
        f"The role dev on 127.0.0.1:{server.address.port} may not create databases.\n"
        "Migrations run in scratch databases, which must be created; no other database is changed.\n"
        'Run as a superuser: ALTER ROLE "dev" CREATEDB. Or set --database-url to another role.'
    )


def test_wrong_password_is_refused(server: PostgresServer) -> None:
    error = refused(f"postgresql://postgres:{QUOTED}@127.0.0.1:{server.address.port}/postgres")
    assert error.what == f"No connection to the PostgreSQL server at 127.0.0.1:{server.address.port}."
    assert 'password authentication failed for user "postgres"' in error.why


def test_a_host_that_is_also_the_password_is_shown() -> None:
    assert (
        'host name "nowhere.invalid"' in refused("postgresql://postgres:nowhere.invalid@nowhere.invalid/postgres").why
    )


def test_no_server_is_an_error_with_a_fix() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))  # bound, and nobody listens
        port = free.getsockname()[1]
        error = refused(f"postgresql://dev:{QUOTED}@127.0.0.1:{port}/postgres")
    assert error.what == f"No connection to the PostgreSQL server at 127.0.0.1:{port}."
    assert "Connection refused" in error.why
    assert error.remedy == "Check --database-url and that the server runs. Or remove it: a server is started then."


@pytest.mark.parametrize(
    ("url", "what", "why"),
    [
        (PASSWORD, "The database URL cannot be read.", "It is not a URL."),
        ("localhost:5432/x", "The database URL cannot be read.", "It is not a URL."),
        (f"postgresql://dev:{PASSWORD}@host/x", "The database URL cannot be read.", "It is not a URL."),
        ("postgresql://[::1/x", "The database URL cannot be read.", "It is not a URL."),
        (f"postgresql://dev:{QUOTED}@host:port/x", "The database URL cannot be read.", "It is not a URL."),
        (
            f"mysql+pymysql://dev:{QUOTED}@h/x",
            "The database URL is not for PostgreSQL.",
            "It begins with mysql://.",
        ),
        (
            "postgresql:///x",
            "The database URL names no host.",
            "Migrations connect over TCP, because not every driver can use a Unix socket.",
        ),
    ],
)
def test_bad_url_is_refused(url: str, what: str, why: str) -> None:
    error = refused(url)
    assert (error.what, error.why, error.remedy) == (what, why, FORM)
