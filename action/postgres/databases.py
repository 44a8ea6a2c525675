"""The scratch databases of a run: created, cloned, disconnected and dropped; and the roles that a run creates."""

from __future__ import annotations

import itertools
import re
import secrets
import string
import time
from contextlib import AbstractContextManager, suppress
from types import TracebackType
from typing import Any, Self

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import connection as Connection

from action.errors import PostgresError
from action.postgres import abandoned
from action.postgres.server_state import ServerState
from action.postgres.servers.connection import connected, open_connection
from action.postgres.servers.deadlines import Bounded, NoAnswerError
from action.postgres.servers.interface import Address, PostgresServer
from action.probe.protocol.companions import LONGEST_SUFFIX, database_of
from action.supervisor.signals import STOP

_LONGEST = 63
"""PostgreSQL's longest identifier, in bytes (NAMEDATALEN - 1)."""
_GONE_WITHIN = 10.0
"""Seconds in which terminated sessions must end."""
_LOCK_TIMEOUT = "5s"
# These override what a migration sets for its database or role, such as a search path that leads our queries to its own
# relations, or a short time limit. They also limit what reading takes, whatever a migration made of a relation.
# Not on a server that the user gave: a connection pooler in front of it may refuse options.
_OPTIONS = "-c search_path={} -c statement_timeout={:.0f}s -c lock_timeout=20s -c default_transaction_read_only=off"
# The superuser's: no name leads to what a migration has made, and no database's settings make another role of it.
_AS_ADMIN = " -c role=none"


