"""Load the statements of a schema file into a scratch database, on a connection of our own."""

from __future__ import annotations

import io
import re
import time
from contextlib import suppress

import psycopg2
from psycopg2 import errorcodes, sql

from action.errors import PostgresError
from action.postgres.databases import Databases
from action.postgres.schema_error import SchemaFileError
from action.postgres.schema_sql import SqlStatement, split
from action.postgres.servers.deadlines import Bounded, NoAnswerError
from action.postgres.superuser_only import is_refusal
from checks.lacking import remedy_of

_SET = re.compile(r"SET\s+(?!ROLE\b|SESSION\b|LOCAL\b)\w+", re.IGNORECASE)
_UNKNOWN_SETTING = (errorcodes.UNDEFINED_OBJECT, errorcodes.INVALID_PARAMETER_VALUE)
_CREATES = re.compile(r"CREATE\s+SCHEMA\s+\S+\s*$", re.IGNORECASE)
_CREATES_PUBLIC = re.compile(r"CREATE\s+SCHEMA\s+public\s*$", re.IGNORECASE)
_ROLE = re.compile(r'^role "(.+)" ', re.IGNORECASE)
_OWNER = re.compile(r"ALTER\b.*\bOWNER\s+TO\s+\S+\s*$", re.IGNORECASE | re.DOTALL)
_ROLE_HERE = "The file is loaded by a role that owns the database and is no superuser."
_FIX = "Set `superuser: true` (--superuser), or remove this line from the file."
_MOST_ROLES = 100
"""Roles that one statement may name."""


def load_schema(databases: Databases, database: str, text: str, timeout: float) -> None:
    """Run the statements of a dump in a database, within ``timeout`` seconds.

    Roles that the dump names are created where they are missing; ``databases.drop_new_roles`` removes them.
    Raises SchemaFileError with the line and PostgreSQL's message, psycopg2.Error when the server is lost.
    """
    statements = tuple(split(text))
    with databases.connect(database) as connection:
        connection.until = time.monotonic() + timeout  # a dump may set statement_timeout
        for statement in statements:
            try:
                _run(connection, statement, set_up=databases.initial is not None)
            except psycopg2.Error as error:
                lacks = databases.role_is_ordinary and _lacks_right(statement, error)
                if lacks and _OWNER.search(statement.sql):
                    continue  # the role that migrates then owns it, and nobody compares owners
                if isinstance(error, NoAnswerError) and time.monotonic() >= connection.until:
                    with suppress(psycopg2.Error, PostgresError):  # the server goes on with it otherwise
                        databases.disconnect(database)
                    raise SchemaFileError(
                        f"line {statement.line}: the statement did not finish in time",
                        why=f"Loading the whole file may take {timeout:g} seconds.",
                        remedy="Set a higher --timeout.",
                    ) from None
                if connection.closed:
                    raise
                raise _refused(statement, error, lacks=lacks) from None


def _run(connection: Bounded, statement: SqlStatement, *, set_up: bool) -> None:
    """Run one statement, creating the roles that it misses; raises psycopg2.Error."""
    for _ in range(_MOST_ROLES):
        try:
            execute_statement(connection, statement)
        except psycopg2.Error as error:
            if _is_tolerable(statement, error, set_up=set_up):
                return
            role = _missing_role(error)
            if role is None:
                raise
            with connection.cursor() as cursor:
                name = sql.Identifier(role)
                cursor.execute(sql.SQL("CREATE ROLE {0} NOLOGIN; GRANT {0} TO CURRENT_USER").format(name))
        else:
            return


def execute_statement(connection: Bounded, statement: SqlStatement) -> None:
    """Run a statement of a file, with the rows of a COPY."""
    with connection.cursor() as cursor:
        if statement.data is None:
            cursor.execute(statement.sql)
        else:
            with connection.cut_off():
                cursor.copy_expert(statement.sql, io.StringIO(statement.data))


def _is_tolerable(statement: SqlStatement, error: psycopg2.Error, *, set_up: bool) -> bool:
    """Return whether a statement may fail: an unknown setting, or a schema that is there from the start."""
    if error.pgcode in _UNKNOWN_SETTING:
        return _SET.match(statement.sql) is not None
    creates = _CREATES if set_up else _CREATES_PUBLIC
    return error.pgcode == errorcodes.DUPLICATE_SCHEMA and creates.match(statement.sql) is not None


def _missing_role(error: psycopg2.Error) -> str | None:
    if error.pgcode != errorcodes.UNDEFINED_OBJECT:
        return None
    found = _ROLE.match(error.diag.message_primary or "")
    return found.group(1) if found else None


def _lacks_right(statement: SqlStatement, error: psycopg2.Error) -> bool:
    return is_refusal(error.pgcode, str(error), statement.sql)


def _refused(statement: SqlStatement, error: psycopg2.Error, *, lacks: bool) -> SchemaFileError:
    position = int(error.diag.statement_position or 1)
    line = statement.line + statement.sql.count("\n", 0, position - 1)
    details = (error.diag.message_detail, error.diag.message_hint, _ROLE_HERE if lacks else None)
    return SchemaFileError(
        f"line {line}: {(error.diag.message_primary or str(error)).strip()}",
        why=" ".join(text for text in details if text),
        remedy=_FIX if lacks else _remedy(error),
    )


def _remedy(error: psycopg2.Error) -> str:
    lacks = remedy_of(error.diag.message_primary or str(error))
    if lacks is not None:
        return lacks
    if error.pgcode in (errorcodes.UNDEFINED_FILE, errorcodes.FEATURE_NOT_SUPPORTED):
        return "Set `postgres` or `postgres-image` (--postgres, --postgres-image) to production's version."
    return "Correct this line, or dump production's schema again: see `schema` in README.md."
