"""Folders of a run: one that is killed leaves them to its parent process, and with that killed too to the next run."""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import secrets
import shutil
import stat
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from action.supervisor.notes import tell

SCRATCH = "alembic-checks-run-"
_MAKING = ".new-"
_LOCK = "owner.pid"
_TRIES, _POLL = 50, 0.01
_MADE_WITHIN = 60.0
"""Seconds; it takes less than a thousandth."""
_NAMELESS = re.compile(r"/volumes/[0-9a-f]{64}/_data$")
"""The place of a volume without a name, as Docker and Podman have it."""
_made: list[RunFolder] = []


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFolder:
    """A folder that only this run uses; a lock, held until our process ends, keeps other runs away."""

    path: Path
    lock: int
    """A file descriptor; the kernel releases its lock when our process ends, in any way."""

    def remove(self) -> bool:
        """Delete it and release the lock; return whether it is gone."""
        gone = delete(self.path)
        os.close(self.lock)
        if gone:
            tell("folders", str(self.path), None)
        return gone

    def leave(self) -> None:
        """Let it outlive the run; its lock is released when our process ends."""
        tell("folders", str(self.path), None)


def make(place: Path, prefix: str) -> RunFolder:
    """Create a folder that other users can pass through and not read. Raises OSError."""
    name = f"{prefix}{secrets.token_hex(6)}"
    making, path = place / f"{_MAKING}{name}", place / name
    for each in (making, path):
        tell("folders", str(each), {})
    try:
        making.mkdir(mode=0o700)
        making.chmod(0o711)
        lock = os.open(making / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(lock, fcntl.LOCK_EX)
        os.write(lock, f"{os.getpid()}\n".encode())
        # Renamed only now, so that no sweep ever sees it without its lock.
        making.rename(path)
    except BaseException:
        if delete(making):
            tell("folders", str(path), None)
        raise
    finally:
        tell("folders", str(making), None)
    return RunFolder(path=path, lock=lock)


def sweep(place: Path, prefix: str, may_go: Callable[[Path], bool]) -> Iterator[Path]:
    """Delete the folders of runs that have ended, where ``may_go`` agrees to it; yield each."""
    for path in (*place.glob(f"{prefix}*"), *_unfinished(place, prefix)):
        with contextlib.suppress(OSError):
            if _is_ours(path) and _swept(path, may_go):
                yield path


def _is_ours(path: Path) -> bool:
    """Return whether a folder can be one of ours: another user's is not ours to delete, and we create no links."""
    about = path.lstat()
    return about.st_uid == os.geteuid() and stat.S_ISDIR(about.st_mode)


def _unfinished(place: Path, prefix: str) -> Iterator[Path]:
    """Yield the folders that a run was killed in making: they have a lock by now, or never will."""
    for path in place.glob(f"{_MAKING}{prefix}*"):
        with contextlib.suppress(OSError):
            if _is_ours(path) and time.time() - path.lstat().st_mtime > _MADE_WITHIN:
                (path / _LOCK).touch(mode=0o600)
                yield path


def _swept(left: Path, may_go: Callable[[Path], bool]) -> bool:
    # Every run's folder has a lock before it has its name, so one without is no run's.
    lock = os.open(left / _LOCK, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        if not stat.S_ISREG(os.fstat(lock).st_mode):
            return False
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return may_go(left) and delete(left)
    except BlockingIOError:
        return False  # its run has not ended
    finally:
        os.close(lock)


def delete(folder: Path) -> bool:
    """Delete a folder, also one whose parts the project has closed; return whether it is gone."""
    for part in (path for path in _parts(folder) if path.name != _LOCK):
        _delete(part)
    # The lock goes last: without it, the sweep would not recognize a half-deleted folder as ours.
    _delete(folder)
    return not os.path.lexists(folder)


def _parts(folder: Path) -> list[Path]:
    try:
        return [Path(entry.path) for entry in os.scandir(folder)]
    except OSError:
        return []


def _delete(path: Path) -> None:
    if not path.is_dir() or path.is_symlink():
        with contextlib.suppress(OSError):
            path.unlink()
        return
    for _ in range(_TRIES):
        shutil.rmtree(path, ignore_errors=True)
        if not path.exists():
            return
        _open(path)
        time.sleep(_POLL)  # for processes that were killed just now, and still write there


def _open(path: Path) -> None:
    """Make folders writable that a process of ours has closed; root needs that not, and must not follow links."""
    if os.geteuid() == 0:
        return
    waiting = [path]
    while waiting:
        folder = waiting.pop()
        with contextlib.suppress(OSError):
            folder.chmod(0o700)
            waiting += [Path(entry.path) for entry in os.scandir(folder) if entry.is_dir(follow_symlinks=False)]


def scratch_folder() -> Path:
    """Return the folder of this run for temporary files, made at the first call. Raises OSError."""
    if not _made:
        place = Path(tempfile.gettempdir())
        list(sweep(place, SCRATCH, lambda left: True))
        _made.append(make(place, SCRATCH))
    return _made[0].path


@contextlib.contextmanager
def new_folder(prefix: str) -> Iterator[Path]:
    """Yield a new folder in the run's, and delete it at the end. Raises OSError where it cannot be made."""
    made = Path(tempfile.mkdtemp(prefix=prefix, dir=scratch_folder())).resolve()
    try:
        yield made
    finally:
        if not vanishes(made):
            delete(made)


def remove_scratch() -> None:
    """Delete the folder of this run for temporary files; what cannot be deleted is left to the parent process."""
    while _made:
        made = _made.pop()
        if vanishes(made.path):
            made.leave()
        else:
            made.remove()


def vanishes(path: Path) -> bool:
    """Return whether a path goes with the container that ends with us: its removal would only keep the job waiting.

    It is in the container's own layer, or in a volume without a name, such as the image's /tmp.
    """
    if os.getppid() != 1:
        return False
    try:
        mounts = [line.split() for line in Path("/proc/self/mountinfo").read_text().splitlines()]
    except OSError:
        return False
    around = [mount for mount in mounts if path.is_relative_to(mount[4])]
    if not around:
        return False
    nearest = max(around, key=lambda mount: len(mount[4]))  # of two on one point, the last
    is_layer = nearest[4] == "/" and nearest[nearest.index("-") + 1] == "overlay"
    return is_layer or _NAMELESS.search(nearest[3]) is not None
