"""The user's own command that installs what the project needs, run once before anything of it is imported."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import IO

from action.errors import ProjectCodeError
from action.sandbox.project_user import OURSELVES, ProjectUser
from action.sandbox.variables import environment

ENVIRONMENT = Path("/opt/project")
"""The image's empty virtual environment, which belongs to the user who runs the project's code."""
_TAIL = 20_000
"""Bytes of the command's output that are kept."""
_REFUSED = ("Permission denied", "Read-only file system", "Errno 13", "os error 13")


def install(
    command: str,
    folder: Path,
    cleanup: ExitStack,
    *,
    user: ProjectUser = OURSELVES,
    own: str = sys.executable,
    timeout: float = 600.0,
    env: Mapping[str, str] | None = None,
) -> str:
    """Run the command in ``folder`` with a virtual environment active, and return that environment's interpreter.

    Where there is none of the image's, ``own`` makes one, which goes with ``cleanup``; ``timeout`` is in seconds,
    ``env`` holds the user's variables for the project. Raises ProjectCodeError for a command that fails or hangs.
    """
    python = str(_environment(cleanup, user, own) / "bin" / "python")
    variables = {**environment(python, user), **_variables(Path(python).parents[1]), **(env or {})}
    with tempfile.TemporaryFile() as output:
        process = user.start(["/bin/sh", "-ec", command], cwd=folder, environ=variables, output=output)
        try:
            code = process.wait(timeout)
        except subprocess.TimeoutExpired:
            how, only_slow = (
                f"did not come to its end within {timeout:g} seconds",
                "Raise `timeout` if it is only slow.",
            )
            raise _failed(command, how, output, user, only_slow) from None
        finally:
            user.end_group(process)
        if code != 0:
            raise _failed(command, f"exited with code {code}", output, user)
    return python


def _environment(cleanup: ExitStack, user: ProjectUser, own: str) -> Path:
    if user.is_another and (ENVIRONMENT / "pyvenv.cfg").is_file():
        return ENVIRONMENT
    made = Path(cleanup.enter_context(tempfile.TemporaryDirectory(prefix="alembic-checks-install-")))
    user.own(made)
    with tempfile.TemporaryFile() as output:
        command = [own, "-I", "-m", "venv", str(made)]
        if user.start(command, cwd=Path("/"), environ=environment(own, user), output=output).wait() != 0:
            raise ProjectCodeError(
                "No virtual environment could be made for the install command.",
                why=f"{own} -m venv failed.",
                remedy="Name an interpreter that has the project's dependencies with --python instead.",
                details=_tail(output),
            )
    return made


def _variables(active: Path) -> dict[str, str]:
    """Return what pip and uv have to be told to install there."""
    return {
        "VIRTUAL_ENV": str(active),
        "UV_PROJECT_ENVIRONMENT": str(active),
        "UV_COMPILE_BYTECODE": "1",  # the probe starts several times, and writes none itself
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_NO_INPUT": "1",
    }


_ELSEWHERE = "The same command fails in the same place wherever the project is installed."


def _failed(command: str, how: str, output: IO[bytes], user: ProjectUser, remedy: str = _ELSEWHERE) -> ProjectCodeError:
    said = _tail(output)
    remedy += " Its last lines are in the log." if said else ""
    if user.is_another and any(words in said for words in _REFUSED):
        remedy = (
            f"It runs as the user {user.name}, who cannot write in the repository, as some builds of the project do "
            "(pip install -e . with setuptools): install its dependencies alone, its code is found where it lies."
        )
    return ProjectCodeError(
        f"The install command {how}: {command}",
        why="Without the project's dependencies its migrations cannot be imported.",
        remedy=remedy,
        details=said,
    )


def _tail(output: IO[bytes]) -> str:
    size = os.fstat(output.fileno()).st_size
    return os.pread(output.fileno(), _TAIL, max(0, size - _TAIL)).decode("utf-8", "replace")
