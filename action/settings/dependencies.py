"""The settings of the project's Python and of the packages in it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, field_validator

from action.settings.declaring import DEPENDENCIES, Declared, Setting, Text

AUTO, NONE = "auto", "none"
_PACKAGE = re.compile(r"[a-z0-9][a-z0-9+.-]*[a-z0-9+]")
"""The name of a Debian package (Debian Policy, 5.6.7); at its end apt-get reads - as "remove"."""


class DependencySettings(Declared):
    """The Python that the project runs in, and how its packages get there."""

    install: Annotated[
        Text,
        Setting(
            help="How to install the project's dependencies where no environment has them: auto finds the project's "
            "own files, none installs nothing, anything else is a command, which always runs. Default: auto",
            input_text="How to install the project's dependencies: auto finds the project's own files, such as "
            "uv.lock or requirements.txt; none installs nothing; anything else is a command. Default: auto",
            group=DEPENDENCIES,
            metavar="COMMAND",
            accepts="auto, none or a shell command",
            is_input=True,
        ),
    ] = AUTO
    python: Annotated[
        Text | None,
        Setting(
            help="Python interpreter of the project. Default: .venv or venv, else the active one, else `install`",
            input_text="Python interpreter of the project, inside the container. "
            "Default: .venv or venv, else the environment that `install` fills",
            group=DEPENDENCIES,
            metavar="FILE",
            accepts="a Python interpreter's path or command",
        ),
    ] = None
    python_version: Annotated[
        str | None,
        Field(pattern=r"^(3\.\d{1,2}(\.\d{1,2})?|((~=|==|!=|<=?|>=?)\s*3(\.\d{1,2}(\.(\d{1,2}|\*))?)?(,\s*)?)+)$"),
        Setting(
            help="Python version to install the dependencies for, such as 3.12. Default: what the project asks for",
            group=DEPENDENCIES,
            metavar="VERSION",
            accepts="a version such as 3.12, or a range such as >=3.11,<3.13",
            is_input=True,
        ),
    ] = None
    apt_packages: Annotated[
        tuple[str, ...],
        Setting(
            help="Debian packages to install first, for dependencies that are compiled, such as libldap-dev. "
            "Default: none",
            group=DEPENDENCIES,
            metavar="NAMES",
            accepts="names of Debian packages",
            place="action",
            is_input=True,
            trusted=True,
        ),
    ] = ()
    cache_dir: Annotated[
        Path | None,
        Setting(
            help="Folder in the workspace for downloaded packages, to keep with actions/cache. Default: none",
            group=DEPENDENCIES,
            metavar="FOLDER",
            accepts="a folder in the workspace",
            place="action",
            is_input=True,
            trusted=True,
        ),
    ] = None

    @field_validator("install")
    @classmethod
    def _word_in_any_case(cls, value: str) -> str:
        word = value.strip().lower()
        return word if word in (AUTO, NONE) else value

    @field_validator("apt_packages", mode="before")
    @classmethod
    def _package_names(cls, value: Any) -> Any:
        names = re.split(r"[\s,]+", " ".join([value] if isinstance(value, str) else map(str, value)).strip())
        if not all(_PACKAGE.fullmatch(name) for name in names if name):
            raise ValueError("not the name of a Debian package")
        return tuple(name for name in names if name)
