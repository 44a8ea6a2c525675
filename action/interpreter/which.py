"""Finds the Python of the project: the one that has its dependencies."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from action.errors import SettingsError
from action.interpreter.host import HERE, Host
from action.project.alembic_tree import Tree
from action.repository.regular import read_regular
from action.sandbox.looking import entries, is_file, is_folder
from action.sandbox.project_user import ProjectUser
from action.supervisor.run_folder import new_folder

_OF_TOOLS = ("_virtualenv.pth", "distutils-precedence.pth")
"""Files of every new environment, which add nothing to its path."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interpreter:
    """The Python of the project."""

    python: str | None
    """None where no environment can be used."""
    note: str = ""
    """Which environment was not used, and why, in a sentence; empty for none."""
    without_alembic: str | None = None
    """The interpreter of an environment that lacks Alembic, where it is the only one."""


def find_interpreter(
    tree: Tree,
    root: Path,
    cleanup: ExitStack,
    *,
    chosen: str | None = None,
    installed: str | None = None,
    host: Host = HERE,
) -> Interpreter:
    """Return ``chosen``, else ``installed``, else that of the project's ``.venv`` or ``venv``, or an active one.

    Where the interpreter of an environment is not in our container, the host's own Python of the same version uses the
    packages of that environment; ``cleanup`` removes what that needs. Raises SettingsError for a chosen interpreter
    that cannot run.
    """
    if chosen is not None:
        return Interpreter(python=_chosen(chosen, host.user))
    if installed is not None:
        return Interpreter(python=installed)
    found = [folder for folder in _environments(tree, root, host.environ) if _is_environment(folder)]
    usable = [folder for folder in found if _has_alembic(folder)]
    for folder in usable:
        if host.user.can_run(str(folder / "bin" / "python")):
            return Interpreter(python=str(folder / "bin" / "python"))
    if usable and host.user.is_another:
        return _lent(usable[0], host.own, cleanup)
    if not found:
        return Interpreter(python=None)
    python = str(found[0] / "bin" / "python")
    lesser = python if host.user.can_run(python) else None
    return Interpreter(python=None, note=f"{found[0]} has no Alembic.", without_alembic=lesser)


def _is_environment(folder: Path) -> bool:
    return is_file(folder / "pyvenv.cfg") or is_folder(folder / "conda-meta")


def _has_alembic(folder: Path) -> bool:
    """Return whether an environment can have Alembic: as its own package, or from where it looks for others."""
    packages = _packages_of(folder)
    if any(is_folder(path / "alembic") for path in packages):
        return True
    others = any(
        is_file(path)
        for each in packages
        for path in entries(each)
        if path.suffix == ".pth" and path.name not in _OF_TOOLS
    )
    return others or _sees_the_systems(folder)


def _sees_the_systems(folder: Path) -> bool:
    try:
        text = read_regular(folder / "pyvenv.cfg", most=1 << 16).decode("utf-8", "replace")
    except OSError:
        return False
    return re.search(r"include-system-site-packages\s*=\s*true", text, re.IGNORECASE) is not None


def _packages_of(folder: Path) -> list[Path]:
    return sorted(folder.glob("lib/python*/site-packages"))


def _chosen(chosen: str, user: ProjectUser) -> str:
    found = shutil.which(chosen)
    if found is None:
        raise SettingsError(
            f"--python {chosen}: this interpreter does not exist.",
            why="The project's migrations run in it.",
            remedy="Set --python to a Python that has the project's dependencies, such as .venv/bin/python.",
        )
    python = str(Path(found).absolute())  # not resolved: a virtual environment's python is a link to another one
    if not user.can_run(python):
        raise SettingsError(
            f"--python {chosen}: the user {user.name}, who runs the project's code, cannot start this interpreter.",
            why="Other users may not read its files, or the files that it links to do not exist here.",
            remedy="Remove `python`: the project's dependencies are then installed for this run.",
        )
    return python


def _environments(tree: Tree, root: Path, environ: Mapping[str, str]) -> Iterator[Path]:
    """Yield the folders of possible environments: nearest to the tree first, up to the repository's root."""
    folders = [tree.workdir, tree.config_file.parent, *tree.workdir.parents]
    for folder in dict.fromkeys(folders):
        if folder.is_relative_to(root):
            yield folder / ".venv"
            yield folder / "venv"
    active = environ.get("VIRTUAL_ENV")
    if active:
        yield Path(active)
    if environ.get("CONDA_PREFIX") and environ.get("CONDA_DEFAULT_ENV", "base") != "base":
        yield Path(environ["CONDA_PREFIX"])


def _lent(folder: Path, own: str, cleanup: ExitStack) -> Interpreter:
    """Return an interpreter of ours with the packages of an environment whose own interpreter cannot start."""
    packages = _packages_of(folder)
    versions = [path.parent.name.removeprefix("python") for path in packages]
    if version_of(own) not in versions:
        theirs, ours = ", ".join(versions) or "an unknown version", version_of(own)
        note = f"{folder} needs Python {theirs}, which is not installed here; Python {ours} is."
        return Interpreter(python=None, note=note)
    made = cleanup.enter_context(new_folder("python-"))
    made.chmod(0o755)
    subprocess.run(
        [own, "-I", "-m", "venv", "--without-pip", str(made)],
        cwd="/",
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=True,
    )
    lent = packages[versions.index(version_of(own))]
    for site_packages in made.glob("lib/python*/site-packages"):
        # As a virtual environment has it: the .pth files of editable installations are read too.
        (site_packages / "lent.pth").write_text(f"import site; site.addsitedir({str(lent)!r})\n", encoding="utf-8")
    return Interpreter(python=str(made / "bin" / "python"))


@cache
def version_of(python: str) -> str:
    """Return the version in the name of an interpreter's package folder: ``3.13``."""
    code = "import sys; print('%d.%d' % sys.version_info[:2])"
    done = subprocess.run([python, "-I", "-S", "-c", code], cwd="/", capture_output=True, text=True, check=True)
    return done.stdout.strip()
