"""Limits for every connection of ours: on the time to connect, on the time and the size of each answer.

psycopg2 hands the waiting over to ``wait``: libpq itself would wait for a frozen server without an end, and keep
whatever a fake one sends. A connection whose limit is exceeded is closed; nothing more is asked of it.
"""

from __future__ import annotations

import math
import os
import select
import socket
import struct
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from threading import Event, Timer
from typing import Any

import psycopg2
from psycopg2 import extensions, sql
from psycopg2.extras import wait_select

from action.allowance import UNLIMITED, Allowance
from action.supervisor.signals import STOP

CONNECT_WITHIN = 10.0
"""Seconds."""
LONGEST_QUERY = 300.0
"""Seconds; a server of ours ends it itself by then."""
SHORTEST_QUERY = 20.0
"""Seconds that a query may take where the user's ``timeout`` is less: the server may be slow, our query is not."""
_LATER = 5.0
"""Seconds that the server gets to tell us that it ended a query itself."""
_AFTER_SILENCE = 2.0
"""Seconds to wait for a server that did not answer the last time."""
_AT_THE_END = 30.0
"""Seconds for a query of the clean-up: dropping a database takes a checkpoint of the server's."""
_AFTER_A_STOP = 5.0
"""Seconds to wait when a signal has asked the run to stop."""
LARGEST_ANSWER = 64 << 20
"""Bytes; the schema of 1500 tables takes some 2 MB."""
MOST_ROWS = 1_000_000
"""Rows of one answer: an empty one takes a hundred times the memory that it has bytes."""
_SMALL = 2
"""Waits after which an answer is measured; most have come by then, and libpq has read no more than its first buffer."""
_RECEIVED = struct.Struct("Q")
_RECEIVED_AT, _TCP_INFO_SIZE = 128, 136
"""tcpi_bytes_received in Linux's struct tcp_info (include/uapi/linux/tcp.h), since Linux 4.1."""
_ENDS = ("FATAL", "PANIC")
_EVENTS = {extensions.POLL_READ: select.POLLIN, extensions.POLL_WRITE: select.POLLOUT}


class LimitError(psycopg2.OperationalError):
    """A limit of ours was exceeded; the connection is closed, or will be."""


class NoAnswerError(LimitError):
    """The server did not answer in time."""


class AnswerTooLargeError(LimitError):
    """The server sent more than is kept in memory."""


class LostError(psycopg2.OperationalError):
    """The connection was lost while a query ran."""


@dataclass(slots=True)
class Bounds:
    """What our connections to one server wait for; shared by all of them."""

    query: float = SHORTEST_QUERY
    """Seconds in which the server ends a query itself, where we can have it do so; few until the run is known."""
    allowance: Allowance = UNLIMITED
    """The time of the whole run."""
    silent: bool = False
    """Whether the server did not answer the last time."""

    def set(self, timeout: float, allowance: Allowance) -> None:
        """Derive the limits from the user's ``timeout`` for a migration run."""
        self.query = min(LONGEST_QUERY, max(SHORTEST_QUERY, timeout))
        self.allowance = allowance

    def hurry(self) -> None:
        """Wait less from now on, because only the clean-up is left."""
        self.query = min(self.query, _AT_THE_END)

    def seconds(self, usual: float) -> float:
        """Return how long to wait for an answer that usually may take so long; not long in a run that shall stop."""
        if self.silent:
            return min(_AFTER_SILENCE, usual)
        return min(_AFTER_A_STOP, usual) if STOP.is_asked else self.allowance.at_most(usual)


