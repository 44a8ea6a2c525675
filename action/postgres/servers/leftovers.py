"""A server's own directory, and its removal also when the run is killed.

Three things remove it. The context managers of this package, whenever Python itself ends. The parent process of the run
(``action.supervisor``), which notices even SIGKILL at once. And the sweep: each run removes the directories of earlier
runs whose parent was killed too.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from action.errors import PostgresError
from action.postgres.servers.account import Account
from action.repository.regular import read_regular
from action.sandbox.looking import is_folder
from action.supervisor import run_folder
from action.supervisor.notes import Notes, tell
from action.supervisor.run_folder import RunFolder

PREFIX = "alembic-checks-server-"
_KEPT = "kept"
_SHARED_MEMORY = Path("/dev/shm")
_ENOUGH = 512 * 1024 * 1024
"""Free bytes in shared memory that a server needs; 64 MB, a container's default, is too little."""

_LARGEST = 1 << 16
"""Bytes of a server's pid file, which has eight lines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunDirectory:
    """A directory that only this run's server uses."""

    folder: RunFolder

    @property
    def path(self) -> Path:
        """Return its path."""
        return self.folder.path

    @property
    def data(self) -> Path:
        """Return the path of the server's data directory."""
        return self.path / "data"

    @property
    def log(self) -> Path:
        """Return the path of the server's log file."""
        return self.path / "postgres.log"

    def holds(self, pid: int, *, kept: bool = False) -> None:
        """Tell the run's parent which process is the server, to be stopped if we are killed unless it is kept."""
        tell("servers", str(self.path), {"pid": pid, "data": str(self.data), "kept": kept})

    def keep(self) -> None:
        """Mark it as one that outlives us; the sweep removes it only after its server has ended."""
        (self.path / _KEPT).touch()
        self.folder.leave()

    def is_empty(self) -> None:
        """Tell the run's parent that the server has ended."""
        tell("servers", str(self.path), None)

    def remove(self) -> None:
        """Delete it and release the lock."""
        self.folder.remove()


def make_run_directory(account: Account) -> RunDirectory:
    """Create a directory that the server's user can reach, in shared memory where that has enough space.

    Raises PostgresError when no place for it is writable.
    """
    places = list(_places())
    for place in places:
        if account.reaches(place):
            with contextlib.suppress(OSError):
                return RunDirectory(folder=run_folder.make(place, PREFIX))
    raise PostgresError(
        "PostgreSQL could not be started: there is no place for its data directory.",
        why=f"Each of {', '.join(map(str, places))} is full, read-only or not open to the server's user.",
        remedy="Make one of them writable, or set TMPDIR to another folder.",
    )


def _places() -> Iterator[Path]:
    if sys.platform == "linux" and is_folder(_SHARED_MEMORY) and shutil.disk_usage(_SHARED_MEMORY).free >= _ENOUGH:
        yield _SHARED_MEMORY
    yield from _on_disk()


def _on_disk() -> Iterator[Path]:
    yield from dict.fromkeys(
        path for path in (Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp")) if is_folder(path)
    )


def sweep() -> list[Path]:
    """Stop the servers and delete the directories of runs that have ended; return those directories."""
    return [left for place in (_SHARED_MEMORY, *_on_disk()) for left in run_folder.sweep(place, PREFIX, _may_go)]


def _may_go(left: Path) -> bool:
    """Stop the server of a run that has ended, and return whether its directory may be deleted: not a kept one's."""
    pid = running_server(left / "data")
    if pid is not None and (left / _KEPT).exists():
        return False
    if pid is not None:
        _stop_stray(pid, left / "data")
    return True


def stop_all(notes: Notes) -> list[str]:
    """Stop the servers of a run that was killed, but for those that are kept; return those that do not stop."""
    left = []
    for server in notes.servers.values():
        pid, data = server["pid"], Path(server["data"])
        if not server["kept"] and os.fspath(data) in command_line(pid):
            _stop_stray(pid, data)
            left += [f"the server {pid}"] if os.fspath(data) in command_line(pid) else []
    return left


def running_server(data: Path) -> int | None:
    """Return the pid of the server that runs on a data directory, None when there is none.

    The pid file alone proves nothing: its number may be another process's by now. So that process must name ``data``.
    """
    try:
        pid = int(read_regular(data / "postmaster.pid", most=_LARGEST, follow=False).split(b"\n", 1)[0])
    except (OSError, ValueError):
        return None
    return pid if os.fspath(data) in command_line(pid) else None


def command_line(pid: int) -> list[str]:
    """Return a process's arguments, empty when it is gone or a zombie."""
    try:
        return [part for part in Path(f"/proc/{pid}/cmdline").read_text(errors="replace").split("\0") if part]
    except OSError:
        if sys.platform == "linux":
            return []
    asked = subprocess.run(["ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return asked.stdout.split()


def _stop_stray(pid: int, data: Path) -> None:
    for number in (signal.SIGQUIT, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
            os.kill(pid, signal.SIGCONT)  # one that was stopped goes on, to see the request
        deadline = time.monotonic() + 5
        while time.monotonic() < deadline:
            if os.fspath(data) not in command_line(pid):
                return
            time.sleep(0.005)
