"""Interrupts a concurrent build of an index at the point where the server has announced it, and not finished it."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

import psycopg2

from action.allowance import TimeIsUpError
from action.errors import PostgresError
from action.postgres.databases import Databases
from action.session.session import Session

_BUILDS = re.compile(
    r"\s*(?:CREATE\s+(?:UNIQUE\s+)?INDEX\s+CONCURRENTLY|REINDEX\s+(?:\([^)]*\)\s*)?\w+\s+CONCURRENTLY)\b", re.IGNORECASE
)
_WAITING = """
SELECT a.pid, a.query FROM pg_stat_activity a
WHERE a.datname = %s AND a.state = 'active' AND a.wait_event_type = 'Lock' AND %s = ANY (pg_blocking_pids(a.pid))
"""
_ALIVE = "SELECT count(*) FROM pg_stat_activity WHERE pid = %s"
_COMPARED = 500
"""Characters of a statement: the server keeps only the beginning of a long one."""
_LOOKS_EVERY = 0.005
"""Seconds."""
_ENDS_WITHIN = 10.0
"""Seconds in which a session that is ended has gone."""


def is_build(sql: str) -> bool:
    """Tell whether a statement builds an index while others write to the table."""
    return bool(_BUILDS.match(sql))


class Interruption:
    """Lets every build of one database finish but one, which waits for a snapshot of ours and is cut there.

    A build waits at its end for all older snapshots: its index is in the catalog by then, and not valid yet.
    """

    def __init__(self, session: Session, databases: Databases, database: str, sql: str) -> None:
        self._session, self._databases, self._database = session, databases, database
        self._sql = _begin_of(sql)
        self._over = threading.Event()
        self.done = False
        """Whether the build was interrupted."""

    @contextmanager
    def armed(self) -> Iterator[None]:
        """Wait for the build beside the block, which runs the migrations."""
        with ExitStack() as stack:
            watching = stack.enter_context(self._databases.connect(self._database))
            holders = stack.enter_context(ExitStack())
            held = self._hold(holders)
            thread = threading.Thread(target=self._watch, args=(watching, held, holders), daemon=True)
            thread.start()
            try:
                yield
            finally:
                self._over.set()
                thread.join()

    def _hold(self, holders: ExitStack) -> int:
        """Take a snapshot in a session of its own; return the process that serves it."""
        holder = holders.enter_context(self._databases.connect(self._database))
        with holder.cursor() as cursor:
            cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
            cursor.execute("SELECT pg_backend_pid()")
            [(pid,)] = cursor.fetchall()
            return int(pid)

    def _watch(self, watching: Any, held: int, holders: ExitStack) -> None:
        with suppress(psycopg2.Error, PostgresError, TimeIsUpError), watching.cursor() as cursor:
            while not self._over.wait(_LOOKS_EVERY):
                cursor.execute(_WAITING, (self._database, held))
                for pid, sql in cursor.fetchall():
                    if _begin_of(sql) == self._sql:
                        self._cut(cursor, pid)
                        return
                    following = ExitStack()  # before the other one goes: the next build has to wait as well
                    held = self._hold(following)
                    holders.close()
                    holders.push(following.__exit__)
                    break

    def _cut(self, cursor: Any, pid: int) -> None:
        """End the project's process, and then the server's, before anything lets the build go on."""
        self._session.cut()
        cursor.execute("SELECT pg_terminate_backend(%s)", (pid,))
        deadline = time.monotonic() + _ENDS_WITHIN
        while time.monotonic() < deadline:
            cursor.execute(_ALIVE, (pid,))
            if cursor.fetchall() == [(0,)]:
                self.done = True
                return
            time.sleep(_LOOKS_EVERY)


def _begin_of(sql: str) -> str:
    return " ".join(sql.split())[:_COMPARED]