class Bounded(extensions.connection):
    """A connection whose answers are waited for within bounds."""

    def __init__(self, dsn: str, bounds: Bounds, *, of_run: bool) -> None:
        """Connect; ``of_run``: only as long as the run may take, so not for the clean-up."""
        self.bounds, self.of_run = bounds, of_run
        self.made = False
        self.until = math.inf
        """The time (``time.monotonic()``) that takes the place of the usual limit of a query."""
        super().__init__(dsn)
        self.made = True

    def seconds(self) -> float:
        """Return how long to wait now; raise TimeIsUpError at the end of the run."""
        if self.of_run:
            self.bounds.allowance.check()
        if self.until < math.inf:
            return self.bounds.seconds(max(0.0, self.until - time.monotonic()))
        return self.bounds.seconds(self.bounds.query + _LATER if self.made else CONNECT_WITHIN)

    def late(self, seconds: float) -> NoAnswerError:
        """Return the error of a server that did not answer in time; raise TimeIsUpError at the end of the run."""
        if self.of_run:
            self.bounds.allowance.check()
        self.bounds.silent = True
        return NoAnswerError(f"PostgreSQL did not answer within {max(1.0, seconds):.0f} seconds")

    @contextmanager
    def cut_off(self) -> Iterator[None]:
        """Let libpq wait itself, as COPY has it, and cut the connection when it is late; for one thread at a time."""
        seconds, cut = self.seconds(), Event()
        with socket.socket(fileno=os.dup(self.fileno())) as line:

            def end() -> None:
                cut.set()
                with suppress(OSError):
                    line.shutdown(socket.SHUT_RDWR)

            timer = Timer(seconds, end)
            timer.daemon = True
            timer.start()
            extensions.set_wait_callback(None)
            try:
                yield
            except psycopg2.Error:
                if cut.is_set():
                    raise self.late(seconds) from None
                raise
            finally:
                extensions.set_wait_callback(wait)
                timer.cancel()
                timer.join()


class BoundedCursor(extensions.cursor):
    """A cursor that does not make objects of any number of rows."""

    def execute(
        self,
        query: str | bytes | sql.Composable,
        values: Sequence[object] | Mapping[str, object] | None = None,
    ) -> None:
        """Run a query; raises LostError for a connection that ends meanwhile, unless the server gives a SQLSTATE."""
        try:
            super().execute(query, values)
        except LimitError:
            raise
        except psycopg2.Error as error:
            # libpq notices that the server has ended it at once, or only when it next waits for an answer.
            if error.diag.severity_nonlocalized in _ENDS:
                self.connection.close()
            elif self.connection.closed and error.pgcode is None:
                raise LostError(str(error)) from error
            raise

    def fetchall(self) -> list[tuple[Any, ...]]:
        """Return all rows; raises AnswerTooLargeError."""
        if self.rowcount > MOST_ROWS:
            raise AnswerTooLargeError(f"PostgreSQL sent more than {MOST_ROWS} rows")
        return super().fetchall()


def wait(connection: extensions.connection) -> None:
    """Wait until what libpq has begun is done; raises NoAnswerError, AnswerTooLargeError, TimeIsUpError."""
    if not isinstance(connection, Bounded):
        wait_select(connection)
        return
    seconds = connection.seconds()
    deadline = time.monotonic() + seconds
    state, waits, received = connection.poll(), 0, None
    try:
        while state != extensions.POLL_OK:
            left = deadline - time.monotonic()
            poll = select.poll()
            poll.register(connection.fileno(), _EVENTS[state])
            if left <= 0 or not poll.poll(left * 1000):
                raise connection.late(seconds)
            waits += 1
            if waits == _SMALL:
                received = Received(connection.fileno())
            state = connection.poll()
            if received is not None and received.is_too_much():
                raise AnswerTooLargeError(f"PostgreSQL sent more than {LARGEST_ANSWER >> 20} MB in one answer")
    finally:
        if received is not None:
            received.close()
    connection.bounds.silent = False


class Received:
    """The bytes that came over a connection since now; not counted where the system does not tell."""

    def __init__(self, descriptor: int) -> None:
        """Start with a copy of the descriptor."""
        self._socket = socket.socket(fileno=os.dup(descriptor))
        self._before = self._count()

    def _count(self) -> int:
        if sys.platform != "linux":
            return 0
        info = self._socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _TCP_INFO_SIZE)
        return int(_RECEIVED.unpack_from(info, _RECEIVED_AT)[0]) if len(info) >= _TCP_INFO_SIZE else 0

    def is_too_much(self) -> bool:
        """Tell whether it is more than is kept in memory."""
        return self._count() - self._before > LARGEST_ANSWER

    def close(self) -> None:
        """Close the copy of the descriptor."""
        self._socket.close()


extensions.set_wait_callback(wait)
