"""Installs a project with the Python that it asks for, and with an older one where its packages fit only that."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from action.errors import ProjectCodeError
from action.interpreter.by_uv import ByUv
from action.interpreter.declared import DeclaringFile
from action.interpreter.environments import make_environment, version_in
from action.interpreter.failed_installation import needs_older_python
from action.interpreter.fitting_python import OlderPython, WheelSearch
from action.interpreter.installer import Installer
from action.interpreter.prepared import Installation
from action.interpreter.python_version import WantedPython, older_versions

_MOST = 3
"""Environments for one project: most need one, and one with old pins two."""


@dataclass(slots=True, kw_only=True)
class PythonAttempts:
    """The environments of one project, until its dependencies are in one of them."""

    uv: str
    installer: Installer
    place: Path
    declared: DeclaringFile
    cleanup: ExitStack
    any_python: bool = False
    """Whether the setting names a Python that the project does not ask for."""

    def install(self, wanted: WantedPython, preferred: WantedPython) -> Installation:
        """Return the project's dependencies in the first environment that they fit; ``preferred`` is tried first.

        Raises ProjectCodeError.
        """
        made = self._environment(preferred)
        first = version_in(made)
        older, because = older_versions(first, wanted), ""
        lacking: OlderPython | None = None
        for attempt in range(_MOST + len(older)):
            try:
                return self._installed(made, wanted, older if attempt < _MOST else (), because)
            except OlderPython as found:
                older = older[older.index(found.version) + 1 :]
                lacking, newer = lacking or found, self._environment_of(found.version)
                if newer is not None:
                    made = newer
                    because = f"because {lacking.package.replace('==', ' ')} {lacking.lack} {first}"
            except ProjectCodeError as error:
                raise self._without(lacking, version_in(made), error) from None
        raise AssertionError("the last attempt has no older Python")

    def _without(self, lacking: OlderPython | None, version: str, error: ProjectCodeError) -> ProjectCodeError:
        """Return the error with the Python that it needs, where it was not available."""
        if lacking is None or version == lacking.version:
            return error
        return needs_older_python(lacking, version, self.declared, error)

    def _environment_of(self, version: str) -> Path | None:
        """Return an environment of a version; None where that is not installed, and cannot be downloaded."""
        try:
            return self._environment(WantedPython(request=version))
        except ProjectCodeError:
            return None

    def _environment(self, wanted: WantedPython) -> Path:
        return make_environment(self.place, self.installer, self.uv, wanted)

    def _installed(self, made: Path, wanted: WantedPython, older: Sequence[str], because: str) -> Installation:
        search = WheelSearch(
            uv=self.uv, installer=self.installer, environment=made, version=version_in(made), older=older
        )
        by = ByUv(
            uv=self.uv,
            installer=self.installer,
            environment=made,
            declared=self.declared,
            cleanup=self.cleanup,
            any_python=self.any_python,
            wheels=search if older else None,
        )
        installation = Installation(by=by, wanted=wanted, because=because)
        installation.install()
        return installation
