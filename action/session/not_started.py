"""The error of an interpreter that the system does not start."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from action.errors import ProjectCodeError, RunError, SettingsError
from action.session.running import ProjectRun

_OF_THE_PROGRAM = (errno.ENOEXEC, errno.EACCES, errno.EPERM, errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.ELOOP)


def not_started(run: ProjectRun, cwd: Path, error: OSError) -> RunError | OSError:
    """Return the error for the user; ``error`` itself where the machine lacks processes, files or memory."""
    if error.errno not in _OF_THE_PROGRAM:
        return error
    if error.filename is not None and os.fspath(error.filename) == os.fspath(cwd):
        return ProjectCodeError(
            f"The project's code cannot run in the folder {cwd}: {error.strerror}.",
            why="Alembic runs in the folder of its configuration.",
            remedy="Give the user who runs the check the right to enter it.",
        )
    kind = SettingsError if run.is_chosen else ProjectCodeError
    return kind(
        f"{'--python' if run.is_chosen else 'The interpreter'} {run.python} cannot be started: {error.strerror}.",
        why="The project's migrations run in it.",
        remedy="Set --python to a Python that has the project's dependencies, such as .venv/bin/python.",
    )
