"""Shows the phases of a run on standard error, and keeps how long each phase took."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from rich.console import Console
from rich.progress import Progress as Live
from rich.progress import SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.text import Text

from action.reports import escape
from action.reports.terminal import wants_color

_PLAIN_INTERVAL = 2.0
"""Seconds between two lines of the same phase on a stream that cannot be redrawn."""


class Progress:
    """The phases of a run, which may be nested; not for use from several threads."""

    def __init__(
        self,
        stream: TextIO,
        environ: Mapping[str, str],
        *,
        age: float = 0.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Start the clock; show how long the program took to start, unless ``age`` (seconds) is 0."""
        self.seconds: dict[str, float] = {}
        """Wall time of each phase; the times of a phase that ran twice are added up."""
        self._clock = clock
        self._started = clock() - age
        self._stream = stream
        self._open: list[tuple[str, float]] = []
        self._printed_at = self._started
        self._live: Live | None = None
        self._task = TaskID(0)
        if stream.isatty() and environ.get("TERM") != "dumb":
            self._live = _spinner(stream, color=wants_color(stream, environ))
        if age:
            self._ended("starting", age)

    @property
    def elapsed(self) -> float:
        """Return the seconds since the start."""
        return self._clock() - self._started

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Show a phase while the block runs, and add its seconds to ``seconds``."""
        self.begin(name)
        try:
            yield
        finally:
            self.end()

    def begin(self, name: str) -> None:
        """Begin a phase."""
        self._open.append((name, self._clock()))
        self._show(name, now=True)

    def advance(self, done: int, total: int, noun: str) -> None:
        """Show how far the current phase is, such as ``12 of 53 revisions``."""
        self._show(f"{self._open[-1][0]}: {done} of {total} {noun}", now=done == total)

    def say(self, text: str) -> None:
        """Show a line."""
        self._print(text)

    def end(self) -> None:
        """End the current phase."""
        name, began = self._open.pop()
        self._ended(name, self._clock() - began)
        if self._live is not None and not self._open:
            self._live.stop()
        elif self._live is not None:
            self._live.update(self._task, description=escape.line(self._open[-1][0]))

    def _ended(self, name: str, took: float) -> None:
        self.seconds[name] = self.seconds.get(name, 0.0) + took
        self._print(f"{name}: {took:.1f} s")

    def _show(self, text: str, *, now: bool) -> None:
        if self._live is not None:
            if not self._live.live.is_started:
                self._live.start()
            self._live.update(self._task, description=escape.line(text))
        elif now or self._clock() - self._printed_at >= _PLAIN_INTERVAL:
            self._print(text)

    def _print(self, text: str) -> None:
        self._printed_at = self._clock()
        line = f"[{self.elapsed:5.1f}s] {escape.line(text)}"
        if self._live is not None:
            self._live.console.print(Text(line, "dim"), soft_wrap=True)
        else:
            self._stream.write(f"{line}\n")
            self._stream.flush()


def age_of_this_process() -> float:
    """Return the age of this process in seconds, to a hundredth; 0 where the system does not provide it."""
    try:
        # Everything after the name, which may hold spaces; the 22nd field of all is the start (man 5 proc).
        fields = Path("/proc/self/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
        return time.clock_gettime(time.CLOCK_BOOTTIME) - int(fields[19]) / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError, AttributeError):
        return 0.0


def _spinner(stream: TextIO, *, color: bool) -> Live:
    console = Console(
        file=stream,
        force_terminal=True,
        no_color=not color,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
    )
    dots = "dots" if console.encoding.startswith("utf") else "line"
    columns = (SpinnerColumn(dots), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
    live = Live(*columns, console=console, transient=True, redirect_stdout=False, redirect_stderr=False)
    live.add_task("", total=None)
    return live
