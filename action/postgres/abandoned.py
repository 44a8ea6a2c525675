"""Scratch databases that a killed run has left on a server that is not ours: marked, and dropped by the next run."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any

import psycopg2
from psycopg2 import sql

from action.postgres.servers.connection import connected
from action.postgres.servers.interface import Address
from action.supervisor.notes import Note, Notes, tell

Execute = Callable[..., list[tuple[Any, ...]]]
_CLASS = 0x616C656D
"""The first key of our advisory locks: "alem"."""
_MARK = "Scratch database of the run {} of alembic-checks. The next run drops it when this one has ended."
_MARKED = re.compile(re.escape(_MARK).replace(r"\{\}", r"([a-z0-9]{12})"))
FORCES_SINCE = 130000
"""The version from which DROP DATABASE ends the sessions that are in its way."""
_FOUND = (
    "SELECT datname, shobj_description(oid, 'pg_database') FROM pg_database"
    " WHERE datname ~ '^ac_[a-z0-9]{12}_' AND pg_has_role(datdba, 'USAGE')"
)
_HELD = "SELECT objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND classid = %s AND objsubid = 2"


def marking(name: str, run: str) -> sql.Composable:
    """Return the statement that marks a database as one of a run: only a marked one is ever dropped by another run."""
    return sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(name), sql.Literal(_MARK.format(run)))


def dropping(name: str, *, force: bool) -> sql.Composable:
    """Return the statement that drops a database, with ``force`` also when somebody is connected."""
    return sql.SQL(f"DROP DATABASE IF EXISTS {{}}{' WITH (FORCE)' if force else ''}").format(sql.Identifier(name))


def lock(execute: Execute, run: str) -> None:
    """Show other runs that a run lives, as long as the session does."""
    # The key is an oid in pg_locks, and a signed number in the function.
    execute("SELECT pg_try_advisory_lock(%s, %s)", (_CLASS, _key(run) - (_key(run) >> 31 << 32)))


def sweep(execute: Execute) -> tuple[str, ...]:
    """Drop the marked databases of runs that do not live any more, and return their names.

    One that somebody is connected to stays.
    """
    found = [(name, _MARKED.fullmatch(mark or "")) for name, mark in execute(_FOUND)]
    held = {key for (key,) in execute(_HELD, (_CLASS,))} if found else set()
    return tuple(
        name for name, mark in found if mark is not None and _key(mark[1]) not in held and _dropped(execute, name)
    )


def _key(run: str) -> int:
    return zlib.crc32(run.encode())


def _dropped(execute: Execute, name: str) -> bool:
    with suppress(psycopg2.Error):
        execute(dropping(name, force=False))
        return True
    return False


def tell_parent(address: Address, run: str, *, roles: Sequence[str] = (), gone: bool = False) -> None:
    """Tell the run's parent process where it has to drop databases, and these roles, if the run is killed."""
    tell("databases", run, None if gone else note_of(address, roles=roles))


def note_of(address: Address, *, roles: Sequence[str] = ()) -> Note:
    """Return what the parent process needs to drop databases and roles."""
    return {
        "host": address.host,
        "port": address.port,
        "user": address.user,
        "password": address.password,
        "maintenance_database": address.maintenance_database,
        "parameters": address.parameters,
        "roles": tuple(roles),
    }


def drop_all(notes: Notes) -> list[str]:
    """Drop the databases of a run that was killed; return those that are left, as a sentence lists them."""
    return [left for run, note in notes.databases.items() for left in _drop_of(run, note)]


def _drop_of(run: str, note: Note) -> Iterator[str]:
    parameters = tuple((name, value) for name, value in note["parameters"])
    address = Address(**{**{name: value for name, value in note.items() if name != "roles"}, "parameters": parameters})
    try:
        with connected(address) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", (rf"ac\_{run}\_%",))
            for (name,) in cursor.fetchall():
                try:
                    cursor.execute(dropping(name, force=connection.server_version >= FORCES_SINCE))
                except psycopg2.Error:
                    yield f"the database {name} on {address.host}"
            for role in note["roles"]:
                with suppress(psycopg2.Error):
                    cursor.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(role)))
    except psycopg2.Error:
        yield f"the databases ac_{run}_… on {address.host}"
