"""What the setting ``postgres-setup`` says: SQL that prepares a database of which every scratch database is a copy."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import psycopg2
from psycopg2 import errorcodes, sql

from action.errors import SettingsError
from action.postgres.databases import Databases
from action.postgres.schema_error import SchemaFileError
from action.postgres.schema_loading import execute_statement
from action.postgres.schema_sql import SqlStatement, split
from action.postgres.servers.connection import connected
from action.postgres.servers.deadlines import Bounded
from action.postgres.servers.template import random_password
from action.postgres.setup_owners import SETUP, hand_over, leave
from checks.lacking import remedy_of

_LONGEST = 300
"""Characters of a statement that an error quotes."""
_CREATES_ROLE = re.compile(r"\s*CREATE\s+(ROLE|USER|GROUP)\b", re.IGNORECASE)
_PLAIN = "Write SQL statements that end with semicolons. Commands of psql, such as \\i, are not known here."


def set_up(databases: Databases, text: str, timeout: float) -> None:
    """Run the statements once, within ``timeout`` seconds, and make every new database a copy of the result.

    On a server of ours they run as a superuser, and what they create belongs to the role that migrates. Raises
    SettingsError with the statement that fails, psycopg2.Error when the server is lost.
    """
    where = f"on PostgreSQL {databases.server.version}"
    try:
        statements = tuple(split(f"{text}\n;"))  # the last one may lack its semicolon
    except SchemaFileError as error:
        clause = str(error).removesuffix(": the file is incomplete")
        raise SettingsError(f"`postgres-setup` cannot be read: {clause}.", why=error.why, remedy=_PLAIN) from None
    name = databases.create("setup")
    with _as_whom(databases, name) as connection:
        connection.until = time.monotonic() + timeout
        for statement in statements:
            try:
                execute_statement(connection, statement)
            except psycopg2.Error as error:
                if _is_there(statement, error):
                    continue
                if connection.closed and error.pgcode is None:
                    raise
                raise _refused(statement, error, where) from None
        connection.until = float("inf")
        if databases.role_is_ordinary:
            hand_over(connection, databases)
    if databases.role_is_ordinary:
        leave(databases, name)
    databases.start_from(name)


@contextmanager
def _as_whom(databases: Databases, name: str) -> Iterator[Bounded]:
    """Connect as a superuser of this moment, where the role that migrates is of our making; else as that role."""
    if not databases.role_is_ordinary:
        with databases.connect(name) as connection:
            yield connection
        return
    login = replace(databases.server.admin, user=SETUP, password=random_password())
    with connected(databases.server.admin) as connection, connection.cursor() as cursor:
        statement = sql.SQL("CREATE ROLE {} SUPERUSER LOGIN PASSWORD {}")
        cursor.execute(statement.format(sql.Identifier(SETUP), sql.Literal(login.password)))
    with connected(login, name, of_run=True) as connection:
        yield connection


def _is_there(statement: SqlStatement, error: psycopg2.Error) -> bool:
    """Return whether a role is there already: roles belong to the whole server, and another run may have left it."""
    return error.pgcode == errorcodes.DUPLICATE_OBJECT and _CREATES_ROLE.match(statement.sql) is not None


def _refused(statement: SqlStatement, error: psycopg2.Error, where: str) -> SettingsError:
    said = (error.diag.message_primary or str(error)).strip()
    quoted = " ".join(statement.sql.split())
    shown = quoted if len(quoted) <= _LONGEST else f"{quoted[:_LONGEST]}…"
    return SettingsError(
        f"`postgres-setup` fails {where}, line {statement.line}: {said.rstrip('.')}.",
        why=f"The statement was: {shown}",
        remedy=remedy_of(said) or "Correct the statement, or remove it.",
    )
