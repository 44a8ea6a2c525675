"""Shows the phases of a run on standard error, and keeps how long each phase took."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
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
    """The phases of a run, which may be nested; not for use from several threads, but for ``beside``."""

    def __init__(
        self,
        stream: TextIO,
        environ: Mapping[str, str],
        *,
        age: float = 0.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Start the clock; show how long the program took to start, unless ``age`` (seconds) is 0."""
        live = None
        if stream.isatty() and environ.get("TERM") != "dumb":
            live = _spinner(stream, color=wants_color(stream, environ))
        self._shown = _Shown(stream, live, clock, clock() - age)
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
        """Show a line."""
        self._shown.line(text)

    def beside(self, label: str) -> Phases:
        """Return the phases of a thread of their own, whose lines begin with a label."""
        return Phases(self._shown, f"{label}: ")


@dataclass(slots=True)
class _Shown:
    """What the phases of all threads share: the stream, the clock and the sums."""

    stream: TextIO
    live: Live | None
    clock: Callable[[], float]
    started: float
    seconds: dict[str, float] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock)

    @property
    def elapsed(self) -> float:
        return self.clock() - self.started

    def ended(self, name: str, took: float, label: str) -> None:
        with self.lock:
            self.seconds[name] = self.seconds.get(name, 0.0) + took
            self.line(f"{label}{name}: {took:.1f} s")

    def line(self, text: str) -> None:
        with self.lock:
            line = f"[{self.elapsed:5.1f}s] {escape.line(text)}"
            if self.live is not None:
                self.live.console.print(Text(line, "dim"), soft_wrap=True)
            else:
                self.stream.write(f"{line}\n")
                self.stream.flush()


class Phases:
    """The phases of one thread, which may be nested."""

    def __init__(self, shown: _Shown, label: str = "") -> None:
        self._shown, self._label = shown, label
        self._open: list[tuple[str, float]] = []
        self._printed_at = shown.started
        self._task: TaskID | None = None

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
        self._show(f"{self._open[-1][0]}: {done} of {total} {noun}", now=done == total)

    def _end(self) -> None:
        name, began = self._open.pop()
        self._shown.ended(name, self._shown.clock() - began, self._label)
        self._printed_at = self._shown.clock()
        live = self._shown.live
        if live is None or self._task is None:
            return
        if self._open:
            live.update(self._task, description=self._described(self._open[-1][0]))
        else:
            live.remove_task(self._task)
            self._task = None
            if not live.task_ids:
                live.stop()

    def _show(self, text: str, *, now: bool) -> None:
        live, clock = self._shown.live, self._shown.clock
        if live is None:
            if now or clock() - self._printed_at >= _PLAIN_INTERVAL:
                self._printed_at = clock()
                self._shown.line(f"{self._label}{text}")
            return
        if self._task is None:
            self._task = live.add_task(self._described(text), total=None)
            live.start()
        live.update(self._task, description=self._described(text))

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
    return Live(*columns, console=console, transient=True, redirect_stdout=False, redirect_stderr=False)
