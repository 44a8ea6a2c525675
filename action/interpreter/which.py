"""Finds the Python of the project: the one that has its dependencies."""

from __future__ import annotations

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
from action.sandbox.looking import is_file
from action.sandbox.project_user import ProjectUser
from action.supervisor.run_folder import new_folder


@dataclass(frozen=True, slots=True, kw_only=True)
class Interpreter:
    """The Python of the project."""

    python: str
    note: str = ""
    """Which environment was not used, and why, in a sentence; empty for none."""


def find_interpreter(
    tree: Tree,
    root: Path,
    cleanup: ExitStack,
    *,
    chosen: str | None = None,
    installed: str | None = None,
    host: Host = HERE,
) -> Interpreter:
    """Return ``chosen``, else ``installed``, the project's ``.venv`` or ``venv``, an active one, the host's own.

    Where the interpreter of an environment is not in our container, the host's own Python of the same version uses the
    packages of that environment; ``cleanup`` removes what that needs. Raises SettingsError for a chosen interpreter
    that cannot run.
    """
    if chosen is not None:
        return Interpreter(python=_chosen(chosen, host.user))
    if installed is not None:
        return Interpreter(python=installed)
    found = [folder for folder in _environments(tree, root, host.environ) if is_file(folder / "pyvenv.cfg")]
    for folder in found:
        if host.user.can_run(str(folder / "bin" / "python")):
            return Interpreter(python=str(folder / "bin" / "python"))
    if found and host.user.is_another:
        return _lent(found[0], host.own, cleanup)
    return Interpreter(python=host.own)


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
            remedy="Remove `python`, and set `install` to the command that installs the project's dependencies.",
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


def _lent(folder: Path, own: str, cleanup: ExitStack) -> Interpreter:
    """Return an interpreter of ours with the packages of an environment whose own interpreter cannot start."""
    packages = sorted(folder.glob("lib/python*/site-packages"))
    versions = [path.parent.name.removeprefix("python") for path in packages]
    if version_of(own) not in versions:
        theirs, ours = ", ".join(versions) or "an unknown version", version_of(own)
        note = f"{folder} needs Python {theirs}, which is not installed here; Python {ours} is."
        return Interpreter(python=own, note=note)
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
