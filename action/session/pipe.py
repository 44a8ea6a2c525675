"""Lines to and from the probe: with a deadline, and with a limit on how much it may say."""

from __future__ import annotations

import os
import selectors
import time
from collections.abc import Callable
from dataclasses import dataclass

from action.session.conversation import Malformed

LINE_LIMIT = 32 << 20
"""Bytes of one event; the models of 1000 tables take some 2 MiB."""
TOTAL_LIMIT = 512 << 20
"""Bytes of all events that answer one request; what they say is kept in memory."""
MOST_LINES = 2_000_000
"""Events of a whole run; those of one statement take some 1 KB of memory."""
MOST_BYTES = 1 << 30
"""Bytes of them."""
SILENCE = 2.0
"""Seconds."""
_CHUNK = 1 << 16


class Late(Exception):
    """The deadline passed first."""


class Closed(Exception):
    """The other end was closed first."""


class TooMuch(Exception):
    """A run has reported more than is kept in memory; ``str(error)`` says how much that is."""


@dataclass(slots=True)
class Heard:
    """What all probes of a run have said so far."""

    lines: int = 0
    size: int = 0

    def add(self, size: int) -> None:
        """Count a line; raises TooMuch."""
        self.lines += 1
        self.size += size
        if self.lines > MOST_LINES or self.size > MOST_BYTES:
            raise TooMuch(f"{MOST_LINES} events or {MOST_BYTES >> 20} MB")


class Pipe:
    """Our ends of the two pipes; ``close`` them."""

    def __init__(
        self,
        read_fd: int,
        write_fd: int,
        *,
        line_limit: int = LINE_LIMIT,
        total_limit: int = TOTAL_LIMIT,
        heard: Heard | None = None,
    ) -> None:
        self._heard = heard or Heard()
        self._read_fd, self._write_fd = read_fd, write_fd
        self._line_limit, self._total_limit = line_limit, total_limit
        # A probe that does not read must not hold us up.
        os.set_blocking(write_fd, False)
        self._readable, self._writable = selectors.DefaultSelector(), selectors.DefaultSelector()
        self._readable.register(read_fd, selectors.EVENT_READ)
        self._writable.register(write_fd, selectors.EVENT_WRITE)
        self._buffer = bytearray()
        self._scanned = self._taken = 0
        self.gives_up: Callable[[], bool] | None = None
        """Asked after each ``SILENCE`` in which nothing comes: whether to wait no longer."""

    def begin(self) -> None:
        """Count anew: another request is answered now."""
        self._taken = 0

    def send(self, data: bytes, deadline: float) -> None:
        """Write all of the data; raises Late, and BrokenPipeError."""
        rest = memoryview(data)
        while rest:
            self._wait(self._writable, deadline)
            rest = rest[os.write(self._write_fd, rest[:_CHUNK]) :]

    def line(self, deadline: float) -> bytes:
        """Return the next line; raises Late, Closed, and Malformed or TooMuch when there is too much of it."""
        if time.monotonic() >= deadline:
            raise Late  # what is there already also takes time: an event may be worth seconds of work
        while (end := self._buffer.find(b"\n", self._scanned)) < 0:
            self._scanned = len(self._buffer)
            if self._scanned > self._line_limit or self._taken > self._total_limit:
                raise Malformed
            self._wait(self._readable, deadline)
            data = os.read(self._read_fd, _CHUNK)
            if not data:
                raise Closed
            self._buffer += data
            self._taken += len(data)
        line = bytes(self._buffer[:end])
        self._heard.add(len(line))
        del self._buffer[: end + 1]
        self._scanned = 0
        return line

    def _wait(self, selector: selectors.BaseSelector, deadline: float) -> None:
        # One that never stops talking is late as well.
        while (left := deadline - time.monotonic()) > 0:
            if selector.select(left if self.gives_up is None else min(left, SILENCE)):
                return
            if self.gives_up is not None and self.gives_up():
                break
        raise Late

    def close(self) -> None:
        """Close both ends."""
        for selector in (self._readable, self._writable):
            selector.close()
        os.close(self._read_fd)
        os.close(self._write_fd)
