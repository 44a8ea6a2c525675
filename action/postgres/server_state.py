"""Whether the server is still the one that it was: what our own connection sees when the project's has failed."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from typing import Any

import psycopg2
from psycopg2 import errors

from action.postgres.servers.deadlines import AnswerTooLargeError, LostError, NoAnswerError
from action.postgres.servers.interface import PostgresServer
from action.probe.protocol import fault_kinds

Query = Callable[..., list[tuple[Any, ...]]]
# After a crash of one of its processes, the postmaster goes on, and starts the checkpointer anew.
_PROCESSES = (
    "SELECT pg_postmaster_start_time()::text,"
    " (SELECT min(backend_start)::text FROM pg_stat_activity WHERE backend_type = 'checkpointer')"
)
_SESSIONS = "SELECT sessions_killed, sessions_fatal FROM pg_stat_database WHERE datname = %s"
_COUNTS_SESSIONS = 140000
_RECOVERED_WITHIN = 20.0
"""Seconds that a server gets to recover from a crash, while it refuses connections for that reason."""
_COUNTED_WITHIN = 2.0
"""Seconds in which the server counts a session that ended."""
_POLL = 0.01


class ServerState:
    """The identity of a server's processes, compared with what it was."""

    def __init__(self, server: PostgresServer, query: Query) -> None:
        """Read the identity now, by ``query``, which connects anew where it must; raises psycopg2.Error."""
        self._server, self._query = server, query
        self._processes = self._now()

    def change(self) -> str | None:
        """Return SERVER_STOPPED, SERVER_SILENT or SERVER_RESTARTED; None while it runs as it did when last asked."""
        deadline = time.monotonic() + _RECOVERED_WITHIN
        while True:
            try:
                before, self._processes = self._processes, self._now()
            except psycopg2.Error as error:
                fault = self.fault_of(error)
                waits = fault not in (None, fault_kinds.SERVER_SILENT, fault_kinds.ANSWER_TOO_LARGE)
                if not waits or not self._listens() or time.monotonic() > deadline:
                    return fault
                time.sleep(_POLL)
            else:
                return None if _same(before, self._processes) else fault_kinds.SERVER_RESTARTED

    def fault_of(self, error: psycopg2.Error) -> str | None:
        """Return the kind of fault that an error of our own connection stands for; None where the server refuses us."""
        if isinstance(error, AnswerTooLargeError):
            return fault_kinds.ANSWER_TOO_LARGE
        if isinstance(error, NoAnswerError | errors.QueryCanceled | errors.LockNotAvailable):
            return fault_kinds.SERVER_SILENT
        kind = fault_kinds.of_sqlstate(error.pgcode, error.diag.message_hint) or fault_kinds.of_refusal(str(error))
        if kind is not None or error.pgcode is not None:
            return kind
        if not self._listens():
            return fault_kinds.SERVER_STOPPED
        lost = isinstance(error, LostError) or error.cursor is not None
        return fault_kinds.CONNECTION_LOST if lost else None

    def ended_a_session_itself(self, database: str) -> bool:
        """Tell whether PostgreSQL ended a session for the project's own doing, such as a time limit that it set.

        False where something else ended it, and where the server does not count (before version 14).
        """
        if self._server.version_num < _COUNTS_SESSIONS:
            return False
        deadline = time.monotonic() + _COUNTED_WITHIN
        while time.monotonic() < deadline:
            for killed, fatal in self._query(_SESSIONS, (database,)):
                if killed or fatal:
                    return not killed
            time.sleep(_POLL)
        return False

    def _now(self) -> tuple[str | None, ...]:
        (row,) = self._query(_PROCESSES)
        return row

    def _listens(self) -> bool:
        address = self._server.address
        try:
            with socket.create_connection((address.host, address.port), timeout=_COUNTED_WITHIN):
                return True
        except OSError:
            return False


def _same(before: tuple[str | None, ...], now: tuple[str | None, ...]) -> bool:
    # A role without rights does not see the checkpointer.
    return all(one == other for one, other in zip(before, now, strict=True) if one and other)
