"""How many projects a machine can take at once, by its processors and its memory."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

_MOST = 4
_MEMORY = 1 << 30
"""Bytes that one project and its server may take."""
_LIMITS = (
    (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory.current")),
    (Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"), Path("/sys/fs/cgroup/memory/memory.usage_in_bytes")),
)
"""Limit and use of our control group, in version 2 and 1, as a container sees them."""


def at_once() -> int:
    """Return how many projects may be loaded at once: one for each processor and each GiB of free memory, few of all.

    One at least.
    """
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(_MOST, processors, _free_memory() // _MEMORY))


def _free_memory() -> int:
    free = [_MOST * _MEMORY, *_available()]
    for limit, use in _LIMITS:
        with contextlib.suppress(OSError, ValueError):  # no such version, or no limit
            free.append(int(limit.read_text()) - int(use.read_text()))
    return max(0, min(free))


def _available() -> list[int]:
    """Return what the kernel would give without swapping; nothing where it does not tell."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        for line in Path("/proc/meminfo").read_text().splitlines():
            if line.startswith("MemAvailable:"):
                return [int(line.split()[1]) << 10]
    return []
