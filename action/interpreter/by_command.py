"""Runs the user's own command that installs the project's dependencies, once, before the project is imported."""

from __future__ import annotations

import re
import time
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from action.interpreter.environments import READY, find_uv, make_environment, place_for_environments, version_in
from action.interpreter.failed_installation import of_command
from action.interpreter.installer import Installer, InstallError
from action.interpreter.python_version import ANY, WantedPython, allows
from action.interpreter.which import version_of

_MAKING = 120.0
"""Seconds for a virtual environment, which are not the command's."""


def run_install_command(
    text: str, folder: Path, installer: Installer, cleanup: ExitStack, wanted: WantedPython = ANY
) -> str:
    """Run the command with a virtual environment active, and return that environment's interpreter.

    Outside the image ``cleanup`` removes the environment. Raises ProjectCodeError for a command that fails or does
    not finish in time.
    """
    made = _environment(replace(installer, timeout=max(installer.timeout, _MAKING)), cleanup, wanted)
    try:
        replace(installer, started=time.monotonic()).run(["/bin/sh", "-ec", text], cwd=folder, into=made, named=text)
    except InstallError as error:
        raise of_command(error, installer.host, version_in(made)) from None
    return str(made / "bin" / "python")


def _environment(installer: Installer, cleanup: ExitStack, wanted: WantedPython) -> Path:
    host = installer.host
    place = place_for_environments(cleanup, host)
    if _fits(wanted, version_in(READY) if place == READY.parent else version_of(host.own)):
        return READY if place == READY.parent else make_environment(place, installer, None, ANY)
    return make_environment(place, installer, find_uv(host), wanted, with_pip=True)


def _fits(wanted: WantedPython, version: str) -> bool:
    if wanted.is_range or not wanted.request:
        return allows(wanted.request, version)
    minor = re.match(r"\d+\.\d+", wanted.request)
    return minor is not None and minor[0] == version
