"""Ends the processes that a leg has started and left, in whatever session, once the leg has ended.

On Linux, a subreaper (man 2 prctl) becomes the parent of every descendant whose own parent has ended.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from typing import Collection, Iterator, List

_SET_DEATH_SIGNAL, _SET_SUBREAPER = 1, 36
_WITHIN = 5.0
"""Seconds."""


def adopt() -> None:
    """Become the parent of our descendants' orphans, where the system has such a thing."""
    _prctl(_SET_SUBREAPER, 1)


def end_with_parent() -> None:
    """Have the kernel kill us when our parent is killed, where it can."""
    _prctl(_SET_DEATH_SIGNAL, signal.SIGKILL)


def _prctl(option: int, value: int) -> None:
    if sys.platform == "linux":
        with contextlib.suppress(Exception):  # a Python without ctypes
            import ctypes

            ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def children() -> List[int]:
    """Return our children; none where the system does not tell."""
    found: List[int] = []
    with contextlib.suppress(OSError):
        for thread in os.listdir("/proc/self/task"):
            with open("/proc/self/task/%s/children" % thread, "rb") as listed:
                found += map(int, listed.read().split())
        return found
    return list(_children())  # a kernel without these files


def _children() -> Iterator[int]:
    for name in filter(str.isdigit, os.listdir("/proc") if os.path.isdir("/proc") else ()):
        with contextlib.suppress(OSError, ValueError, IndexError), open("/proc/%s/stat" % name, "rb") as stat:
            if int(stat.read().rpartition(b") ")[2].split()[1]) == os.getpid():
                yield int(name)


def end(spared: Collection[int]) -> None:
    """End our children but those that were there before, until there are none."""
    deadline = time.monotonic() + _WITHIN
    while time.monotonic() < deadline:
        strays = [pid for pid in children() if pid not in spared]
        if not strays:
            return
        for pid in strays:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
            with contextlib.suppress(OSError):
                os.waitpid(pid, 0)
