"""Exceptions that come from the machine, its limits or the environment: each becomes an error with a sentence."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path

from action.errors import MachineError, RefusedError, SettingsError
from action.probe.protocol import fault_kinds
from action.repository.system_errors import remedy_of, said

_NO_THREAD = "can't start new thread"


def of_the_machine(error: BaseException) -> MachineError | None:
    """Return the error for a fault of the machine or its limits, which is no bug of ours; None for any other."""
    kind = fault_kinds.of_exception(error)
    if kind == fault_kinds.DISK_FULL and isinstance(error, OSError):
        return MachineError(
            f"The disk is full: {said(error)}.",
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
        return _refused("a thread could not be started", remedy_of(errno.EAGAIN) or "")
    remedy = remedy_of(error.errno) if isinstance(error, OSError) else None
    return _refused(said(error), remedy) if isinstance(error, OSError) and remedy else None


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
    if any("\ud800" <= character <= "\udfff" for character in folder):
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
