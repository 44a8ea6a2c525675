"""Runs the program in a child process, passes signals on to it, and clears up after it."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from action.probe.orphans import adopt_orphans, end_children, end_with_parent
from action.supervisor.notes import Notes, kept, tell_through
from action.supervisor.run_folder import delete
from action.supervisor.signals import STOPPED, stopping

_PATIENCE = 60
"""Seconds in which a run must end after a signal; then it is killed, and its parent clears up."""
Ending = Callable[[Notes], list[str]]
"""Ends servers and drops databases of a run that did not, and returns the names of those that stay."""


def supervised(run: Callable[[], int], ending: Ending) -> int:
    """Return the exit code of ``run``, which happens in a child process; nothing that it started is left then.

    Signals have to be held; ``run`` lets them through when it can answer them.
    """
    adopt_orphans()
    reading, writing = os.pipe()
    us = os.getpid()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        tell_through(writing)
        _leave(_alone(run, us))
    os.close(writing)
    return _Parent(pid, reading).watch(ending)


def _alone(run: Callable[[], int], parent: int) -> int:
    """Run as the child; where the parent is killed, end what it would have ended."""
    adopt_orphans()
    end_with_parent(signal.SIGTERM)
    if os.getppid() != parent:  # it ended before the kernel knew
        os.kill(os.getpid(), signal.SIGTERM)
    try:
        return run()
    finally:
        if os.getppid() != parent:
            end_children(spared=kept())


def _leave(code: int) -> NoReturn:
    """End this process at once: Python would take the memory of a run apart first, and the job waits for that."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError, AttributeError):
            stream.flush()
    os._exit(code)


class _Parent:
    """The parent of a run."""

    def __init__(self, run: int, reading: int) -> None:
        self._run, self._reading = run, reading
        self._notes = Notes()
        self._deadline: float | None = None
        self._status: int | None = None

    def watch(self, ending: Ending) -> int:
        """Follow the run to its end, and clear up."""
        numbers = stopping()
        for number in numbers:
            signal.signal(number, self._pass_on)
        signal.signal(signal.SIGCHLD, self._reap)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, numbers)
        with os.fdopen(self._reading, "rb") as lines:
            for line in lines:
                self._notes.take(line)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        status = self._status if self._status is not None else os.waitpid(self._run, 0)[1]
        signal.setitimer(signal.ITIMER_REAL, 0)
        code = os.waitstatus_to_exitcode(status)
        self._say(code, self._cleared_up(ending))
        return code if code >= 0 else 128 - code

    def _reap(self, *_: object) -> None:
        # Orphans become our children, and would stay as zombies.
        with contextlib.suppress(ChildProcessError):
            while (ended := os.waitpid(-1, os.WNOHANG))[0]:
                self._status = ended[1] if ended[0] == self._run else self._status

    def _pass_on(self, number: int, _: object) -> None:
        # Whatever the signal: the run answers all of them by ending. It ignores those after the first.
        now = time.monotonic()
        if self._deadline is None:
            self._deadline = now + _PATIENCE
            signal.setitimer(signal.ITIMER_REAL, _PATIENCE)
        self._send(signal.SIGTERM if now < self._deadline else signal.SIGKILL)

    def _send(self, number: int) -> None:
        if self._status is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._run, number)

    def _cleared_up(self, ending: Ending) -> list[str]:
        """End and remove what the run has left, and return the names of what could not be removed."""
        left = ending(self._notes)
        left += [f"process {pid}" for pid in end_children(self._notes.kept)]
        return left + [f"the folder {name}" for name in self._notes.folders if not delete(Path(name))]

    def _say(self, code: int, left: list[str]) -> None:
        stopped = "Stopped by a signal." if code == STOPPED else ""
        if code < 0:
            stopped = f"alembic-checks was killed ({_name(-code)})."
        if left:
            text = f"{stopped} These could not be removed: {', '.join(left)}. Remove them by hand."
        elif stopped:
            text = f"{stopped} Every server and process of this run has ended."
        else:
            return
        with contextlib.suppress(OSError, ValueError, AttributeError):
            print(text.strip(), file=sys.stderr, flush=True)


def _name(number: int) -> str:
    known = {int(one): one.name for one in signal.Signals}
    return known.get(number, f"signal {number}")
