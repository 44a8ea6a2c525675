"""How long calls of the API may take in all: what drips is cut off, however fast the next byte comes."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator

from action.pull_request.trouble import OutOfTime


class CallLimits:
    """The time that is left: for one call with its retries and waits, and for all calls of a task.

    A read's own limit begins anew with each byte. So a timer shuts the connection down when the time is over, which
    ends any read, in the middle of a header, of a TLS handshake or of a body.
    """

    def __init__(self, host: str, seconds: float) -> None:
        self.host = host
        self._seconds = seconds
        self._limits: list[tuple[float, float]] = []
        """The ends of the tasks and calls under way, by the monotonic clock, each with its seconds."""
        self._lock = threading.Lock()
        self._connection: socket.socket | None = None
        self._is_cut = False

    @contextlib.contextmanager
    def task(self, seconds: float) -> Iterator[None]:
        """Give all calls inside a common limit."""
        self._limits.append((time.monotonic() + seconds, seconds))
        try:
            yield
        finally:
            self._limits.pop()

    @contextlib.contextmanager
    def call(self) -> Iterator[None]:
        """Give one call its limit, or what its tasks have left; raises OutOfTime where nothing is left."""
        with self.task(self._seconds):
            self.check()
            timer = threading.Timer(self.left, self._cut)
            timer.daemon = True
            timer.start()
            try:
                yield
            finally:
                timer.cancel()
                with self._lock:
                    self._is_cut = False

    @property
    def left(self) -> float:
        """Return the seconds that are left."""
        return min((end for end, _ in self._limits), default=float("inf")) - time.monotonic()

    def check(self) -> None:
        """Raise OutOfTime where the time is over."""
        if self.left <= 0:
            _, seconds = min(self._limits)
            raise OutOfTime(f"{self.host} did not answer in full within {seconds:g} seconds")

    def watch(self, connection: socket.socket) -> None:
        """Take the connection to shut down: calls come one after the other, so there is one at a time."""
        # A copy: TLS takes the descriptor out of the first object, long before its handshake is over.
        copy = connection.dup()
        with self._lock:
            known, self._connection = self._connection, copy
            if self._is_cut:
                _shut(copy)
        if known is not None:
            known.close()

    def close(self) -> None:
        """Let the connection go."""
        with self._lock:
            known, self._connection = self._connection, None
        if known is not None:
            known.close()

    def _cut(self) -> None:
        with self._lock:
            self._is_cut = True
            if self._connection is not None:
                _shut(self._connection)


def _shut(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):  # the other end was faster
        connection.shutdown(socket.SHUT_RDWR)
