"""The errors of installations: what failed, why, and the setting that helps."""

from __future__ import annotations

from collections.abc import Sequence

from action.errors import ProjectCodeError
from action.interpreter.declared import DeclaringFile, Shape
from action.interpreter.fitting_python import OlderPython
from action.interpreter.host import Host
from action.interpreter.install_failures import Circumstances, cause_of
from action.interpreter.installer import InstallError
from action.project.alembic_tree import Tree

_WITHOUT = "Without the project's dependencies its migrations cannot be imported."
_TRY_IT = "Run the same command in a new virtual environment to see the error."
_CHOOSE = "Set `install` to a command that installs the dependencies."
_SLOW = "Set `timeout` to a higher number of seconds if the command is only slow."
_THE_LOG = " The log has its last lines."


def of_command(error: InstallError, host: Host, python: str) -> ProjectCodeError:
    """Return the error of the user's own command."""
    return _failed(f"The install command {error.how}: {error.command}", error, _seen(error, host, python), _TRY_IT)


def of_declaration(error: InstallError, host: Host, python: str, declared: DeclaringFile) -> ProjectCodeError:
    """Return the error of an installation that this program has chosen."""
    what = f"The project's dependencies could not be installed from {declared.name}: {error.command} {error.how}."
    return _failed(what, error, _seen(error, host, python, declared.name), _CHOOSE)


def _seen(error: InstallError, host: Host, python: str, file: str = "") -> Circumstances:
    return Circumstances(output=error.output, file=file, python=python, user=host.user.name)


def _failed(what: str, error: InstallError, seen: Circumstances, otherwise: str) -> ProjectCodeError:
    cause = cause_of(seen) if error.in_time else None
    remedy = cause.remedy if cause else otherwise if error.in_time else _SLOW
    more = _THE_LOG if error.output.strip() and error.in_time else ""
    return ProjectCodeError(what, why=cause.why if cause else _WITHOUT, remedy=remedy + more, details=error.output)


def needs_older_python(
    found: OlderPython, version: str, declared: DeclaringFile, error: ProjectCodeError
) -> ProjectCodeError:
    """Return the error for packages that fit only an older Python, which is not available."""
    return ProjectCodeError(
        f"The project's dependencies could not be installed from {declared.name}: {found.package} {found.lack} "
        f"Python {version}.",
        why=f"It fits Python {found.version}, which is not installed here and could not be downloaded.",
        remedy=f"Set `python-version: {found.version}` on a runner that can download it, or install Python "
        f"{found.version}.",
        details=error.details,
    )


def needs_uv(declared: DeclaringFile) -> ProjectCodeError:
    """Return the error for a machine without uv."""
    return ProjectCodeError(
        f"The project's dependencies are declared in {declared.name}, and only uv installs from it here.",
        why="uv is not on PATH, and the project has no environment: no .venv or venv, and none is active.",
        remedy="Install uv, or create .venv, or set --python or --install.",
    )


def nothing_declared(tree: Tree, below: Sequence[str]) -> ProjectCodeError:
    """Return the error for a project without environment and without declared dependencies."""
    others = f" Other folders have {', '.join(below)}." if below else ""
    example = f"uv pip install -r {below[0]}" if below and below[0].endswith((".txt", ".toml")) else ""
    remedy = f"Set `install` to the command that installs them, such as: {example}" if example else (
        "Add a requirements.txt with Alembic and the database driver, or set `install` to the command that installs "
        "them."
    )  # fmt: skip
    return ProjectCodeError(
        f"No file declares the dependencies of {tree.path}, and no environment has them.",
        why=f"Neither its folder nor one above it has one of: {', '.join(Shape)}.{others}",
        remedy=remedy,
    )


def nothing_found(tree: Tree, note: str) -> ProjectCodeError:
    """Return the error for ``install: none`` where no environment can be used."""
    return ProjectCodeError(
        f"No environment has the dependencies of {tree.path}, and `install: none` installs nothing.",
        why=note or "There is no .venv or venv with Alembic beside it or above it, and no setting `python`.",
        remedy="Create .venv in an earlier step, or set `python`, or remove `install: none`.",
    )
