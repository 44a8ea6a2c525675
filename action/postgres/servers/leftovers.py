"""A run's own directory, and its removal also when the run is killed.

Three things remove it. The context managers of this package, whenever Python itself ends. A watcher, which reads from
a pipe of ours and so notices even SIGKILL at once; unlike Linux's parent-death signal it works on macOS, needs no
Python code between fork and exec, and does not mistake the end of a thread for ours. And the sweep: each run removes
the directories of earlier runs whose watcher was killed too.
"""

from __future__ import annotations

import contextlib
import fcntl
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
from action.repository.looking import is_folder
from action.repository.regular import read_regular

PREFIX = "alembic-checks-server-"
_MAKING = ".new-alembic-checks-server-"
_LOCK = "owner.pid"
_KEPT = "kept"
_SHARED_MEMORY = Path("/dev/shm")
_ENOUGH = 512 * 1024 * 1024
"""Free bytes in shared memory that a server needs; 64 MB, a container's default, is too little."""

_LARGEST = 1 << 16
"""Bytes of a server's pid file, which has eight lines."""

_WATCHER = """
trap '' INT TERM HUP
read -r _
kill -QUIT "$1" 2>/dev/null
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    kill -0 "$1" 2>/dev/null || break
    sleep 0.1
done
rm -rf "$2/data" && rm -rf "$2"
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunDirectory:
    """A directory that only this run uses; a lock, held until our process ends, keeps other runs away."""

    path: Path
    lock: int
    """A file descriptor; the kernel releases its lock when our process ends, in any way."""

    @property
    def data(self) -> Path:
        """Return the path of the server's data directory."""
        return self.path / "data"

    @property
    def log(self) -> Path:
        """Return the path of the server's log file."""
        return self.path / "postgres.log"

    def keep(self) -> None:
        """Mark it as one that outlives us; the sweep removes it only after its server has ended."""
        (self.path / _KEPT).touch()

    def remove(self) -> None:
        """Delete it and release the lock."""
        _delete(self.path)
        os.close(self.lock)


def make_run_directory(account: Account) -> RunDirectory:
    """Create a directory that the server's user can reach, in shared memory where that has enough space.

    Raises PostgresError when no place for it is writable.
    """
    places = list(_places())
    for place in places:
        if account.reaches(place):
            with contextlib.suppress(OSError):
                return _make_in(place)
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


def _make_in(place: Path) -> RunDirectory:
    making = Path(tempfile.mkdtemp(prefix=_MAKING, dir=place))
    try:
        making.chmod(0o711)  # the server's user passes through to its data directory and sees nothing else
        lock = os.open(making / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(lock, fcntl.LOCK_EX)
        os.write(lock, f"{os.getpid()}\n".encode())
        # Renamed only now, so that no sweep ever sees it without its lock.
        path = making.rename(place / making.name.replace(_MAKING, PREFIX))
    except BaseException:
        shutil.rmtree(making, ignore_errors=True)
        raise
    return RunDirectory(path=path, lock=lock)


@contextlib.contextmanager
def watched(pid: int, directory: Path) -> Iterator[None]:
    """Make a watcher stop the server and delete its directory if we are killed inside this block."""
    watcher = subprocess.Popen(
        ["/bin/sh", "-c", _WATCHER, PREFIX + "watcher", str(pid), os.fspath(directory)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        start_new_session=True,
    )
    try:
        yield
    finally:
        watcher.kill()  # before its pipe is closed, which would trigger it
        watcher.wait()
        if watcher.stdin is not None:
            watcher.stdin.close()


def sweep() -> list[Path]:
    """Stop the servers and delete the directories of runs that have ended; return those directories."""
    return [left for place in (_SHARED_MEMORY, *_on_disk()) for left in _leftovers(place) if _remove(left)]


def _leftovers(place: Path) -> Iterator[Path]:
    for path in place.glob(PREFIX + "*"):
        with contextlib.suppress(OSError):
            # Another user's directory is not ours to delete, and we create no links.
            if path.lstat().st_uid == os.geteuid() and path.is_dir() and not path.is_symlink():
                yield path


def _remove(left: Path) -> bool:
    try:
        lock = os.open(left / _LOCK, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return False  # every run's directory has a lock before it has its name, so this is no run's
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        pid = running_server(left / "data")
        if pid is not None and (left / _KEPT).exists():
            return False
        if pid is not None:
            _stop_stray(pid, left / "data")
        _delete(left)
        return True
    except BlockingIOError:
        return False  # its run has not ended
    finally:
        os.close(lock)


def _delete(directory: Path) -> None:
    # The lock is deleted last: without it, the sweep would not recognize a half-deleted directory as ours.
    for part in (directory / "data", directory):
        shutil.rmtree(part, ignore_errors=True)


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
        deadline = time.monotonic() + 5
        while time.monotonic() < deadline:
            if os.fspath(data) not in command_line(pid):
                return
            time.sleep(0.005)