class Databases:
    """Owns every scratch database of a run, and drops them at the end unless they are kept."""

    def __init__(self, server: PostgresServer, *, keep: bool = False) -> None:
        """Read the roles that exist before the run, within ``server.address.bounds``.

        Raises PostgresError for a server that fails after it has accepted us.
        """
        self._server = server
        self._keep = keep
        self._bounds = server.address.bounds
        self._options = _OPTIONS.format("public", self._bounds.query) if server.is_ours else ""
        as_admin = _OPTIONS.format("pg_catalog", self._bounds.query) + _AS_ADMIN
        self._admin_options = as_admin if server.is_ours else ""
        self._may_be_left = not server.is_ours and not keep
        """Whether a run that is killed leaves databases that nobody wants: on a server that goes on."""
        self._run = "".join(secrets.choice(string.ascii_lowercase + string.digits) for _ in range(12))
        self._names: list[str] = []
        self._made = 0
        self._connection: Connection | None = None
        self.companions = 0
        """How many databases each new one has beside it: an env.py that migrates several has one for each."""
        self.initial: str | None = None
        """The database that every new one is a copy of, if it is a copy of no other; None for an empty one."""
        self._initial_roles: frozenset[str] = frozenset()
        try:
            self._roles_before = self._roles()
            self.state = ServerState(server, self._execute)
            if self._may_be_left:
                abandoned.sweep(self._execute)
        except psycopg2.Error as error:
            raise PostgresError(
                "The PostgreSQL server accepted a connection, but runs no queries.",
                why=f"Its last error: {str(error).strip()}",
                remedy="Look in the server's log. Run the check again.",
            ) from error
        self.left: tuple[str, ...] = ()
        """After the end: databases that are left on a server that is not ours."""
        if self._may_be_left:
            abandoned.tell_parent(server.address, self._run)

    def __enter__(self) -> Self:
        """Return this object."""
        return self

    def __exit__(
        self, _type: type[BaseException] | None, error: BaseException | None, _traceback: TracebackType | None
    ) -> None:
        """Drop every database that was created here, unless they are kept; what cannot be dropped is ``left``."""
        with STOP.shielded():
            self._bounds.hurry()
            try:
                if not self._keep:
                    self.initial, initial = None, self.initial
                    self.drop_all()
                    if initial is not None:
                        self._roles_before -= self._initial_roles
                        self.drop_new_roles()
            finally:
                if self._connection is not None:
                    self._connection.close()
            # What is left after a run that came to its end is in its report; after any other its parent tries again.
            if self._may_be_left and (error is None or not self.left):
                abandoned.tell_parent(self._server.address, self._run, gone=True)

    def drop_all(self) -> None:
        """Drop every database that was created here; those that stay on a server that is not ours are ``left``.

        The one that new ones are copies of stays until the end.
        """
        for name in reversed(self.names):
            try:
                if name in self._names and name != self.initial:
                    self.drop(name)
            except (psycopg2.Error, PostgresError) as error:
                if isinstance(error, psycopg2.Error) and self.state.fault_of(error) is not None:
                    break
        if not self._server.is_ours:
            self.left = self.names

    @property
    def address(self) -> Address:
        """Return where the server of these databases listens."""
        return self._server.address

    @property
    def server(self) -> PostgresServer:
        """Return the server of these databases."""
        return self._server

    @property
    def role_is_ordinary(self) -> bool:
        """Return whether migrations connect as a role of ours that is no superuser."""
        return self._server.role_is_ordinary

    @property
    def names(self) -> tuple[str, ...]:
        """Return the databases that exist now, in the order of their creation."""
        return tuple(self._names)

    def create(self, purpose: str, template: str | None = None) -> str:
        """Create a database, empty or as a copy of another that nobody is connected to, and return its name.

        Raises psycopg2.Error where the server refuses, TimeIsUpError at the end of the run.
        """
        self._bounds.allowance.check()
        self._made += 1
        start, end = f"ac_{self._run}_", f"_{self._made}"
        middle = re.sub(r"[^a-z0-9]+", "_", purpose.lower())[: _LONGEST - LONGEST_SUFFIX - len(start) - len(end)]
        name = start + middle + end
        for number in range(self.companions + 1):
            source = self.initial if template is None else database_of(template, number)
            self._create(database_of(name, number), source if source in self._names or number == 0 else None)
        return name

    def _create(self, name: str, template: str | None) -> None:
        statement = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
        if self._server.is_ours:
            statement += sql.SQL(" OWNER {}").format(sql.Identifier(self.address.user))
        if template is not None:
            statement += sql.SQL(" TEMPLATE {}").format(sql.Identifier(template))
        # Three times as fast without fsync; but its two checkpoints would slow down a server that others use.
        if self._server.version_num >= 150000 and (template is not None or self._server.is_ours):
            statement += sql.SQL(" STRATEGY FILE_COPY")
        self._names.append(name)  # before: an interrupted CREATE may have succeeded
        self._execute(statement)
        if self._may_be_left:
            self._execute(abandoned.marking(name, self._run))

    def start_from(self, name: str) -> None:
        """Make every new database a copy of this one from now on; the roles that exist now are not new any more."""
        self.disconnect(name)
        self.initial, self._initial_roles = name, frozenset(self.new_roles())
        self._roles_before |= self._initial_roles
        if self._may_be_left:
            abandoned.tell_parent(self._server.address, self._run, roles=sorted(self._initial_roles))

    def with_companions(self, name: str) -> list[str]:
        """Return a database and those that were created beside it."""
        known = set(self._names)
        numbered = itertools.takewhile(known.__contains__, (database_of(name, n) for n in itertools.count()))
        return list(numbered) or [name]

    def drop(self, name: str) -> None:
        """Drop one of these databases, also when sessions are connected to it.

        Raises ValueError for a database that was not created here.
        """
        if name not in self._names:
            raise ValueError(f"{name} is not a scratch database of this run")
        for part in reversed(self.with_companions(name)):
            self._drop(part)

    def _drop(self, name: str) -> None:
        force = self._server.version_num >= abandoned.FORCES_SINCE
        if not force:
            self.disconnect(name)
        self._execute(abandoned.dropping(name, force=force))
        self._names.remove(name)

    def disconnect(self, name: str) -> None:
        """End every session in a database and wait for their end: a template must have none.

        Raises PostgresError for a session that does not end, psycopg2.Error for one that we may not end.
        """
        deadline = time.monotonic() + _GONE_WITHIN
        # Not autovacuum: PostgreSQL ends it by itself when needed, and only a superuser may end it.
        statement = (
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = ANY(%s) AND pid <> pg_backend_pid() AND backend_type <> 'autovacuum worker'"
        )
        while self._execute(statement, (self.with_companions(name),)) != [(0,)]:
            if time.monotonic() > deadline:
                raise PostgresError(
                    f"Sessions in the scratch database {name} did not end.",
                    why=f"PostgreSQL was asked to end them {_GONE_WITHIN:.0f} seconds ago.",
                    remedy="Look in pg_stat_activity for what they do.",
                )
            time.sleep(0.002)

    def connect(self, name: str) -> AbstractContextManager[Bounded]:
        """Connect to a database in autocommit mode; the connection is closed at the end of the block.

        Its queries raise TimeIsUpError at the end of the run.
        """
        return connected(self._server.address, name, self._options, of_run=True)

    def new_roles(self) -> tuple[str, ...]:
        """Return the roles that were created on the server since this object was created."""
        return tuple(sorted(self._roles() - self._roles_before))

    def hide_role(self, name: str) -> str:
        """Give a role another name, which no migration uses, and return it."""
        self._made += 1
        hidden = f"ac_{self._run}_role_{self._made}"
        self.rename_role(name, hidden)
        return hidden

    def rename_role(self, name: str, new: str) -> None:
        """Rename a role; what it owns and may do stays."""
        self._execute(sql.SQL("ALTER ROLE {} RENAME TO {}").format(sql.Identifier(name), sql.Identifier(new)))

    def drop_new_roles(self) -> None:
        """Drop new roles with everything they own here; those that cannot be dropped stay in ``new_roles()``.

        PostgreSQL refuses to drop a role that owns objects in a database that is not ours.
        """
        roles = self.new_roles()
        if not roles:
            return
        for name in (None, *self._names):
            if self._bounds.allowance.is_up:
                return
            with suppress(psycopg2.Error), connected(self._server.admin, name, self._admin_options) as connection:
                _give_up_ownership(connection, roles, self.address.user if self._server.is_ours else None)
        # A role can depend on another that is later in the list, by the grants that it made.
        while roles and not self._bounds.allowance.is_up:
            for role in roles:
                with suppress(psycopg2.Error):
                    self._execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(role)))
            roles, before = self.new_roles(), roles
            if roles == before:
                return

    def _roles(self) -> frozenset[str]:
        return frozenset(role for (role,) in self._execute("SELECT rolname FROM pg_roles"))

    def _execute(self, statement: str | sql.Composable, values: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
        # A migration may end every other session of the server, also ours: then connect again, once.
        try:
            return _run(self._open(), statement, values)
        except psycopg2.Error as error:
            if self._connection is None or not self._connection.closed or isinstance(error, NoAnswerError):
                raise
        return _run(self._open(), statement, values)

    def _open(self) -> Connection:
        if self._connection is None or self._connection.closed:
            self._connection = open_connection(self._server.admin, options=self._admin_options)
            if not self._server.is_ours:
                abandoned.lock(self._execute, self._run)
        return self._connection


def _run(connection: Connection, statement: str | sql.Composable, values: tuple[object, ...]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return cursor.fetchall() if cursor.description else []


def _give_up_ownership(connection: Connection, roles: tuple[str, ...], heir: str | None) -> None:
    """Give what roles own to an heir, or to the current user."""
    with connection.cursor() as cursor:
        # No function is called here, where a migration may have made one of the same name.
        cursor.execute(f"SET lock_timeout = '{_LOCK_TIMEOUT}'")
        to = sql.SQL("CURRENT_USER") if heir is None else sql.Identifier(heir)
        for role in map(sql.Identifier, roles):
            with suppress(psycopg2.Error):
                cursor.execute(sql.SQL("REASSIGN OWNED BY {} TO {}").format(role, to))
                cursor.execute(sql.SQL("DROP OWNED BY {}").format(role))
