"""The user's own command that installs what the project needs, run once before anything of it is imported."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from action.errors import ProjectCodeError
from action.interpreter.host import HERE, Host
from action.sandbox.project_user import ProjectUser
from action.sandbox.variables import environment

ENVIRONMENT = Path("/opt/project")
"""The image's empty virtual environment, which belongs to the user who runs the project's code."""
_TAIL = 20_000
"""Bytes of the command's output that are kept."""
_REFUSED = ("Permission denied", "Read-only file system", "Errno 13", "os error 13")


@dataclass(frozen=True, slots=True, kw_only=True)
class InstallCommand:
    """The user's command, and what it is given."""

    text: str
    """For a shell."""
    folder: Path
    """Where it runs."""
    timeout: float = 600.0
    """Seconds."""
    env: Mapping[str, str] = field(default_factory=dict, repr=False)
    """The user's variables for the project."""


def install(command: InstallCommand, cleanup: ExitStack, host: Host = HERE) -> str:
    """Run the command with a virtual environment active, and return that environment's interpreter.

    Where there is none of the image's, the host's own Python makes one, which goes with ``cleanup``. Raises
    ProjectCodeError for a command that fails or hangs.
    """
    user = host.user
    python = str(_environment(cleanup, user, host.own) / "bin" / "python")
    variables = {**environment(python, user), **_variables(Path(python).parents[1]), **command.env}
    with tempfile.TemporaryFile() as output:
        process = user.start(["/bin/sh", "-ec", command.text], cwd=command.folder, environ=variables, output=output)
        try:
            code = process.wait(command.timeout)
        except subprocess.TimeoutExpired:
            how = f"did not come to its end within {command.timeout:g} seconds"
            raise _failed(command.text, how, output, user, "Raise `timeout` if it is only slow.") from None
        finally:
            user.end_group(process)
        if code != 0:
            raise _failed(command.text, f"exited with code {code}", output, user)
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
    """Return the variables that make pip and uv install there."""
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
