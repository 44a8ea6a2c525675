"""The processes that we have started, wherever they went: on Linux an orphan becomes our child, not init's.

A migration may start a process that leaves its session and its parent. As a subreaper (man 2 prctl) we become the
parent of each descendant whose own parent has ended, so that none is lost. For the probe and for the run around it.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from typing import Collection, Iterator, List, Tuple

_SET_DEATH_SIGNAL, _SET_SUBREAPER = 1, 36
_POLL = 0.005
"""Seconds."""


def adopt_orphans() -> None:
    """Become the parent of every orphan among our descendants; do nothing where the system has no such thing."""
    _prctl(_SET_SUBREAPER, 1)


def end_with_parent(number: int) -> None:
    """Have the kernel send us a signal when our parent ends; do nothing where it cannot."""
    _prctl(_SET_DEATH_SIGNAL, number)


def _prctl(option: int, value: int) -> None:
    if sys.platform == "linux":
        with contextlib.suppress(Exception):  # a Python without ctypes
            import ctypes

            ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def end_children(spared: Collection[int] = (), *, within: float = 10.0) -> List[int]:
    """Kill our children, and theirs when they become ours, until only the spared are left; return those that stay.

    ``within`` is in seconds.
    """
    deadline = time.monotonic() + within
    while True:
        left = [pid for pid in children() if pid not in spared]
        if not left or time.monotonic() > deadline:
            return left
        for pid in left:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
            with contextlib.suppress(OSError):
                os.waitpid(pid, os.WNOHANG)  # so that the kernel forgets it
        time.sleep(_POLL)


def children() -> List[int]:
    """Return our children, zombies among them; none where the system does not tell."""
    found: List[int] = []
    with contextlib.suppress(OSError):
        for thread in os.listdir("/proc/self/task"):
            with open("/proc/self/task/%s/children" % thread, "rb") as listed:
                found += map(int, listed.read().split())
        return found
    return [pid for pid, parent, _ in processes() if parent == os.getpid()]  # a kernel without these files


def processes() -> Iterator[Tuple[int, int, str]]:
    """Yield number, parent and state of each process that we can see, on Linux."""
    for name in filter(str.isdigit, os.listdir("/proc") if os.path.isdir("/proc") else ()):
        with contextlib.suppress(OSError, ValueError, IndexError), open("/proc/%s/stat" % name, "rb") as stat:
            # After the name, which may hold anything: state and parent (man 5 proc).
            state, parent = stat.read().rpartition(b") ")[2].split()[:2]
            yield int(name), int(parent), state.decode()
