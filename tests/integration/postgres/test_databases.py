"""Scratch databases: created, cloned, emptied, dropped; and the roles that migrations leave."""

from __future__ import annotations

import re
from dataclasses import replace

import psycopg2
import pytest
from psycopg2.extensions import connection as Connection

from action.allowance import UNLIMITED
from action.postgres.databases import Databases
from action.postgres.servers.connection import connected
from action.postgres.servers.deadlines import Bounds
from action.postgres.servers.embedded import EmbeddedServer
from action.postgres.servers.external import ExternalServer, use
from action.postgres.servers.interface import PostgresServer
from action.probe.protocol import fault_kinds
from action.probe.protocol.companions import LONGEST_SUFFIX


def execute(connection: Connection, *statements: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


def names(server: PostgresServer) -> set[object]:
    with connected(server.address) as connection:
        return {row[0] for row in execute(connection, "SELECT datname FROM pg_database")}


def test_names_hold_purpose_and_count(databases: Databases) -> None:
    created = [databases.create("base"), databases.create("Drift: models' side " + "x" * 80)]
    assert re.fullmatch(r"ac_[a-z0-9]{12}_base_\d+", created[0])
    assert re.fullmatch(r"ac_[a-z0-9]{12}_drift_models_side_x+_\d+", created[1])
    assert len(created[1]) == 63 - LONGEST_SUFFIX  # room for the number of a companion
    for name in created:
        databases.drop(name)


def test_clone_has_the_templates_content(databases: Databases, database: str) -> None:
    with databases.connect(database) as connection:
        execute(connection, "CREATE TABLE t (a int)", "INSERT INTO t VALUES (1), (2)")
    databases.disconnect(database)
    clone = databases.create("clone", database)
    with databases.connect(clone) as connection:
        assert execute(connection, "INSERT INTO t VALUES (3)", "SELECT a FROM t ORDER BY a") == [
            (1,),
            (2,),
            (3,),
        ]
    with databases.connect(database) as connection:
        assert execute(connection, "SELECT count(*) FROM t") == [(2,)]
    databases.drop(clone)


def test_what_is_set_for_a_database_does_not_count_for_us(databases: Databases, database: str) -> None:
    with databases.connect(database) as connection:
        for setting in ("search_path = pg_temp", "statement_timeout = 1", "default_transaction_read_only = on"):
            execute(connection, f"ALTER DATABASE {database} SET {setting}")
    shown = ("search_path", "statement_timeout", "default_transaction_read_only")
    with databases.connect(database) as connection:
        assert [execute(connection, f"SHOW {name}") for name in shown] == [[("public",)], [("20s",)], [("off",)]]


def test_connections_commit_by_themselves_and_carry_our_name(databases: Databases, database: str) -> None:
    with databases.connect(database) as connection:
        assert connection.autocommit
        assert execute(connection, "SELECT current_database(), current_setting('application_name')") == [
            (database, "alembic-checks")
        ]
    assert connection.closed


def test_disconnect_ends_every_session_and_no_other(databases: Databases, database: str) -> None:
    other = databases.create("other")
    with (
        databases.connect(database) as idle,
        databases.connect(database) as writing,
        databases.connect(other) as bystander,
    ):
        writing.autocommit = False
        execute(writing, "CREATE TABLE t (a int)")
        databases.disconnect(database)
        assert execute(bystander, f"SELECT count(*) FROM pg_stat_activity WHERE datname = '{database}'") == [(0,)]
        for connection in (idle, writing):
            with pytest.raises(psycopg2.OperationalError):
                execute(connection, "SELECT 1")
    databases.drop(other)


def test_drop_does_not_wait_for_visitors(databases: Databases, server: PostgresServer) -> None:
    name = databases.create("visited")
    with databases.connect(name) as connection:
        databases.drop(name)
        assert name not in names(server)
        with pytest.raises(psycopg2.OperationalError):
            execute(connection, "SELECT 1")


def test_older_servers_drop_without_force(server: PostgresServer) -> None:
    old = ExternalServer(
        address=server.address, version="12.0", version_num=120000, detail="as if it were PostgreSQL 12"
    )
    with Databases(old) as databases:
        name = databases.create("base")
        clone = databases.create("clone", name)
        with databases.connect(clone):
            databases.drop(clone)
    assert not {name, clone} & names(server)


def test_foreign_databases_are_not_dropped(databases: Databases, server: PostgresServer) -> None:
    with pytest.raises(ValueError, match="postgres is not a scratch database of this run"):
        databases.drop("postgres")
    assert "postgres" in names(server)


def test_exit_drops_what_was_made(server: PostgresServer) -> None:
    before = names(server)
    with Databases(server) as databases:
        first = databases.create("one")
        databases.create("two", first)
        databases.drop(first)
        databases.create("three")
        assert len(names(server) - before) == 2
    assert names(server) == before


def test_kept_databases_stay(server: PostgresServer) -> None:
    with Databases(server, keep=True) as databases:
        name = databases.create("kept")
    assert name in names(server)
    databases.drop(name)
    assert name not in names(server)


def test_our_own_session_may_be_terminated(server: PostgresServer, databases: Databases) -> None:
    with connected(server.admin) as connection:
        execute(connection, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
    databases.drop(databases.create("afterwards"))


def test_databases_that_cannot_be_dropped_are_named_on_a_foreign_server(server: PostgresServer) -> None:
    address = server.address
    url = f"postgresql://{address.user}:{address.password}@{address.host}:{address.port}/postgres"
    with use(url) as external:
        databases = Databases(external)
        name = databases.create("stuck")
        with connected(address) as connection:
            execute(connection, f"ALTER DATABASE {name} IS_TEMPLATE true")
            with databases:
                pass
            left = databases.left
            execute(connection, f"ALTER DATABASE {name} IS_TEMPLATE false")
        with databases:
            pass
    assert (left, databases.left) == ((name,), ())
    assert name not in names(server)


@pytest.mark.parametrize(("is_ours", "timeout"), [(True, "20s"), (False, "0")])
def test_a_server_says_what_may_be_done_with_it_whatever_its_kind(
    server: PostgresServer, is_ours: bool, timeout: str
) -> None:
    assert isinstance(server, EmbeddedServer)
    with Databases(replace(server, kind="container", is_ours=is_ours)) as databases:
        with databases.connect(databases.create("x")) as connection:
            assert execute(connection, "SHOW statement_timeout") == [(timeout,)]
        (name,) = databases.names
        with connected(server.admin) as connection:
            execute(connection, f"ALTER DATABASE {name} IS_TEMPLATE true")
            databases.__exit__(None, None, None)
            # What is left on a disposable server goes with it; on any other its owner has to know.
            assert databases.left == (() if is_ours else (name,))
            execute(connection, f"ALTER DATABASE {name} IS_TEMPLATE false")


def test_new_roles_are_found_and_dropped_with_what_they_own(server: PostgresServer) -> None:
    with connected(server.admin) as connection:
        execute(connection, "CREATE ROLE there_before")
    with Databases(server) as databases:
        assert databases.new_roles() == ()
        first, second = databases.create("one"), databases.create("two")
        with connected(server.admin, first) as connection:
            execute(
                connection,
                'CREATE ROLE "The Owner" CREATEROLE',
                "CREATE ROLE a_reader IN ROLE there_before",
                'GRANT a_reader TO "The Owner" WITH ADMIN OPTION',
                'CREATE SCHEMA s AUTHORIZATION "The Owner"',
                "CREATE TABLE s.t (a int)",
                'ALTER TABLE s.t OWNER TO "The Owner"',
                'ALTER DEFAULT PRIVILEGES FOR ROLE "The Owner" GRANT SELECT ON TABLES TO a_reader',
                f'GRANT CONNECT ON DATABASE "{second}" TO a_reader',
            )
        with databases.connect(second) as connection:
            execute(connection, "CREATE TABLE t (a int)", "GRANT SELECT ON t TO a_reader")
        assert databases.new_roles() == ("The Owner", "a_reader")
        databases.drop_new_roles()
        assert databases.new_roles() == ()
        with databases.connect(first) as connection:
            assert execute(connection, "SELECT tableowner FROM pg_tables WHERE schemaname = 's'") == [("postgres",)]
        with connected(server.admin) as connection:
            execute(connection, "DROP ROLE there_before")


def test_role_that_owns_a_foreign_database_stays(server: PostgresServer, databases: Databases) -> None:
    with connected(server.admin) as connection:
        execute(connection, "CREATE ROLE landlord", "CREATE DATABASE his_own OWNER landlord")
        try:
            with connected(server.admin, "his_own") as his:
                execute(his, "CREATE TABLE t (a int)", "ALTER TABLE t OWNER TO landlord")
            databases.drop_new_roles()
            assert databases.new_roles() == ("landlord",)
        finally:
            execute(connection, "DROP DATABASE his_own", "DROP ROLE landlord")
    assert databases.new_roles() == ()


def test_roles_that_hold_a_lock_do_not_hang_us(databases: Databases, database: str) -> None:
    with databases.connect(database) as connection:
        execute(connection, "CREATE ROLE busy", "GRANT busy TO postgres", "GRANT CREATE ON SCHEMA public TO busy")
        execute(connection, "CREATE TABLE t (a int)", "ALTER TABLE t OWNER TO busy")
        connection.autocommit = False
        execute(connection, "LOCK TABLE t")
        databases.disconnect(database)
    databases.drop_new_roles()
    assert databases.new_roles() == ()


@pytest.mark.parametrize("name", ["lock_timeout", "statement_timeout"])
def test_a_query_of_ours_that_the_server_ends_is_no_answer(name: str, databases: Databases, database: str) -> None:
    """Such as the reading of a table that another session has locked."""
    with databases.connect(database) as holder, databases.connect(database) as reader:
        execute(holder, "CREATE TABLE held (a int)", "BEGIN", "LOCK TABLE held")
        execute(reader, f"SET {name} = '50ms'")
        with pytest.raises(psycopg2.OperationalError) as raised:
            execute(reader, "SELECT a FROM held")
    assert databases.state.fault_of(raised.value) == fault_kinds.SERVER_SILENT
    assert databases.state.change() is None


def test_our_connections_wait_for_no_lock_and_no_query_without_an_end(databases: Databases, database: str) -> None:
    with databases.connect(database) as connection:
        limits = "SELECT current_setting('statement_timeout'), current_setting('lock_timeout')"
        assert execute(connection, limits) == [("20s", "20s")]


@pytest.mark.parametrize(("timeout", "seconds"), [(1, 20), (120, 120), (600, 300)])
def test_the_limit_of_a_query_follows_the_timeout(timeout: float, seconds: float) -> None:
    bounds = Bounds()
    bounds.set(timeout, UNLIMITED)
    assert bounds.query == seconds
