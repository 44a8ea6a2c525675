"""Ends everything that runs as a user who exists only for this program, and proves that it is gone."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from action.sandbox.user import User

_GONE_WITHIN = 10.0
"""Seconds in which killed processes must be gone."""
_POLL = 0.002


def end_all(user: User) -> list[int]:
    """End every process of a user, in whatever session, and return those that stay; do nothing for the current user."""
    deadline = time.monotonic() + _GONE_WITHIN
    while user.is_another and (left := list(running(user))):
        if time.monotonic() > deadline:
            return left
        if not _killed_at_once(user):
            _kill(left)
        time.sleep(_POLL)
    return []


def running(user: User) -> Iterator[int]:
    """Yield the processes that run as a user, on Linux; one that has ended and waits for its parent does not run."""
    for status in Path("/proc").glob("[0-9]*/status"):
        with contextlib.suppress(OSError):
            lines = dict(
                line.split(":\t", 1) for line in status.read_text(errors="replace").splitlines() if ":\t" in line
            )
            if str(user.uid) in lines["Uid"].split("\t") and not lines["State"].startswith(("Z", "X")):
                yield int(status.parent.name)


def _killed_at_once(user: User) -> bool:
    """Have the user itself end all of its processes at once: the kernel lets none of them fork meanwhile."""
    try:
        user.shell("kill -KILL -1")
    except (OSError, subprocess.SubprocessError):
        return False  # there is no room for one more process
    return True


def _kill(pids: list[int]) -> None:
    # Stopped first: what is killed one by one makes room for what the others fork.
    for number in (signal.SIGSTOP, signal.SIGKILL):
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
