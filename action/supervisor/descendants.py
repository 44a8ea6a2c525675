"""The processes that a run has started, wherever they went: on Linux an orphan becomes our child, not init's.

A migration may start a process that leaves its session and its parent. As a subreaper (man 2 prctl) we become the
parent of each descendant whose own parent has ended, so that none is lost.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from collections.abc import Collection, Iterator
from pathlib import Path

_SET_DEATH_SIGNAL, _SET_SUBREAPER = 1, 36
_ENDED_WITHIN = 10.0
"""Seconds in which killed processes must be gone."""
_POLL = 0.005


def adopt_orphans() -> None:
    """Become the parent of every orphan among our descendants; do nothing where the system has no such thing."""
    _prctl(_SET_SUBREAPER, 1)


def end_with_parent(parent: int) -> None:
    """Have the kernel send us SIGTERM when our parent ends; ``parent`` is the one that we had when we started."""
    _prctl(_SET_DEATH_SIGNAL, signal.SIGTERM)
    if os.getppid() != parent:  # it ended before the kernel knew
        os.kill(os.getpid(), signal.SIGTERM)


def _prctl(option: int, value: int) -> None:
    if sys.platform != "linux":
        return
    with contextlib.suppress(ImportError, OSError, AttributeError):
        import ctypes

        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def end_children(spared: Collection[int] = ()) -> list[int]:
    """Kill our children, and theirs when they become ours, until only the spared are left; return those that stay."""
    deadline = time.monotonic() + _ENDED_WITHIN
    while left := [pid for pid in children() if pid not in spared]:
        for pid in left:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        reap(left)
        if time.monotonic() > deadline:
            return left
        time.sleep(_POLL)
    return []


def reap(pids: Collection[int]) -> None:
    """Take note of children that have ended, so that the kernel forgets them."""
    for pid in pids:
        with contextlib.suppress(ChildProcessError):
            os.waitpid(pid, os.WNOHANG)


def children() -> list[int]:
    """Return our children, zombies among them, on Linux; none where the system does not tell."""
    return [pid for pid, parent, _ in processes() if parent == os.getpid()]


def processes() -> Iterator[tuple[int, int, str]]:
    """Yield number, parent and state of each process that we can see, on Linux."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, ValueError, IndexError):
            # After the name, which may hold anything: state and parent (man 5 proc).
            state, parent = stat.read_text(errors="replace").rpartition(") ")[2].split()[:2]
            yield int(stat.parent.name), int(parent), state
