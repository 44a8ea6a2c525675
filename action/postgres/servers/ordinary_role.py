"""The two roles of a server of ours: one that migrations and all our readings use, and the superuser, who administers.

What a migration leaves in a database runs with the rights of whoever reads it there: the superuser never does.
"""

from __future__ import annotations

from collections.abc import Iterator

SUPERUSER = "alembic_checks"
"""Creates and drops databases and roles, from the maintenance database."""
ORDINARY = "postgres"
"""Migrates, and owns the scratch databases; dumps name their owner so."""
TRUSTED_SINCE = 130000
"""The version from which a role that owns its database can create extensions, where these are marked as trusted."""

_OID = f"(SELECT oid FROM pg_roles WHERE rolname = '{ORDINARY}')"
_PLPGSQL = "(SELECT oid FROM pg_extension WHERE extname = 'plpgsql')"
_OF_THE_SYSTEM = "'pg_execute_server_program', 'pg_read_server_files', 'pg_write_server_files'"
# Providers grant these to the role that deploys. They reach neither files nor programs.
_PARAMETERS = (
    *("session_replication_role", "deadlock_timeout", "temp_file_limit", "pgaudit.log"),
    *("log_min_duration_statement", "log_statement"),
)
_ROLES = ("pg_read_all_data", "pg_write_all_data", "pg_monitor", "pg_signal_backend", "pg_checkpoint")
SELF_GRANT_SINCE, SELF_GRANT = 16, "set, inherit"
"""With this value of createrole_self_grant, a role that creates another one can give its tables to it."""


def statements(major: int) -> Iterator[str]:
    """Yield what creates the ordinary role in template1, a statement a line, run once by the superuser."""
    yield f"CREATE ROLE {ORDINARY} LOGIN CREATEDB CREATEROLE"
    yield f"ALTER DATABASE postgres OWNER TO {ORDINARY}"
    if major < 15:  # from 15 on, public belongs to the owner of the database
        yield f"ALTER SCHEMA public OWNER TO {ORDINARY}"
    # Dumps of versions before 11 comment on plpgsql, and no command gives an extension to another owner.
    yield f"ALTER LANGUAGE plpgsql OWNER TO {ORDINARY}"
    yield f"UPDATE pg_extension SET extowner = {_OID} WHERE extname = 'plpgsql'"
    yield (
        "INSERT INTO pg_shdepend (dbid, classid, objid, objsubid, refclassid, refobjid, deptype)"
        f" SELECT oid, 'pg_extension'::regclass, {_PLPGSQL}, 0, 'pg_authid'::regclass, {_OID}, 'o'"
        " FROM pg_database WHERE datname = current_database()"
    )
    if major >= 15:
        yield f"GRANT SET ON PARAMETER {', '.join(_PARAMETERS)} TO {ORDINARY}"
    if major >= SELF_GRANT_SINCE:
        yield f"GRANT {', '.join(_ROLES)} TO {ORDINARY} WITH ADMIN TRUE, INHERIT FALSE, SET FALSE"
    else:
        # CREATEROLE may grant every role but a superuser's, so these become superusers; nobody can log in as them.
        yield f"UPDATE pg_authid SET rolsuper = true WHERE rolname IN ({_OF_THE_SYSTEM})"
