"""A real database is never touched, whatever URL the project holds; and on a server that is given, only our own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from action.postgres.servers.embedded import EmbeddedServer, boot
from tests.integration.program.conftest import Run
from tests.projects import builder
from tests.projects.builder import BOOK, EnvPy, Revision, tree, write

PASSED = ["passed", "alembic.ini", "  heads passed", "  history skipped", "  upgrade passed", "  drift passed"]
OF_ITS_OWN = """
import psycopg2

def connect():
    return psycopg2.connect({place!r})
"""
CREATOR = 'create_engine("postgresql+psycopg2://", creator=connect)'


@dataclass(frozen=True, slots=True)
class Production:
    """A live server that logs every connection."""

    server: EmbeddedServer

    def url(self, driver: str = "") -> str:
        place = self.server.address
        scheme = f"postgresql+{driver}" if driver else "postgresql"
        return f"{scheme}://{place.user}:{place.password}@{place.host}:{place.port}/postgres"

    @property
    def connections(self) -> int:
        """Return how many connections the server has seen."""
        return self.server.log.read_text().count("connection received")

    def ask(self, *statements: str) -> list[tuple[Any, ...]]:
        """Run statements in autocommit mode and return the last one's rows."""
        connection = psycopg2.connect(self.url())
        connection.autocommit = True
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
            rows = cursor.fetchall() if cursor.description else []
        connection.close()
        return rows


@pytest.fixture(scope="module")
def production() -> Iterator[Production]:
    """Boot a server with a table, a row, a database and a role, and count the connections to it."""
    with boot(superuser=True) as server:
        live = Production(server)
        live.ask("ALTER SYSTEM SET log_connections = on", "SELECT pg_reload_conf()")
        live.ask("CREATE TABLE book AS SELECT 1 AS id", "CREATE DATABASE shop", "CREATE ROLE clerk")
        before = live.connections
        live.ask("SELECT 1")
        assert live.connections == before + 1
        yield live


@pytest.mark.parametrize("driver", ["psycopg2", "asyncpg", "pg8000"])
def test_a_hard_coded_url_is_rehearsed_fully_and_that_server_sees_no_connection(
    driver: str, production: Production, run: Run, tmp_path: Path
) -> None:
    shape = builder.ASYNC if driver == "asyncpg" else builder.SYNC
    models = builder.MODELS + 'Table("author", metadata, Column("id", Integer, primary_key=True))'
    write(tmp_path, tree(BOOK, env=EnvPy(url=repr(production.url(driver)), run=shape).text, models=models))
    before = production.connections
    ran = run(tmp_path)
    assert production.connections == before
    drifted = [
        "  heads passed",
        "  history skipped",
        "  upgrade passed",
        "  drift failed",
        "    error missing-migration public.author models.py:5",
    ]
    assert ran.outline == ["failed", "alembic.ini", *drifted], ran.stderr
    assert ran.check("drift")["fixes"] != []


def test_a_connection_of_its_own_to_another_server_is_refused(production: Production, run: Run, tmp_path: Path) -> None:
    env = EnvPy(top=OF_ITS_OWN.format(place=production.url()), engine=CREATOR).text
    ran = run(write(tmp_path, tree(BOOK, env=env)))
    assert ran.outline == [
        "inconclusive",
        "alembic.ini",
        "  heads passed",
        "  history skipped",
        "  upgrade skipped",
        "  drift skipped",
    ], ran.stderr
    assert ran.reason("upgrade") == (
        "env.py opens a connection of its own (creator=) to database 'postgres', which is not the scratch database. "
        "The connection was refused."
    )
    assert production.ask("SELECT to_regclass('alembic_version')") == [(None,)]


def test_a_connection_of_its_own_to_the_scratch_database_is_let_through(run: Run, tmp_path: Path) -> None:
    env = EnvPy(top=OF_ITS_OWN.format(place=""), engine=CREATOR).text
    ran = run(write(tmp_path, tree(BOOK, env=env)))
    assert ran.outline == PASSED, ran.stderr


def test_on_a_server_that_is_given_only_scratch_databases_are_touched(
    production: Production, run: Run, tmp_path: Path
) -> None:
    def state() -> list[list[tuple[Any, ...]]]:
        return [
            production.ask("SELECT datname FROM pg_database ORDER BY 1"),
            production.ask("SELECT rolname FROM pg_roles ORDER BY 1"),
            production.ask("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY 1"),
            production.ask("SELECT * FROM book"),
        ]

    role = Revision(id="b2", down="a1", upgrade='op.execute("CREATE ROLE reader")')
    write(tmp_path, tree(BOOK, role, env=EnvPy(url=builder.FROM_ENVIRONMENT).text))
    before = state()
    ran = run(tmp_path, "--database-url", production.url())
    assert ran.outline == PASSED, ran.stderr
    assert ran.report["server"]["kind"] == "external"
    assert production.server.address.password not in ran.stdout + ran.stderr + str(ran.report)
    assert state() == before
