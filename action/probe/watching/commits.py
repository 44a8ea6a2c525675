"""Counts what the server has committed, and ends the process after one of the commits, as a deploy dies half-way."""

from __future__ import annotations

import os
import sys
from typing import Any, Optional

from ..protocol.wire import Wire
from .endings import connection_of, is_idle


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
            self._is_due = is_idle(connection_of(cursor)) is False  # SQLAlchemy 1.x commits it only now
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
