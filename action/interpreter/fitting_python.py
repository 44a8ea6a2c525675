"""Which older Python has wheels for pinned packages that the newest one would have to compile."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from action.interpreter.installer import Installer, InstallError

_NO_WHEEL = re.compile(r"\b([A-Za-z0-9][\w.-]*==[\w.!+-]+?) has no (?:usable )?wheels?\b")
_NOT_BUILT = re.compile(r"Failed to (?:download and )?build `([A-Za-z0-9][\w.-]*==[^`\s]+)`")
_NOT_WITH_313 = re.compile(r"^(sqlalchemy==2\.0\.(?:0(?:a|b|rc)\d+|[12]?\d|30))(?![\w.])", re.MULTILINE)
"""SQLAlchemy 2.0 before 2.0.31 installs with Python 3.13, and importing it fails."""
_FITS = "3.12"
_MOST_PACKAGES = 12
"""Packages without a wheel that are looked at, before the installer is left to its own."""


class OlderPython(Exception):
    """Packages that do not fit a Python have wheels for an older one."""

    def __init__(self, version: str, package: str, lack: str = "has no wheel for") -> None:
        super().__init__(version)
        self.version = version
        self.package = package
        """The first that does not fit the Python at hand, such as ``greenlet==1.1.0``."""
        self.lack = lack
        """What is between the package and the Python in a sentence."""


@dataclass(slots=True, kw_only=True)
class WheelSearch:
    """Asks uv which packages have wheels, without building anything and without the Python that it asks about."""

    uv: str
    installer: Installer
    environment: Path
    version: str
    """The Python of the environment, such as ``3.13``."""
    older: Sequence[str]
    """The versions to try instead, the newest first."""
    _known: dict[str, str] = field(default_factory=dict)

    def look(self, arguments: Sequence[str], cwd: Path) -> None:
        """Raise OlderPython where packages lack a wheel that an older Python has.

        ``arguments`` name the requirements as for ``uv pip compile``. What uv cannot say is left to the installation.
        """
        version, first, compiled = self.version, "", list[str]()
        while len(compiled) < _MOST_PACKAGES:
            package, resolved = self._lacking(version, arguments, compiled, cwd)
            unfit = unfit_for(version, resolved) if _FITS in self.older else ""
            if unfit:
                raise OlderPython(_FITS, unfit, "does not run with")
            if not package:
                break
            other = self._newest_with(package, cwd, below=version)
            if other:
                version, first = other, first or package
            else:
                compiled.append(package.partition("==")[0])
        if first:
            raise OlderPython(version, first)

    def after(self, error: InstallError, cwd: Path) -> None:
        """Raise OlderPython where a package could not be built that has a wheel for an older Python."""
        found = _NOT_BUILT.search(error.output)
        other = self._newest_with(found[1], cwd, below=self.version) if found else ""
        if found and other:
            raise OlderPython(other, found[1])

    def _newest_with(self, package: str, cwd: Path, *, below: str) -> str:
        """Return the newest version of Python that a package has a wheel for; empty for none."""
        for version in self.older:
            if _number(version) < _number(below):
                key = f"{package} {version}"
                if key not in self._known:
                    words = ["/bin/sh", "-c", 'echo "$0" | "$@"', package]
                    command = [*words, *self._compile(version), "--no-deps", "-"]
                    self._known[key] = self._lacking_of(command, cwd)[0]
                if not self._known[key]:
                    return version
        return ""

    def _lacking(self, version: str, arguments: Iterable[str], compiled: Sequence[str], cwd: Path) -> tuple[str, str]:
        built = [word for name in compiled for word in ("--no-binary", name)]
        # With dependencies, uv would build what has no wheel to learn them.
        return self._lacking_of(
            [
                *self._compile(version),
                *built,
                *(["--no-deps"] if compiled and "--no-deps" not in arguments else []),
                *arguments,
            ],
            cwd,
        )

    def _compile(self, version: str) -> list[str]:
        python = str(self.environment / "bin" / "python")
        command = [self.uv, "pip", "compile", "--quiet", "--no-header", "--no-annotate", "--python", python]
        return [*command, "--python-version", version, "--only-binary", ":all:"]

    def _lacking_of(self, command: Sequence[str], cwd: Path) -> tuple[str, str]:
        """Return the package that uv finds no wheel for, empty where that is not the fault, and all that it chose."""
        try:
            return "", self.installer.run(command, cwd=cwd, into=self.environment, named="uv pip compile")
        except InstallError as error:
            found = _NO_WHEEL.search(re.sub(r"\s+", " ", error.output))
            return (found[1] if found else ""), ""


def unfit_for(version: str, resolved: str) -> str:
    """Return the package of a resolution that installs with a Python but cannot be imported; empty for none."""
    found = _NOT_WITH_313.search(resolved) if _number(version) > _number(_FITS) else None
    return found[1] if found else ""


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
