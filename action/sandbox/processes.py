"""Ends everything that runs as a user who exists only for this program, and proves that it is gone."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from action.sandbox.user import User

_GONE_WITHIN = 10.0
"""Seconds in which killed processes must be gone."""
_POLL = 0.002
_NOBODY = 47_115
"""A user number that no account has, next to those of the image."""
_KILL = """
import os, signal, sys
user, nobody = map(int, sys.argv[1:])
os.setgroups([])
os.setresgid(nobody, nobody, nobody)
os.setresuid(nobody, user, nobody)
try:
    os.kill(-1, signal.SIGKILL)
except ProcessLookupError:
    pass
"""
"""Signals as the user, who cannot signal, stop or trace it: its real user is another one (man 2 kill)."""


def end_all(user: User) -> bool:
    """End every process of a user, in whatever session, and return whether all are gone; leave the current user's."""
    deadline = time.monotonic() + _GONE_WITHIN
    while user.is_another:
        # Processes that fork all the time are missed by any list. The kernel kills all at once, and lets none of them
        # fork from then on, so what is not in a list made afterwards is gone.
        killed = _killed_at_once(user)
        left = list(running(user))
        if killed and not left:
            return True
        if time.monotonic() > deadline:
            return False
        if not killed:
            _kill(left)
        time.sleep(_POLL)
    return True


def running(user: User) -> Iterator[int]:
    """Yield the processes that run as a user, on Linux; one that has ended and waits for its parent does not run."""
    for status in Path("/proc").glob("[0-9]*/status"):
        with contextlib.suppress(OSError):
            lines = dict(
                line.split(":\t", 1) for line in status.read_text(errors="replace").splitlines() if ":\t" in line
            )
            has_ended = lines["State"].startswith(("Z", "X")) and lines["Threads"] in (
                "0",
                "1",
            )  # else its first thread
            if str(user.uid) in lines["Uid"].split("\t") and not has_ended:
                yield int(status.parent.name)


def _killed_at_once(user: User) -> bool:
    command = [sys.executable, "-I", "-S", "-c", _KILL, str(user.uid), str(_NOBODY)]
    try:
        subprocess.run(command, cwd="/", env={}, stdin=subprocess.DEVNULL, capture_output=True, check=True)
    except (OSError, subprocess.SubprocessError):
        return False  # there is no room for one more process
    return True


def _kill(pids: list[int]) -> None:
    # Stopped first: what is killed one by one makes room for what the others fork.
    for number in (signal.SIGSTOP, signal.SIGKILL):
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
