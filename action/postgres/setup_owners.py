"""Who owns what ``postgres-setup`` creates: the role that migrates, but for the members of extensions."""

from __future__ import annotations

from contextlib import suppress

import psycopg2
from psycopg2 import sql

from action.postgres.databases import Databases
from action.postgres.servers.connection import connected
from action.postgres.servers.deadlines import Bounded

SETUP = "alembic_checks_setup"
"""Runs the statements as a superuser, and is gone before a migration runs. PostgreSQL does not list what the first
superuser of a server owns."""
_OF_THE_SYSTEM = ("pg_read_server_files", "pg_write_server_files", "pg_execute_server_program")
# A member of an extension stays a superuser's: what it may do, its owner may let others do.
_OWNED = """
SELECT i.type, i.identity
  FROM pg_catalog.pg_shdepend d, LATERAL pg_catalog.pg_identify_object(d.classid, d.objid, 0) i
 WHERE d.dbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
   AND d.refclassid = 'pg_catalog.pg_authid'::regclass AND d.deptype = 'o'
   AND d.refobjid = (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = %s)
   AND i.type NOT IN ('extension', 'event trigger', 'foreign-data wrapper')
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend m
                    WHERE m.classid = d.classid AND m.objid = d.objid AND m.deptype = 'e')
"""
_EXTENSIONS = """
UPDATE pg_catalog.pg_extension SET extowner = (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = %(heir)s)
 WHERE extowner = (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = %(setup)s);
UPDATE pg_catalog.pg_shdepend SET refobjid = (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = %(heir)s)
 WHERE classid = 'pg_catalog.pg_extension'::regclass AND deptype = 'o'
   AND dbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
   AND refobjid = (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = %(setup)s)
"""
_HARMLESS = """
SELECT rolname FROM pg_catalog.pg_roles r
 WHERE rolname = ANY(%s) AND NOT rolsuper
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_roles s
                    WHERE s.rolname = ANY(%s) AND pg_catalog.pg_has_role(r.oid, s.oid, 'MEMBER'))
"""


def hand_over(connection: Bounded, databases: Databases) -> None:
    """Give what the statements created to the role that migrates; let it act for the roles that they created."""
    heir = databases.address.user
    with connection.cursor() as cursor:
        cursor.execute("RESET ALL; RESET ROLE")
        cursor.execute(_OWNED, (SETUP,))
        for kind, identity in cursor.fetchall():
            word = "STATISTICS" if kind == "statistics object" else str(kind).upper()
            with suppress(psycopg2.Error):  # a sequence of a column goes with its table
                cursor.execute(sql.SQL(f"ALTER {word} {identity} OWNER TO ") + sql.Identifier(heir))
        cursor.execute(_EXTENSIONS, {"heir": heir, "setup": SETUP})
        cursor.execute(_HARMLESS, (list(databases.new_roles()), list(_OF_THE_SYSTEM)))
        for (role,) in cursor.fetchall():
            names = map(sql.Identifier, (role, heir))
            cursor.execute(sql.SQL("GRANT {} TO {} WITH ADMIN OPTION").format(*names))


def leave(databases: Databases, name: str) -> None:
    """Give the rest to the superuser of the server, and drop the role of the statements. Raises psycopg2.Error."""
    admin = databases.server.admin
    with connected(admin, name) as connection, connection.cursor() as cursor:
        setup = sql.Identifier(SETUP)
        cursor.execute(sql.SQL("REASSIGN OWNED BY {} TO {}").format(setup, sql.Identifier(admin.user)))
        cursor.execute(sql.SQL("DROP OWNED BY {}; DROP ROLE {}").format(setup, setup))
