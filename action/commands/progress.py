"""Shows the phases of a run where someone waits for it, and keeps how long each phase took."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from rich.text import Text

from action.commands.live_line import LiveLine
from action.reports import escape

_PLAIN_INTERVAL, _FEW_INTERVAL = 2.0, 10.0
"""Seconds between two lines of the same phase on a stream that cannot be redrawn, with all times and without."""


class Progress:
    """The phases of a run, which may be nested; not for use from several threads, but for ``beside``.

    A terminal has one line, which is redrawn and goes at the end. A file or pipe has a line for each phase. With
    ``times``, each phase has its seconds as well.
    """

    def __init__(
        self,
        stream: TextIO,
        environ: Mapping[str, str],
        *,
        age: float = 0.0,
        times: bool = True,
        group: Fold | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Start the clock; show how long the program took to start, unless ``age`` (seconds) is 0."""
        is_drawn = group is None and stream.isatty() and environ.get("TERM") != "dumb"
        live = LiveLine(stream, environ) if is_drawn else None
        self._shown = _Shown(stream, live, clock, clock() - age, times, group)
        self._main = Phases(self._shown)
        if age:
            self._shown.ended("starting", age, "")

    @property
    def seconds(self) -> dict[str, float]:
        """Return the wall time of each phase; the times of a phase that ran twice are added up."""
        return self._shown.seconds

    @property
    def elapsed(self) -> float:
        """Return the seconds since the start."""
        return self._shown.elapsed

    def phase(self, name: str) -> AbstractContextManager[None]:
        """Show a phase while the block runs, and add its seconds to ``seconds``."""
        return self._main.phase(name)

    def advance(self, done: int, total: int, noun: str) -> None:
        """Show how far the current phase is, such as ``12 of 53 revisions``."""
        self._main.advance(done, total, noun)

    def say(self, text: str) -> None:
        """Show a line beside the times; the report has what everybody has to know."""
        if self._shown.times:
            self._shown.line(text)

    def beside(self, label: str) -> Phases:
        """Return the phases of a thread of their own, whose lines begin with a label."""
        return Phases(self._shown, f"{label}: ")

    def settle(self) -> None:
        """End what is drawn or folded: what is printed next is no progress."""
        self._shown.settle()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fold:
    """A fold of the log that holds the lines: what opens it before the first one, and what closes it."""

    open: Callable[[], None]
    close: Callable[[], None]


@dataclass(slots=True)
class _Shown:
    """What the phases of all threads share: the stream, the clock and the sums."""

    stream: TextIO
    live: LiveLine | None
    clock: Callable[[], float]
    started: float
    times: bool
    group: Fold | None
    is_open: bool = False
    seconds: dict[str, float] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock)

    @property
    def elapsed(self) -> float:
        return self.clock() - self.started

    def ended(self, name: str, took: float, label: str) -> None:
        with self.lock:
            self.seconds[name] = self.seconds.get(name, 0.0) + took
            if self.times:
                self.line(f"{label}{name}: {took:.1f} s")

    def line(self, text: str) -> None:
        with self.lock:
            line = f"[{self.elapsed:5.1f}s] {escape.line(text)}"
            if self.live is not None:
                self.live.above(Text(line, "dim"))
                return
            if self.group is not None and not self.is_open:
                self.is_open = True
                self.group.open()
            self.stream.write(f"{line}\n")
            self.stream.flush()

    def settle(self) -> None:
        with self.lock:
            if self.live is not None:
                self.live.stop()
            if self.group is not None and self.is_open:
                self.is_open = False
                self.group.close()


class Phases:
    """The phases of one thread, which may be nested."""

    def __init__(self, shown: _Shown, label: str = "") -> None:
        self._shown, self._label = shown, label
        self._open: list[tuple[str, float]] = []
        self._printed_at = shown.started

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Show a phase while the block runs, and add its seconds to those of the run."""
        self._open.append((name, self._shown.clock()))
        self._show(name, now=True)
        try:
            yield
        finally:
            self._end()

    def advance(self, done: int, total: int, noun: str) -> None:
        """Show how far the current phase is, such as ``12 of 53 revisions``."""
        self._show(f"{self._open[-1][0]}: {done} of {total} {noun}", now=self._shown.times and done == total)

    def _end(self) -> None:
        name, began = self._open.pop()
        live = self._shown.live
        if live is not None:
            live.show(self, self._described(self._open[-1][0]) if self._open else "")
        self._shown.ended(name, self._shown.clock() - began, self._label)
        self._printed_at = self._shown.clock()

    def _show(self, text: str, *, now: bool) -> None:
        live, clock = self._shown.live, self._shown.clock
        if live is not None:
            live.show(self, self._described(text))
        elif now or clock() - self._printed_at >= (_PLAIN_INTERVAL if self._shown.times else _FEW_INTERVAL):
            self._printed_at = clock()
            self._shown.line(f"{self._label}{text}")

    def _described(self, text: str) -> str:
        return escape.line(f"{self._label}{text}")


def age_of_this_process() -> float:
    """Return the age of this process in seconds, to a hundredth; 0 where the system does not provide it."""
    try:
        # Everything after the name, which may hold spaces; the 22nd field of all is the start (man 5 proc).
        fields = Path("/proc/self/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
        return time.clock_gettime(time.CLOCK_BOOTTIME) - int(fields[19]) / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError, AttributeError):
        return 0.0
