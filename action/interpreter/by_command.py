"""Runs the user's command that installs the project's dependencies, once, before the project is imported."""

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
from action.sandbox.looking import is_file
from action.sandbox.project_user import ProjectUser
from action.sandbox.temporary import temporary_folder
from action.sandbox.variables import environment
from action.supervisor.run_folder import new_folder

ENVIRONMENT = Path("/opt/project")
"""The empty virtual environment of the image, owned by the user who runs the project's code."""
_TAIL = 20_000
"""Bytes of the command's output that are kept."""
_REFUSED = ("Permission denied", "Read-only file system", "Errno 13", "os error 13")


@dataclass(frozen=True, slots=True, kw_only=True)
class InstallCommand:
    """The user's command, and how to run it."""

    text: str
    """The command line for a shell."""
    folder: Path
    """The folder to run it in."""
    timeout: float = 600.0
    """Seconds."""
    env: Mapping[str, str] = field(default_factory=dict, repr=False)
    """The user's environment variables for the project."""


def install(command: InstallCommand, cleanup: ExitStack, host: Host = HERE) -> str:
    """Run the command with a virtual environment active, and return that environment's interpreter.

    Outside the image, the host's own Python makes the environment, and ``cleanup`` removes it. Raises
    ProjectCodeError for a command that fails or does not finish in time.
    """
    user = host.user
    python = str(_environment(cleanup, user, host.own) / "bin" / "python")
    temporary = {"TMPDIR": str(temporary_folder(user))}
    variables = {**environment(python, user), **temporary, **_variables(Path(python).parents[1]), **command.env}
    with tempfile.TemporaryFile() as output:
        process = user.start(["/bin/sh", "-ec", command.text], cwd=command.folder, environ=variables, output=output)
        try:
            code = process.wait(command.timeout)
        except subprocess.TimeoutExpired:
            how = f"did not finish within {command.timeout:g} seconds"
            raise _failed(
                command.text,
                how,
                output,
                user,
                "Set `timeout` to a higher number of seconds if the command is only slow.",
            ) from None
        finally:
            user.end_group(process)
        if code != 0:
            raise _failed(command.text, f"exited with code {code}", output, user)
    return python


def _environment(cleanup: ExitStack, user: ProjectUser, own: str) -> Path:
    if user.is_another and is_file(ENVIRONMENT / "pyvenv.cfg"):
        return ENVIRONMENT
    made = cleanup.enter_context(new_folder("install-"))
    user.own(made)
    with tempfile.TemporaryFile() as output:
        command = [own, "-I", "-m", "venv", str(made)]
        if user.start(command, cwd=Path("/"), environ=environment(own, user), output=output).wait() != 0:
            raise ProjectCodeError(
                "The virtual environment for the install command could not be created.",
                why=f"{own} -m venv failed.",
                remedy="Set --python to an interpreter that has the project's dependencies.",
                details=_tail(output),
            )
    return made


def _variables(active: Path) -> dict[str, str]:
    """Return the environment variables that make pip and uv install into an environment."""
    return {
        "VIRTUAL_ENV": str(active),
        "UV_PROJECT_ENVIRONMENT": str(active),
        "UV_COMPILE_BYTECODE": "1",  # the probe starts several times, and writes no bytecode itself
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_NO_INPUT": "1",
    }


_TRY_IT = "Run the same command in a new virtual environment to see the error."


def _failed(command: str, how: str, output: IO[bytes], user: ProjectUser, remedy: str = _TRY_IT) -> ProjectCodeError:
    printed = _tail(output)
    remedy += " The log has its last lines." if printed else ""
    if user.is_another and any(words in printed for words in _REFUSED):
        remedy = (
            "Install only the dependencies, not the project itself: its code is imported from the repository. "
            f"The command runs as the user {user.name}, who may not write to the repository."
        )
    return ProjectCodeError(
        f"The install command {how}: {command}",
        why="Without the project's dependencies its migrations cannot be imported.",
        remedy=remedy,
        details=printed,
    )


def _tail(output: IO[bytes]) -> str:
    size = os.fstat(output.fileno()).st_size
    return os.pread(output.fileno(), _TAIL, max(0, size - _TAIL)).decode("utf-8", "replace")
