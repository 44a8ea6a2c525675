"""The roles of a server in a container: as on any server of ours, where its image lets us make them."""

from __future__ import annotations

import re
from dataclasses import replace

from docker.models.containers import Container
from psycopg2 import sql

from action.postgres.servers import template, trusted_extensions
from action.postgres.servers.connection import connected
from action.postgres.servers.deadlines import Bounded
from action.postgres.servers.interface import Address
from action.postgres.servers.ordinary_role import (
    ORDINARY,
    SELF_GRANT,
    SELF_GRANT_SINCE,
    SUPERUSER,
    TRUSTED_SINCE,
    statements,
)

_FIRST = "alembic_checks_first"
"""The superuser of the image, which extensions of the image may belong to."""
_MAY_ALL = "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"
_UNTRUSTED = "SELECT DISTINCT name FROM pg_available_extension_versions WHERE NOT trusted"
_FOLDER = "SELECT setting FROM pg_config WHERE name = 'SHAREDIR'"
_MARK = """cd "$1/extension" && shift && for name; do
    [ ! -f "$name.control" ] || printf '\\ntrusted = true\\n' >> "$name.control"
done"""


def make_roles(first: Address, number: int, *, superuser: bool) -> tuple[Address, Address]:
    """Return the logins of a superuser and of the role that migrates: the same where the image's own is no superuser.

    The role of the image is called as ours is, so it gets another name. Raises psycopg2.Error.
    """
    with connected(first, "template1") as connection:
        if not _one(connection, _MAY_ALL):
            return first, first
        admin, ordinary = (
            replace(first, user=user, password=template.random_password()) for user in (SUPERUSER, ORDINARY)
        )
        _execute(connection, sql.SQL("CREATE ROLE {} SUPERUSER LOGIN PASSWORD {}").format(*_login(admin)))
    with connected(admin, "template1") as connection:
        # No session may rename its own role, so this one is of the new superuser.
        first_name, new_name = sql.Identifier(first.user), sql.Identifier(_FIRST)
        _execute(connection, sql.SQL("ALTER ROLE {} RENAME TO {}").format(first_name, new_name))
        _execute(connection, sql.SQL("ALTER ROLE {} PASSWORD NULL").format(new_name))
        for line in statements(number // 10000):
            _execute(connection, sql.SQL(line))
        _execute(connection, sql.SQL("ALTER ROLE {} PASSWORD {}").format(*_login(ordinary)))
        if number // 10000 >= SELF_GRANT_SINCE:
            _execute(connection, sql.SQL(f"ALTER ROLE {ORDINARY} SET createrole_self_grant = '{SELF_GRANT}'"))
        if superuser or number < TRUSTED_SINCE:
            _execute(connection, sql.SQL(f"ALTER ROLE {ORDINARY} SUPERUSER"))
    return admin, ordinary


def trust_extensions(container: Container, admin: Address) -> None:
    """Mark the extensions that the image brings as trusted, but for those that read files or run programs.

    What cannot be marked stays as it is: then only a superuser can create it.
    """
    with connected(admin) as connection:
        names = [str(name) for (name,) in _rows(connection, _UNTRUSTED)]
        folder = str(_one(connection, _FOLDER))
    harmless = [name for name in names if not re.fullmatch(trusted_extensions.NOT_TRUSTED, name)]
    if harmless:
        container.exec_run(["sh", "-c", _MARK, "sh", folder, *harmless], user="0")


def _login(address: Address) -> tuple[sql.Composable, sql.Composable]:
    return sql.Identifier(address.user), sql.Literal(address.password)


def _execute(connection: Bounded, statement: sql.Composable) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _rows(connection: Bounded, query: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


def _one(connection: Bounded, query: str) -> object:
    return _rows(connection, query)[0][0]
