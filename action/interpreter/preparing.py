"""Prepares the Python of each tree: an environment that is there, else one with what the project declares."""

from __future__ import annotations

from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from action.errors import ProjectCodeError
from action.interpreter.apt import install_debian_packages
from action.interpreter.by_command import run_install_command
from action.interpreter.declared import DeclaringFile, Shape, declared_below, declared_for
from action.interpreter.environments import find_uv, make_environment, place_for_environments
from action.interpreter.failed_installation import needs_uv, nothing_declared, nothing_found, of_declaration
from action.interpreter.host import Host
from action.interpreter.installer import Installer, InstallError
from action.interpreter.prepared import Prepared
from action.interpreter.python_attempts import PythonAttempts
from action.interpreter.python_version import ANY, WantedPython, allows, wanted_python
from action.interpreter.which import find_interpreter, version_of
from action.project.alembic_tree import Tree
from action.settings import Settings
from action.settings.dependencies import AUTO, NONE

_OWN = (
    "The project declares no dependencies, so its migrations ran in the Python of alembic-checks, with the versions of "
    "Alembic and SQLAlchemy there. Declare them in requirements.txt, or set `install` or `python`."
)


class InstallationProgress(Protocol):
    """Shows the parts of a run."""

    def phase(self, name: str) -> AbstractContextManager[None]:
        """Show a part while the block runs."""

    def say(self, text: str) -> None:
        """Show a line."""


_INSTALLING = "installing the project's dependencies"


@dataclass(slots=True, kw_only=True)
class Preparation:
    """Prepares the Python of one tree after the other."""

    settings: Settings
    root: Path
    cleanup: ExitStack
    host: Host
    progress: InstallationProgress
    _installed: dict[tuple[Path, Path], Prepared] = field(default_factory=dict)
    _commanded: str | None = None
    _is_ready: bool = False

    @property
    def command(self) -> str | None:
        """Return the user's own command."""
        return None if self.settings.install in (AUTO, NONE) else self.settings.install

    def of(self, tree: Tree) -> Prepared:
        """Return the Python of a tree's project.

        Raises ProjectCodeError for a command of the user's that fails, SettingsError for a Python that cannot run.
        """
        settings = self.settings
        if self.command is not None and self._commanded is None:
            with self.progress.phase(_INSTALLING):
                self._commanded = self._by_command(self.command)
        found = find_interpreter(
            tree, self.root, self.cleanup, chosen=settings.python, installed=self._commanded, host=self.host
        )
        if found.python:
            return Prepared(python=found.python, lacking=found.note)
        if found.without_alembic and (settings.install == NONE or declared_for(tree, self.root) is None):
            return Prepared(python=found.without_alembic, lacking=found.note)
        prepared = self._by_declaration(tree, found.note)
        prepared.lacking = found.note
        return prepared

    def _by_command(self, command: str) -> str:
        self._before()
        folder = self.settings.path
        wanted = wanted_python(folder, self.root, self.settings.python_version)
        return run_install_command(command, folder, self._installer(), self.cleanup, wanted)

    def _by_declaration(self, tree: Tree, note: str) -> Prepared:
        declared = declared_for(tree, self.root)
        if declared is None and not self.host.user.is_another:
            return Prepared(python=self.host.own, note=_OWN)
        if self.settings.install == NONE:
            return Prepared(python=self.host.own, error=nothing_found(tree, note))
        if declared is None:
            return Prepared(python=self.host.own, error=nothing_declared(tree, declared_below(self.root)))
        key = (declared.file, declared.folder)
        if key not in self._installed:
            try:
                with self.progress.phase(_INSTALLING):
                    self._installed[key] = self._install(declared)
                self.progress.say(self._installed[key].note)
            except ProjectCodeError as error:
                self._installed[key] = Prepared(python=self.host.own, error=error)
        return self._installed[key]

    def _install(self, declared: DeclaringFile) -> Prepared:
        self._before()
        wanted = wanted_python(declared.folder, self.root, self.settings.python_version)
        uv, installer = find_uv(self.host), self._installer()
        if uv is None:
            return self._by_pip(declared, installer)
        attempts = PythonAttempts(
            uv=uv,
            installer=installer,
            place=place_for_environments(self.cleanup, self.host),
            declared=declared,
            cleanup=self.cleanup,
            any_python=self._overrides(declared),
        )
        installation = attempts.install(wanted, self._preferred(wanted))
        python = installation.by.environment / "bin" / "python"
        return Prepared(python=str(python), note=installation.note, installation=installation)

    def _by_pip(self, declared: DeclaringFile, installer: Installer) -> Prepared:
        if declared.shape is not Shape.REQUIREMENTS:
            raise needs_uv(declared)
        made = make_environment(place_for_environments(self.cleanup, self.host), installer, None, ANY)
        python = str(made / "bin" / "python")
        command = [python, "-m", "pip", "install", "-r", str(declared.file)]
        try:
            installer.run(command, cwd=declared.folder, into=made, named=f"pip install -r {declared.name}")
        except InstallError as error:
            raise of_declaration(error, self.host, version_of(self.host.own), declared) from None
        note = f"The project's dependencies were installed from {declared.name}. To choose otherwise, set `install`."
        return Prepared(python=python, note=note)

    def _overrides(self, declared: DeclaringFile) -> bool:
        """Return whether the setting names another Python than the project asks for."""
        version = self.settings.python_version
        return version is not None and not wanted_python(declared.folder, self.root).is_met_by(version)

    def _preferred(self, wanted: WantedPython) -> WantedPython:
        """Return our own Python where the project allows it: no other has to be found or downloaded then."""
        version, own = version_of(self.host.own), self.host.own
        if not wanted.request or wanted.is_met_by(version):
            return replace(wanted, request=own)
        if wanted.otherwise is not None and allows(wanted.otherwise, version):
            return replace(wanted, otherwise=own)
        return wanted

    def _before(self) -> None:
        """Install the Debian packages of the setting, once."""
        if not self._is_ready and self.host.user.is_another:
            install_debian_packages(self.settings.apt_packages, self.settings.timeout)
        self._is_ready = True

    def _installer(self) -> Installer:
        settings = self.settings
        cache = settings.cache_dir if self.host.user.is_another else None
        return Installer(host=self.host, timeout=settings.timeout, env=settings.env, cache=cache)
