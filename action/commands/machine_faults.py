"""Exceptions that come from the machine, its limits or the environment: each becomes an error with a sentence."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path

from action.errors import MachineError, RefusedError, SettingsError
from action.probe.protocol import fault_kinds

_AGAIN = "Run the check again."
_REMEDIES = {
    errno.EACCES: "Give the user who runs the check the right to use it.",
    errno.EPERM: "Give the user or the container the right that is missing.",
    errno.EROFS: "Mount it writable, or set TMPDIR or the setting that names it to a writable folder.",
    errno.EMFILE: "Raise the limit on open files: ulimit -n 1024",
    errno.ENFILE: "Raise the system's limit on open files, or close other programs.",
    errno.EAGAIN: "Raise the limit on processes: ulimit -u 4096",
    errno.ENAMETOOLONG: "Use a shorter path.",
    errno.ELOOP: "Remove the link that leads in a circle.",
    errno.EFBIG: "Raise the limit on the size of files: ulimit -f unlimited",
    errno.ESTALE: f"Mount the file system again. {_AGAIN}",
    errno.EIO: f"Check the disk. {_AGAIN}",
    errno.ENODEV: "Check the file system that it lies on.",
    errno.ENXIO: "Replace it by a regular file.",
    errno.ETXTBSY: f"Wait until no program writes to it. {_AGAIN}",
    errno.ENOEXEC: "Replace it by a program for this machine.",
    errno.ENOSYS: "Run on a system that has this function.",
    errno.ENOLCK: "Use a file system that has locks.",
    errno.EBUSY: _AGAIN,
}
"""By the number of an OSError that no bug of ours raises; ENOENT, EBADF, EINVAL and the like are bugs until proven."""
_NO_THREAD = "can't start new thread"


def of_the_machine(error: BaseException) -> MachineError | None:
    """Return the error for a fault of the machine or its limits, which is no bug of ours; None for any other."""
    kind = fault_kinds.of_exception(error)
    if kind == fault_kinds.DISK_FULL and isinstance(error, OSError):
        return MachineError(
            f"The disk is full: {_place(error)}{error.strerror}.",
            why="alembic-checks could not write a file, so the run has no result.",
            remedy="Free disk space, or use a larger disk. Run the check again.",
        )
    if kind == fault_kinds.OUT_OF_MEMORY:
        return MachineError(
            "Memory is full.",
            why="alembic-checks could not allocate memory, so the run has no result.",
            remedy="Give the job more memory. Run the check again.",
        )
    if isinstance(error, RuntimeError) and _NO_THREAD in str(error):
        return _refused("a thread could not be started", _REMEDIES[errno.EAGAIN])
    if isinstance(error, OSError) and error.errno in _REMEDIES:
        return _refused(f"{_place(error)}{error.strerror}", _REMEDIES[error.errno])
    return None


def working_directory() -> Path:
    """Return the working directory; raises SettingsError where there is none."""
    try:
        return Path.cwd()
    except OSError as error:
        raise SettingsError(
            f"The working directory cannot be used: {error.strerror}.",
            why="It was deleted, or this user may not enter a folder above it.",
            remedy="Change to an existing folder: cd /path/to/project",
        ) from None


def refuse_without_temporary_folder() -> None:
    """Raise SettingsError where no folder for temporary files is writable."""
    try:
        folder = tempfile.gettempdir()
    except OSError as error:
        raise SettingsError(
            "There is no writable folder for temporary files.",
            why=str(error.strerror or error).removesuffix(".") + ".",
            remedy="Set TMPDIR to a writable folder, or mount one at /tmp.",
        ) from None
    if not folder.isascii() and "\udc80" <= max(folder) <= "\udfff":
        raise SettingsError(
            f"The name of the folder for temporary files is not UTF-8: {os.fsencode(folder)!r}.",
            why="PostgreSQL and the project's interpreter are given its name as text.",
            remedy="Set TMPDIR to a folder with a name in UTF-8.",
        )


def _refused(what: str, remedy: str) -> MachineError:
    return RefusedError(
        f"The system refused what the check needs: {what}.",
        why="This comes from the machine, its limits or the user's rights, not from the project's migrations.",
        remedy=remedy,
    )


def _place(error: OSError) -> str:
    name = error.filename
    if not name:
        return ""
    return f"{os.fsdecode(name) if isinstance(name, (str, bytes, os.PathLike)) else name}: "
