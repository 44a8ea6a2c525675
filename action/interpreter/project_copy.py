"""Copies of the repository that its code may be built in: nothing of the project's may write into the checkout."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

from action.interpreter.installer import Installer
from action.supervisor.run_folder import new_folder

_COPY = """
import shutil, sys
skipped = shutil.ignore_patterns(".git", ".hg", "node_modules", ".venv", "venv", ".tox", "__pycache__", ".mypy_cache")
try:
    shutil.copytree(sys.argv[1], sys.argv[2], symlinks=True, ignore=skipped)
except shutil.Error:
    pass  # what this user may not read is no part of a build
"""
_POINT_TO = """
import pathlib, sys, sysconfig
old, new = sys.argv[1:]
for file in pathlib.Path(sysconfig.get_path("purelib")).glob("*"):
    if file.suffix in (".pth", ".egg-link") or file.name.startswith("__editable__"):
        text = file.read_text()
        if old in text:
            file.write_text(text.replace(old, new))
"""
_ADD = """
import pathlib, sys, sysconfig
lines = "".join(entry + "\\n" for entry in sys.argv[1:])
pathlib.Path(sysconfig.get_path("purelib"), "alembic_checks_project.pth").write_text(lines)
"""
_DESCRIBE = """
import pathlib, re, sys, sysconfig
name, version = sys.argv[1:]
folder = pathlib.Path(sysconfig.get_path("purelib"), "%s-%s.dist-info" % (re.sub("[-_.]+", "_", name), version))
folder.mkdir(exist_ok=True)
folder.joinpath("METADATA").write_text("Metadata-Version: 2.1\\nName: %s\\nVersion: %s\\n" % (name, version))
"""


def project_copy(root: Path, installer: Installer, environment: Path, cleanup: ExitStack) -> Path:
    """Return a copy of the repository, without history; made by the project's user, of what this user may read.

    Raises InstallError.
    """
    made = cleanup.enter_context(new_folder("copy-"))
    installer.host.user.own(made)
    copy = made / root.name
    _python(_COPY, [str(root), str(copy)], installer, environment)
    return copy


def made_in_place(copy: Path, root: Path, installer: Installer, environment: Path) -> None:
    """Let what was installed in place from a copy come from the checkout. Raises InstallError."""
    _python(_POINT_TO, [str(copy), str(root)], installer, environment)


def add_to_path(folders: list[Path], installer: Installer, environment: Path) -> None:
    """Put folders of the repository on the path of an environment, as an installation in place does.

    The project's user writes this file: it could have put a link there. Raises InstallError.
    """
    if folders:
        _python(_ADD, [str(folder) for folder in folders], installer, environment)


def describe_project(name: str, version: str, installer: Installer, environment: Path) -> None:
    """Let an environment know the project's name and version, as its installation does. Raises InstallError."""
    _python(_DESCRIBE, [name, version], installer, environment)


def _python(script: str, arguments: list[str], installer: Installer, environment: Path) -> None:
    command = [str(environment / "bin" / "python"), "-I", "-c", script, *arguments]
    installer.run(command, cwd=Path("/"), into=environment, named="copying the project")
