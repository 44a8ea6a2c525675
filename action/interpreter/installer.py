"""Runs the programs that install, as the project's user, with one limit of time for all of them."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from action.interpreter.host import HERE, Host
from action.sandbox.temporary import temporary_folder
from action.sandbox.variables import environment

_TAIL = 20_000
"""Bytes of a program's output that are kept."""
_SCM_VERSION = "0.0.0"
_VERSION_OF_BUILDS = ("SETUPTOOLS_SCM_PRETEND_VERSION", "PBR_VERSION", "PDM_BUILD_SCM_VERSION",
                      "POETRY_DYNAMIC_VERSIONING_BYPASS", "UV_DYNAMIC_VERSIONING_BYPASS")  # fmt: skip
"""What tells a build the version that it would ask Git for: a copy has no history."""
_UVS_NAMES = {"PIP_INDEX_URL": "UV_DEFAULT_INDEX", "PIP_EXTRA_INDEX_URL": "UV_INDEX", "PIP_FIND_LINKS": "UV_FIND_LINKS"}
"""Variables of pip that uv does not read, and its own names for them."""


class InstallError(Exception):
    """A program that installs has failed."""

    def __init__(self, command: str, how: str, output: str, *, in_time: bool = True) -> None:
        super().__init__(f"{command} {how}")
        self.command = command
        self.how = how
        """As in "The command …": ``exited with code 1``."""
        self.output = output
        self.in_time = in_time


@dataclass(frozen=True, slots=True, kw_only=True)
class Installer:
    """How programs that install are run."""

    host: Host = HERE
    timeout: float = 600.0
    """Seconds for all of them."""
    env: Mapping[str, str] = field(default_factory=dict, repr=False)
    """The user's environment variables for the project."""
    cache: Path | None = None
    """The folder of downloaded packages; None for that of the user who installs."""
    started: float = field(default_factory=time.monotonic)

    def run(self, command: Sequence[str], *, cwd: Path, into: Path, named: str = "", **more: str) -> str:
        """Run a program that installs into an environment, and return the end of its output.

        ``more`` are further variables. Raises InstallError for a program that fails or does not end in time.
        """
        shown = named or " ".join(command)
        with tempfile.TemporaryFile() as output:
            try:
                process = self.host.user.start(
                    command, cwd=cwd, environ={**self._variables(into), **more, **self.env}, output=output
                )
            except FileNotFoundError as error:
                raise InstallError(shown, "could not be started", str(error)) from None
            try:
                code = process.wait(max(1.0, self.timeout - (time.monotonic() - self.started)))
            except subprocess.TimeoutExpired:
                how = f"did not finish within {self.timeout:g} seconds"
                raise InstallError(shown, how, tail(output), in_time=False) from None
            finally:
                self.host.user.end_group(process)
            if code != 0:
                raise InstallError(shown, f"exited with code {code}", tail(output))
            return tail(output)

    def _variables(self, into: Path) -> dict[str, str]:
        found = environment(str(into / "bin" / "python"), self.host.user)
        found |= {name: found[pips] for pips, name in _UVS_NAMES.items() if found.get(pips) and name not in found}
        found |= dict.fromkeys(_VERSION_OF_BUILDS, _SCM_VERSION)
        found |= {
            "TMPDIR": str(temporary_folder(self.host.user)),
            "VIRTUAL_ENV": str(into),
            "UV_PROJECT_ENVIRONMENT": str(into),
            "UV_COMPILE_BYTECODE": "1",  # the probe starts several times, and writes no bytecode itself
            "UV_NO_PROGRESS": "1",
            "UV_SYSTEM_CERTS": "1",  # a company's proxy has a certificate that only this machine knows
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "PIP_NO_INPUT": "1",
            "GIT_TERMINAL_PROMPT": "0",
        }
        if self.cache is not None:
            found |= {
                "UV_CACHE_DIR": str(self.cache / "uv"),
                "UV_PYTHON_CACHE_DIR": str(self.cache / "pythons"),
                "PIP_CACHE_DIR": str(self.cache / "pip"),
                "UV_LINK_MODE": "copy",
            }
        return found


def tail(output: IO[bytes]) -> str:
    """Return the end of what a program has printed."""
    size = os.fstat(output.fileno()).st_size
    return os.pread(output.fileno(), _TAIL, max(0, size - _TAIL)).decode("utf-8", "replace")
