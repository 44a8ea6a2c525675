"""The number of processes that the kernel has ended because memory was full, on Linux."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

_CGROUPS = Path("/sys/fs/cgroup")
_V1, _V2 = "memory.oom_control", "memory.events"


def processes_ended() -> int:
    """Return the count of our control group, which the project and an embedded server share; else of the machine.

    Only a difference between two counts says something. 0 where the system does not count them.
    """
    for file in _files():
        found = _count(file)
        if found is not None:
            return found
    return 0


def _files() -> Iterator[Path]:
    for line in _lines(Path("/proc/self/cgroup")):
        _, controllers, path = line.split(":", 2)
        # In a container, the path is that on the host, and the folder is mounted as the root.
        places = (path.lstrip("/"), "")
        if not controllers:
            yield from (_CGROUPS / place / _V2 for place in places)
        elif "memory" in controllers.split(","):
            yield from (_CGROUPS / "memory" / place / _V1 for place in places)
    yield Path("/proc/vmstat")


def _count(file: Path) -> int | None:
    counts = dict(line.split(maxsplit=1) for line in _lines(file) if " " in line)
    return int(counts["oom_kill"]) if counts.get("oom_kill", "").isdigit() else None


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text().splitlines()
    except OSError:
        return []
