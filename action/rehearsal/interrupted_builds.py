"""Interrupts what the server does in several transactions: a concurrent build of an index, or detaching a partition."""

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
_DETACHES = re.compile(
    r"\s*ALTER\s+TABLE\s+(?:IF\s+EXISTS\s+)?(?:ONLY\s+)?(\S+)\s+DETACH\s+PARTITION\s+\S+\s+CONCURRENTLY\b",
    re.IGNORECASE,
)
_BEGIN, _LOCK = "BEGIN ISOLATION LEVEL REPEATABLE READ", "LOCK TABLE {} IN ACCESS SHARE MODE"
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
    """Tell whether a statement does its work in several transactions, while others use the table."""
    return bool(_BUILDS.match(sql) or _DETACHES.match(sql))


class Interruption:
    """Lets everything in one database finish but one statement, which waits for a transaction of ours and is cut there.

    A build waits at its end for all older snapshots: its index is in the catalog by then, and not valid yet. A
    partition that is marked as pending waits for all who use the table.
    """

    def __init__(self, session: Session, databases: Databases, database: str, sql: str) -> None:
        self._session, self._databases, self._database = session, databases, database
        self._sql = _begin_of(sql)
        detaches = _DETACHES.match(sql)
        self._table = detaches[1] if detaches else None
        self._holder: Any = None
        self._over = threading.Event()
        self.done = False
        """Whether the build was interrupted."""

    @contextmanager
    def armed(self) -> Iterator[None]:
        """Wait for the build beside the block, which runs the migrations."""
        with ExitStack() as stack:
            watching = stack.enter_context(self._databases.connect(self._database))
            holders, held = stack.enter_context(ExitStack()), 0
            with suppress(psycopg2.Error):  # a table that is made in the same run has no lock yet
                held = self._hold(holders)
            thread = threading.Thread(target=self._watch, args=(watching, held, holders), daemon=True)
            thread.start()
            try:
                yield
            finally:
                self._over.set()
                thread.join()

    def _hold(self, holders: ExitStack) -> int:
        """Begin a transaction that the statement has to wait for; return the process that serves it."""
        holder = holders.enter_context(self._databases.connect(self._database))
        with holder.cursor() as cursor:
            cursor.execute(_BEGIN)
            cursor.execute("SELECT pg_backend_pid()")
            [(pid,)] = cursor.fetchall()
            if self._table is not None:
                self._holder = holder
                cursor.execute(_LOCK.format(self._table))
            return int(pid)

    def _watch(self, watching: Any, held: int, holders: ExitStack) -> None:
        try:
            self._wait(watching, held, holders)
        finally:
            holders.close()  # whatever ends the watch: nothing of ours may hold the migration up

    def _wait(self, watching: Any, held: int, holders: ExitStack) -> None:
        with suppress(psycopg2.Error, PostgresError, TimeIsUpError), watching.cursor() as cursor:
            while not self._over.wait(_LOOKS_EVERY):
                cursor.execute(_WAITING, (self._database, held))
                for pid, sql in cursor.fetchall():
                    if _begin_of(sql) == self._sql:
                        self._cut(cursor, pid)
                        return
                    held = self._hold_on(held, holders)
                    break

    def _hold_on(self, held: int, holders: ExitStack) -> int:
        """Let go what waits, so that the next one has to wait as well."""
        if self._holder is not None:
            with self._holder.cursor() as cursor:  # at once: the lock is granted before that one's next statement
                cursor.execute(f"COMMIT; {_BEGIN}; {_LOCK.format(self._table)}")
            return held
        following = ExitStack()
        try:
            return self._hold(following)
        finally:
            holders.close()
            holders.push(following.__exit__)

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
