"""The project's processes that run now, so that all of them can be ended from another thread than waits for them."""

from __future__ import annotations

from typing import Protocol


class Interruptible(Protocol):
    """A process that somebody may be waiting for."""

    def interrupt(self) -> None:
        """End the process, and leave everything else to whoever waits for it."""


class LiveProcesses:
    """The processes of a run; shared by its threads."""

    def __init__(self) -> None:
        self._live: set[Interruptible] = set()
        self._is_over = False

    def add(self, process: Interruptible) -> None:
        """Take note of a process that was started; end it at once where all were to end."""
        self._live.add(process)
        if self._is_over:
            process.interrupt()

    def remove(self, process: Interruptible) -> None:
        """Forget a process that has ended."""
        self._live.discard(process)

    def interrupt(self) -> None:
        """End all of them, and each that is started from now on."""
        self._is_over = True
        for process in tuple(self._live):
            process.interrupt()
