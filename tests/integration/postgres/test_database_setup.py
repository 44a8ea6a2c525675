"""Who owns what ``postgres-setup`` creates, and what is left of the role that ran it."""

from __future__ import annotations

from action.postgres import abandoned
from action.postgres.database_setup import set_up
from action.postgres.databases import Databases
from action.postgres.servers.connection import connected
from action.postgres.servers.external import use
from action.postgres.servers.interface import PostgresServer
from action.supervisor.notes import Notes

TEXT = """
CREATE SCHEMA app;
CREATE TABLE app.t (id serial PRIMARY KEY);
CREATE DOMAIN app.positive AS int CHECK (VALUE > 0);
CREATE FUNCTION app.f(int) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE EXTENSION IF NOT EXISTS file_fdw;
CREATE ROLE setup_reader;
CREATE ROLE setup_spy;
GRANT pg_read_server_files TO setup_spy;
"""
OWNERS = """
SELECT 'schema', nspowner::regrole::text FROM pg_namespace WHERE nspname = 'app'
UNION ALL SELECT relname, relowner::regrole::text FROM pg_class WHERE relname IN ('t', 't_id_seq')
UNION ALL SELECT typname, typowner::regrole::text FROM pg_type WHERE typname = 'positive'
UNION ALL SELECT proname, proowner::regrole::text FROM pg_proc WHERE proname IN ('f', 'file_fdw_handler')
UNION ALL SELECT extname, extowner::regrole::text FROM pg_extension WHERE extname = 'file_fdw'
"""


def test_the_role_that_migrates_owns_it_but_for_the_members_of_extensions(server: PostgresServer) -> None:
    with Databases(server) as databases:
        set_up(databases, TEXT, 60)
        copy = databases.create("copy")
        with databases.connect(copy) as connection, connection.cursor() as cursor:
            cursor.execute(OWNERS)
            members = {"file_fdw_handler": "alembic_checks"}
            ours = dict.fromkeys(["schema", "t", "t_id_seq", "positive", "f", "file_fdw"], "postgres")
            assert dict(cursor.fetchall()) == ours | members
            cursor.execute("SELECT pg_has_role('setup_reader', 'MEMBER'), pg_has_role('setup_spy', 'MEMBER')")
            assert cursor.fetchall() == [(True, False)]
            cursor.execute("SELECT rolname FROM pg_roles WHERE rolname LIKE '%setup'")
            assert (cursor.fetchall(), databases.new_roles()) == ([], ())
    with connected(server.admin) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT rolname FROM pg_roles WHERE rolname LIKE 'setup%'")
        assert cursor.fetchall() == []


def test_what_a_killed_run_leaves_on_a_server_that_is_given_its_parent_drops(server: PostgresServer) -> None:
    admin = server.admin
    with use(f"postgresql://{admin.user}:{admin.password}@{admin.host}:{admin.port}/postgres") as guest:
        killed = Databases(guest)
        set_up(killed, "CREATE ROLE setup_left; CREATE TABLE t (); GRANT SELECT ON t TO setup_left;", 60)
        killed.create("copy")
        notes = Notes()
        notes.databases[killed._run] = abandoned.note_of(guest.address, roles=["setup_left"])
        assert abandoned.drop_all(notes) == []
        with connected(admin) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT rolname FROM pg_roles WHERE rolname = 'setup_left'")
            assert cursor.fetchall() == []
        killed._connection.close() if killed._connection else None
