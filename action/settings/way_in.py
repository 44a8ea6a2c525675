"""The settings that say how the project itself gets to its migrations."""

from __future__ import annotations

import re
import shlex
from typing import Annotated

from pydantic import field_validator

from action.settings.declaring import PROJECT, Declared, Setting, Text, Texts


class WayInSettings(Declared):
    """The project's own Config, its own command, and what they are given."""

    alembic_config: Annotated[
        Text | None,
        Setting(
            help="The project's own alembic Config, as package.module:name; a function is called. "
            "Default: the Alembic config file",
            group=PROJECT,
            metavar="OBJECT",
            accepts="package.module:name",
        ),
    ] = None
    command: Annotated[
        Text | None,
        Setting(
            help="Command of the project that upgrades its database, such as flask db upgrade. Default: none, or the "
            "framework's",
            group=PROJECT,
            metavar="COMMAND",
            accepts="a command, which runs without a shell",
            is_input=True,
        ),
    ] = None
    x_args: Annotated[
        Texts,
        Setting(
            help="Argument for env.py, as `alembic -x NAME=VALUE`; repeatable. Default: none",
            input_text="Arguments for env.py, as `alembic -x` takes them: NAME=VALUE, one on each line. Default: none",
            group=PROJECT,
            metavar="NAME=VALUE",
            accepts="NAME=VALUE, or in TOML a list of them",
        ),
    ] = ()

    @field_validator("alembic_config")
    @classmethod
    def _names_an_object(cls, value: str | None) -> str | None:
        if value is not None and re.fullmatch(r"\w+(\.\w+)*:\w+(\.\w+)*", value) is None:
            raise ValueError("it does not name an object of a module")
        return value

    @field_validator("command")
    @classmethod
    def _can_be_split(cls, value: str | None) -> str | None:
        if value is not None and not shlex.split(value):
            raise ValueError("it is empty")
        return value
