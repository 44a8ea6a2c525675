"""The role that migrations have on a server of ours: what it may do, and what nobody but a superuser may."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest
from psycopg2.extensions import connection as Connection

from action.postgres.databases import Databases
from action.postgres.servers.connection import connected
from action.postgres.servers.embedded import EmbeddedServer, boot
from action.postgres.superuser_only import is_refusal

INSTALLED = sorted(int(path.parts[4]) for path in Path("/usr/lib/postgresql").glob("*/bin/postgres"))
VERSIONS = [*INSTALLED[-1:], 18]
STOLEN = "CREATE TABLE stolen (line text)"
REFUSED = {
    "a program of the server's user": f"{STOLEN}; COPY stolen FROM PROGRAM 'id'",
    "a program that gets rows": "COPY (SELECT 1) TO PROGRAM 'cat > /tmp/ac_planted'",
    "a program in a function": "DO $$ BEGIN COPY (SELECT 1) TO PROGRAM 'true'; END $$",
    "a program by dynamic SQL": "DO $$ BEGIN EXECUTE 'COPY (SELECT 1) TO PROGRAM ''true'''; END $$",
    "a file of the server's": f"{STOLEN}; COPY stolen FROM '/etc/passwd'",
    "a file that is written": "COPY (SELECT 1) TO '/tmp/ac_planted'",
    "a file by a function": "SELECT pg_read_file('/etc/passwd')",
    "bytes of a file": "SELECT pg_read_binary_file('postgresql.conf')",
    "a folder": "SELECT pg_ls_dir('.')",
    "a file's facts": "SELECT pg_stat_file('/etc/passwd')",
    "a file as a large object": "SELECT lo_import('/etc/passwd')",
    "a large object as a file": "SELECT lo_export(lo_create(0), '/tmp/ac_planted')",
    "a function of a library": "CREATE FUNCTION system(cstring) RETURNS int AS 'libc.so.6', 'system' LANGUAGE c",
    "a function of the server's own": "CREATE FUNCTION f() RETURNS int AS 'pg_read_file' LANGUAGE internal",
    "a library": "LOAD '/tmp/evil.so'",
    "a language": "CREATE LANGUAGE plevil HANDLER plpgsql_call_handler",
    "an extension that reads files": "CREATE EXTENSION file_fdw",
    "a wrapper of foreign data": "CREATE FOREIGN DATA WRAPPER evil",
    "a setting of the server": "ALTER SYSTEM SET archive_command = 'id'",
    "a library for each session": "ALTER ROLE CURRENT_USER SET session_preload_libraries = 'evil'",
    "the role that runs programs": "GRANT pg_execute_server_program TO CURRENT_USER",
    "the role that reads files": "GRANT pg_read_server_files TO CURRENT_USER",
    "the role that writes files": "CREATE ROLE ac_evil IN ROLE pg_write_server_files",
    "that role for a role of its own": "CREATE ROLE ac_evil; GRANT pg_execute_server_program TO ac_evil",
    "to be a superuser": "ALTER ROLE CURRENT_USER SUPERUSER",
    "a superuser of its own": "CREATE ROLE ac_evil SUPERUSER",
    "to be the superuser": "GRANT alembic_checks TO CURRENT_USER",
    "to act as the superuser": "SET ROLE alembic_checks",
    "the superuser's session": "SET SESSION AUTHORIZATION alembic_checks",
    "the superuser's password": "ALTER ROLE alembic_checks PASSWORD 'x'",
    "the superuser's name": "ALTER ROLE alembic_checks RENAME TO ac_evil",
    "the superuser's sessions": "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename LIKE 'alembic%'",
    "the passwords": "SELECT rolpassword FROM pg_authid",
    "a right by the catalog": "UPDATE pg_authid SET rolsuper = true",
    "a right by the catalog and the role that writes": "GRANT pg_write_all_data TO CURRENT_USER;"
    " UPDATE pg_authid SET rolsuper = true",
    "a function by the catalog": "UPDATE pg_proc SET proowner = 10",
    "a trigger on what the superuser does": "CREATE FUNCTION f() RETURNS event_trigger AS 'BEGIN END' LANGUAGE plpgsql;"
    " CREATE EVENT TRIGGER evil ON sql_drop EXECUTE FUNCTION f()",
    "a place on disk": "CREATE TABLESPACE evil LOCATION '/tmp'",
    "another server's rows": "CREATE SUBSCRIPTION evil CONNECTION 'dbname=x' PUBLICATION p",
    "a function that may see all": "CREATE FUNCTION f() RETURNS int AS 'SELECT 1' LANGUAGE sql LEAKPROOF",
    "a cast of the server's types": "CREATE CAST (text AS integer) WITH INOUT",
    "all tables to others": "CREATE PUBLICATION p FOR ALL TABLES",
    "the server's triggers": "CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (a int REFERENCES a);"
    " ALTER TABLE b DISABLE TRIGGER ALL",
}
HARMLESS = {
    "extensions": "; ".join(
        f"CREATE EXTENSION {name}" for name in ("citext", "hstore", "ltree", "pg_trgm", "unaccent")
    ),
    "an index's extension": "CREATE EXTENSION btree_gist; CREATE EXTENSION IF NOT EXISTS btree_gin",
    "a comment on an extension": "COMMENT ON EXTENSION plpgsql IS 'PL/pgSQL procedural language'",
    "the language of old dumps": "CREATE OR REPLACE PROCEDURAL LANGUAGE plpgsql;"
    " ALTER LANGUAGE plpgsql OWNER TO postgres",
    "its owner": "CREATE TABLE t (a int); ALTER TABLE t OWNER TO postgres; ALTER SCHEMA public OWNER TO postgres",
    "the schema public": "DROP SCHEMA public CASCADE; CREATE SCHEMA public; GRANT ALL ON SCHEMA public TO public;"
    " COMMENT ON SCHEMA public IS 'standard public schema'",
    "a role with rights": "CREATE ROLE ac_reader; CREATE TABLE t (a int); GRANT SELECT ON t TO ac_reader;"
    " GRANT USAGE ON SCHEMA public TO ac_reader; ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO ac_reader;"
    " ALTER DEFAULT PRIVILEGES FOR ROLE postgres IN SCHEMA public GRANT SELECT ON TABLES TO ac_reader",
    "a role that logs in": "CREATE ROLE ac_reader LOGIN PASSWORD 'x' NOINHERIT CONNECTION LIMIT 3;"
    " ALTER ROLE ac_reader SET search_path = public; GRANT ac_reader TO CURRENT_USER; SET ROLE ac_reader",
    "roles of the server's": "CREATE ROLE ac_reader; GRANT pg_read_all_data, pg_monitor TO ac_reader",
    "what a granted role owns": "CREATE ROLE ac_reader; GRANT ac_reader TO CURRENT_USER;"
    " CREATE SCHEMA s AUTHORIZATION ac_reader; REASSIGN OWNED BY ac_reader TO CURRENT_USER; DROP OWNED BY ac_reader",
    "policies": "CREATE TABLE t (a int); ALTER TABLE t ENABLE ROW LEVEL SECURITY;"
    " ALTER TABLE t FORCE ROW LEVEL SECURITY;"
    " CREATE POLICY p ON t USING (a = current_setting('app.tenant', true)::int)",
    "a definer's function": "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER"
    " SET search_path = pg_catalog AS 'BEGIN RETURN NEW; END'",
    "its own triggers": "CREATE TABLE t (a int); ALTER TABLE t DISABLE TRIGGER USER",
    "a database's settings": "DO $$ BEGIN"
    " EXECUTE format('ALTER DATABASE %I SET timezone = ''UTC''', current_database());"
    " EXECUTE format('GRANT CONNECT ON DATABASE %I TO public', current_database());"
    " EXECUTE format('COMMENT ON DATABASE %I IS ''x''', current_database()); END $$",
    "the database postgres": "ALTER DATABASE postgres SET timezone = 'UTC';"
    " GRANT CONNECT ON DATABASE postgres TO public",
    "a publication": "CREATE TABLE t (a int PRIMARY KEY); CREATE PUBLICATION p FOR TABLE t",
    "large objects": "SELECT lo_unlink(lo_create(0))",
    "types with casts": "CREATE TYPE mood AS ENUM ('a'); CREATE FUNCTION f(mood) RETURNS int AS 'SELECT 1' LANGUAGE sql"
    " IMMUTABLE; CREATE CAST (mood AS int) WITH FUNCTION f(mood)",
    "an operator and an aggregate": "CREATE OPERATOR === (LEFTARG = int, RIGHTARG = int, FUNCTION = int4eq);"
    " CREATE AGGREGATE total (int) (SFUNC = int4pl, STYPE = int)",
    "text search": 'CREATE TEXT SEARCH CONFIGURATION c (COPY = pg_catalog.simple); CREATE COLLATION de FROM "C"',
    "its own sessions": "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
    " AND pid <> pg_backend_pid()",
    "the server's own facts": "SELECT * FROM pg_stat_activity; SELECT * FROM pg_settings; SELECT * FROM pg_roles",
    "settings": "SET client_min_messages = debug1; SET statement_timeout = 0;"
    " SET row_security = off; SET role = postgres",
    "nothing": "REASSIGN OWNED BY postgres TO postgres",
}
CHECKS_NOTHING = "SET session_replication_role = replica; SET deadlock_timeout = '2s'"
NEW_OWNER = (
    "CREATE ROLE ac_reader; GRANT CREATE ON SCHEMA public TO ac_reader; CREATE TABLE t (a int);"
    " ALTER TABLE t OWNER TO ac_reader; CREATE SCHEMA s AUTHORIZATION ac_reader; SET ROLE ac_reader; RESET ROLE;"
    " ALTER DEFAULT PRIVILEGES FOR ROLE ac_reader GRANT SELECT ON TABLES TO public; DROP OWNED BY ac_reader"
)
UNMARKED = (
    "CREATE EXTENSION pg_stat_statements; CREATE EXTENSION earthdistance CASCADE; CREATE EXTENSION moddatetime;"
    " CREATE EXTENSION postgres_fdw"
)


@pytest.fixture(scope="module", params=VERSIONS)
def booted(request: pytest.FixtureRequest) -> Iterator[EmbeddedServer]:
    with boot(version=request.param) as server:
        yield server


@pytest.fixture(scope="module")
def owner(booted: EmbeddedServer) -> Iterator[Databases]:
    with Databases(booted) as databases:
        yield databases


@pytest.fixture
def session(owner: Databases) -> Iterator[Connection]:
    """Connect to a fresh database."""
    name = owner.create("x")
    with owner.connect(name) as connection:
        yield connection
    owner.drop(name)
    owner.drop_new_roles()
    assert owner.new_roles() == ()


def run(connection: Connection, statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("statement", REFUSED.values(), ids=REFUSED)
def test_it_does_nothing_that_only_a_superuser_may(statement: str, session: Connection) -> None:
    with pytest.raises(psycopg2.Error) as refused:
        run(session, statement)
    assert is_refusal(refused.value.pgcode, str(refused.value), statement), refused.value


@pytest.mark.parametrize("statement", HARMLESS.values(), ids=HARMLESS)
def test_it_does_what_the_owner_of_a_database_does(statement: str, session: Connection) -> None:
    run(session, statement)


@pytest.mark.parametrize(("since", "statement"), [(15, CHECKS_NOTHING), (16, NEW_OWNER), (18, UNMARKED)])
def test_it_does_what_newer_versions_allow(
    since: int, statement: str, session: Connection, booted: EmbeddedServer
) -> None:
    if booted.version_num // 10000 >= since:
        run(session, statement)
    else:
        with pytest.raises(psycopg2.Error) as refused:
            run(session, statement)
        assert is_refusal(refused.value.pgcode, str(refused.value), statement), refused.value


def test_the_superuser_reads_nothing_that_stands_in_the_maintenance_database(
    booted: EmbeddedServer, owner: Databases
) -> None:
    """Operators that fit better than the server's own would run with the rights of whoever compares names."""
    with connected(booted.address) as connection:
        run(
            connection,
            "CREATE FUNCTION evil(name, text) RETURNS bool LANGUAGE plpgsql AS $$ BEGIN"
            " COPY (SELECT 1) TO PROGRAM 'true'; RETURN true; END $$;"
            "CREATE OPERATOR = (LEFTARG = name, RIGHTARG = text, FUNCTION = evil);"
            "CREATE VIEW pg_roles AS SELECT 'none'::name AS rolname;"
            "ALTER DATABASE postgres SET search_path = public, pg_catalog; ALTER DATABASE postgres SET role = postgres",
        )
    with Databases(booted) as databases:
        name = databases.create("x")
        databases.disconnect(name)
        with databases.connect(name) as connection:
            run(connection, "CREATE ROLE ac_reader")
        assert databases.new_roles() == ("ac_reader",)
        databases.drop_new_roles()
        assert databases.new_roles() == ()
        databases.drop(name)


def test_as_a_superuser_it_does_all_of_it() -> None:
    with boot(superuser=True) as server, Databases(server) as databases:
        assert not databases.role_is_ordinary
        assert server.detail.endswith("; migrations run as a superuser")
        with databases.connect(databases.create("x")) as connection:
            run(connection, REFUSED["a program of the server's user"])
