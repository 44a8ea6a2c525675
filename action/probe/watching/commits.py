"""Counts what the server has committed, and ends the process after one of the commits, as a deploy dies half-way."""

from __future__ import annotations

import os
import re
import sys
from typing import Any, Optional

from ..protocol.wire import Wire

ENDS = re.compile(r"\s*(COMMIT|END)\b", re.IGNORECASE)
_GOES_BACK = re.compile(r"\s*(ROLLBACK|ABORT)\b", re.IGNORECASE)


class Commits:
    """The commits of one leg, on all of its connections."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._stop_after = self._count = 0
        self._is_due = False

    def begin(self, stop_after: int) -> None:
        """Count from now on, and end the process after so many; 0 for never."""
        self._stop_after, self._count, self._is_due = stop_after, 0, False

    def in_autocommit(self, cursor: Any) -> None:
        """Count a statement that came back, and that is a transaction of its own."""
        self._count += 1
        if self._count == self._stop_after:
            self._is_due = is_idle(cursor) is False  # SQLAlchemy 1.x commits it only now
            if not self._is_due:
                self._stop()

    def of_transaction(self, connection: Any, number: Optional[int], *, done: bool) -> None:
        """Count the commit of a transaction that has a number; ``done`` where the server has acknowledged it."""
        self._count += number is not None
        if self._is_due or (number is not None and self._count == self._stop_after):
            if not done:
                connection.engine.dialect.do_commit(connection.connection)
            self._stop()

    def _stop(self) -> None:
        """End the process with every connection that it has: the server rolls back what is open."""
        self._wire.stopped()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)


def ends_transaction(sql: str, cursor: Any) -> bool:
    """Tell whether a statement that came back has committed the transaction that it was sent in."""
    return bool(ENDS.match(sql)) or (is_idle(cursor) is True and not _GOES_BACK.match(sql))


def is_idle(cursor: Any) -> Optional[bool]:
    """Tell whether the driver knows its connection to be in no transaction; None where it does not say."""
    connection = getattr(cursor, "_adapt_connection", None) or getattr(cursor, "connection", None)
    raw: Any = getattr(connection, "_connection", connection)
    try:
        if hasattr(raw, "is_in_transaction"):  # asyncpg
            return not raw.is_in_transaction()
        if hasattr(raw, "_transaction_status"):  # pg8000
            return bool(raw._transaction_status == b"I")
        return int(raw.info.transaction_status) == 0  # psycopg2 and psycopg
    except Exception:
        return None


def in_autocommit(cursor: Any) -> bool:
    """Tell whether a statement on this cursor is its own transaction, for every driver."""
    connection = getattr(cursor, "connection", None) or getattr(cursor, "_adapt_connection", None)
    if getattr(connection, "autocommit", False) is True:
        return True
    return getattr(connection, "isolation_level", None) == "autocommit"
