"""Standard streams that cannot fail: a text that its encoding lacks degrades, and what nobody takes is left out.

The exit code of a run is its verdict's, whoever reads what it prints.
"""

from __future__ import annotations

import codecs
import errno
import io
import os
import select
import sys
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from typing_extensions import Buffer

STDIN, STDOUT, STDERR = 0, 1, 2
DEGRADED = "alembic-checks-degraded"
"""The way to encode a text: characters that are missing are replaced by plain ones."""
_ASCII = {
    "─": "-",
    "│": "|",
    "·": "-",
    "…": "...",
    "\N{EN DASH}": "-",
    "\N{EM DASH}": "-",
    "\N{NO-BREAK SPACE}": " ",
    "\N{LEFT DOUBLE QUOTATION MARK}": '"',
    "\N{RIGHT DOUBLE QUOTATION MARK}": '"',
    "\N{LEFT SINGLE QUOTATION MARK}": "'",
    "\N{RIGHT SINGLE QUOTATION MARK}": "'",
    "\N{WHITE HEAVY CHECK MARK}": "OK",
    "\N{CROSS MARK}": "X",
    "\N{WARNING SIGN}": "!",
    "\N{VARIATION SELECTOR-16}": "",
}
"""What is shown where the encoding of a stream lacks one of our own characters; others become ``\\u1234``."""
_given: frozenset[int] | None = None


def prepare() -> None:
    """Make the standard streams ones that cannot fail. Call this before anything else is opened.

    A number that is closed is opened on /dev/null: a file that is opened later would get it, and all that is printed.
    """
    global _given
    _given = frozenset(filter(_is_open, _numbers()))
    for number in (STDIN, STDOUT, STDERR):
        if number not in _given:
            _fill(number)
    if sys.stdout is None or sys.stdout is sys.__stdout__:
        sys.stdout = sys.__stdout__ = _lasting(sys.stdout, STDOUT)  # type: ignore[misc]
    if sys.stderr is None or sys.stderr is sys.__stderr__:
        sys.stderr = sys.__stderr__ = _lasting(sys.stderr, STDERR)  # type: ignore[misc]


def was_given(number: int) -> bool:
    """Return whether a descriptor is open, and was already when the program started: a later one is our own."""
    return _is_open(number) and (_given is None or number in _given)


def write_all(descriptor: int, data: Buffer, patience: float | None = None) -> None:
    """Write all of the data, also where the descriptor is non-blocking; raises OSError.

    Waits for ``patience`` seconds at most until any more of it is taken.
    """
    rest = memoryview(data)
    while rest:
        try:
            rest = rest[os.write(descriptor, rest) :]
        except BlockingIOError:
            _wait(descriptor, patience)


class Descriptor(io.RawIOBase):
    """A descriptor that all of a text is written to; closed with this."""

    def __init__(self, number: int, patience: float | None = None) -> None:
        self._number, self._patience = number, patience

    def fileno(self) -> int:
        """Return the number."""
        return self._number

    def isatty(self) -> bool:
        """Return whether it is a terminal."""
        return os.isatty(self._number)

    def writable(self) -> bool:
        """Return True."""
        return True

    def write(self, data: Buffer) -> int:
        """Write all of the data."""
        view = memoryview(data)
        write_all(self._number, view, self._patience)
        return view.nbytes

    def close(self) -> None:
        """Close it."""
        if not self.closed:
            super().close()
            os.close(self._number)


class _Lasting(Descriptor):
    """A standard stream; it takes everything, and passes on what is wanted."""

    _ended = False

    def write(self, data: Buffer) -> int:
        if not self._ended:
            try:
                return super().write(data)
            except OSError:  # the reader has gone, the terminal has hung up, the disk is full
                self._ended = True
        return memoryview(data).nbytes

    def close(self) -> None:
        """Keep the number: it is the whole process's."""


def _lasting(stream: TextIO | None, number: int) -> io.TextIOWrapper:
    encoding = getattr(stream, "encoding", None) or "utf-8"
    by_line = number == STDERR or os.isatty(number) or bool(getattr(stream, "line_buffering", False))
    if stream is not None:
        stream.flush()
    buffer = io.BufferedWriter(_Lasting(number))
    at_once = bool(getattr(stream, "write_through", False))
    return io.TextIOWrapper(buffer, encoding, DEGRADED, line_buffering=by_line, write_through=at_once)


def _degraded(error: UnicodeError) -> tuple[str, int]:
    """Return plain characters in place of those that an encoding lacks."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    characters = error.object[error.start : error.end]
    shown = (_ASCII.get(one, one.encode("ascii", "backslashreplace").decode("ascii")) for one in characters)
    return "".join(shown), error.end


def _wait(descriptor: int, patience: float | None) -> None:
    poll = select.poll()
    poll.register(descriptor, select.POLLOUT)
    if not poll.poll(None if patience is None else patience * 1000):
        raise TimeoutError(errno.ETIMEDOUT, "Its reader has stopped reading")


def _numbers() -> list[int]:
    try:
        return [int(name) for name in os.listdir("/dev/fd")]  # noqa: PTH208 - names alone
    except OSError:
        return list(range(256))


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


def _fill(number: int) -> None:
    opened = os.open(os.devnull, os.O_RDWR)
    if opened != number:
        os.dup2(opened, number)
        os.close(opened)
    os.set_inheritable(number, True)


codecs.register_error(DEGRADED, _degraded)
