"""Makes the virtual environments that the project's dependencies are installed into."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from contextlib import ExitStack
from pathlib import Path

from action.errors import ProjectCodeError
from action.interpreter.host import Host
from action.interpreter.install_failures import Circumstances, cause_of
from action.interpreter.installer import Installer, InstallError
from action.interpreter.python_version import OLDEST, WantedPython, is_new_enough
from action.repository.regular import read_regular
from action.sandbox.looking import is_file
from action.supervisor.run_folder import new_folder

PLACE = Path("/opt/project")
"""The folder of the image for environments; the user who runs the project's code owns it, and what is in it."""
READY = PLACE / "env"
"""The empty environment of the image, with pip."""
_NOT_THERE = re.compile(
    r"No interpreter found|No download found|[Ff]ailed to download|error sending request|not available"
)
"""What uv prints for a Python that it neither finds nor can download."""


def place_for_environments(cleanup: ExitStack, host: Host) -> Path:
    """Return a folder that the project's user owns; outside the image ``cleanup`` removes it."""
    if host.user.is_another and is_file(READY / "pyvenv.cfg"):
        return PLACE
    made = cleanup.enter_context(new_folder("install-"))
    host.user.own(made)
    return made


def find_uv(host: Host) -> str | None:
    """Return the path of uv: on PATH, or beside our own interpreter; None where it is not installed."""
    beside = Path(sys.executable).parent / "uv"
    return shutil.which("uv", path=host.environ.get("PATH", os.defpath)) or (str(beside) if is_file(beside) else None)


def make_environment(
    place: Path, installer: Installer, uv: str | None, wanted: WantedPython, *, with_pip: bool = False
) -> Path:
    """Create an environment with the Python that the project asks for, and return its folder.

    Without uv it has the host's own Python, and pip. Raises ProjectCodeError where no Python fits.
    """
    made = place / f"env-{len(list(place.glob('env-*'))) + 1}"
    host = installer.host
    if uv is None:
        _run_or_refuse(installer, [host.own, "-I", "-m", "venv", str(made)], made)
        return made
    failures = []
    for request in _requests(wanted):
        command = [uv, "venv", "--no-project", "--no-config", *(["--python", request] if request else [])]
        command += ["--seed"] if with_pip else []
        try:
            installer.run([*command, str(made)], cwd=Path("/"), into=made)
        except InstallError as error:
            failures.append(error)
        else:
            return _new_enough(made, wanted)
    first = failures[0]
    if not _NOT_THERE.search(first.output):
        raise _not_created(uv, first)
    raise _not_available(wanted, first, available_versions(installer, uv, place))


def _requests(wanted: WantedPython) -> list[str]:
    """Return what to ask uv for: a patch release that cannot be installed gives way to another one of its minor."""
    patch = re.fullmatch(r"(?:==\s*)?(\d+\.\d+)\.\d+", wanted.request)
    others = [] if wanted.otherwise is None else [wanted.otherwise]
    return [wanted.request, *([patch[1]] if patch else []), *others]


def _run_or_refuse(installer: Installer, command: list[str], made: Path) -> None:
    try:
        installer.run(command, cwd=Path("/"), into=made)
    except InstallError as error:
        raise _not_created(f"{command[0]} -m venv", error) from None


def _not_created(program: str, error: InstallError) -> ProjectCodeError:
    cause = cause_of(Circumstances(output=error.output))
    return ProjectCodeError(
        "The virtual environment for the project's dependencies could not be created.",
        why=cause.why if cause else f"{program} failed.",
        remedy=cause.remedy if cause else "Set `python` to an interpreter that has the project's dependencies.",
        details=error.output,
    )


def version_in(environment: Path) -> str:
    """Return the Python version of an environment, such as ``3.12``; empty where it does not say."""
    try:
        text = read_regular(environment / "pyvenv.cfg", most=1 << 16, follow=False).decode("utf-8", "replace")
    except OSError:
        return ""
    found = re.search(r"^version(?:_info)?\s*=\s*(\d+\.\d+)", text, re.MULTILINE)
    return found[1] if found else ""


def _new_enough(made: Path, wanted: WantedPython) -> Path:
    version = version_in(made)
    if version and not is_new_enough(version):
        raise ProjectCodeError(
            f"Python {version} is too old: alembic-checks runs migrations with Python 3.9 or later.",
            why=f"{wanted.source} asks for Python {wanted.request}.",
            remedy="Set `python-version` to a later version.",
        )
    return made


def available_versions(installer: Installer, uv: str, place: Path) -> list[str]:
    """Return the minor versions of the Pythons on this machine that can be used, the newest first."""
    command = [uv, "python", "list", "--only-installed", "--no-config", "--output-format", "json"]
    try:
        printed = installer.run(command, cwd=Path("/"), into=place)
        listed = json.loads(printed[printed.index("[") : printed.rindex("]") + 1])
        parts = {(each["version_parts"]["major"], each["version_parts"]["minor"]) for each in listed}
    except (InstallError, ValueError, KeyError, TypeError):
        return []
    return [f"{major}.{minor}" for major, minor in sorted(parts, reverse=True) if (major, minor) >= OLDEST]


def _not_available(wanted: WantedPython, error: InstallError, versions: list[str]) -> ProjectCodeError:
    asked = "The setting `python-version`" if wanted.source == "python-version" else wanted.source or "The project"
    choices = f"Set `python-version` to one of these: {', '.join(versions)}." if versions else "Install a Python."
    return ProjectCodeError(
        f"Python {wanted.request} is not available here: it is not installed, and could not be downloaded.",
        why=f"{asked} asks for it.",
        remedy=f"{choices} Or set `install: none` and `python` to an interpreter that has the dependencies.",
        details=error.output,
    )
