"""The settings of what is rehearsed, and where: the project and its server."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator

from action.settings.declaring import PROJECT, SERVER, Declared, Secrecy, Setting, Text


class ProjectSettings(Declared):
    """What is rehearsed."""

    path: Annotated[
        Path,
        Setting(
            help="a repository, or a folder of one [.]",
            group=PROJECT,
            metavar="PATH",
            accepts="an existing folder",
            positional=True,
        ),
    ] = Path()
    tree: Annotated[
        tuple[Text, ...],
        Setting(
            help="an Alembic configuration, FILE or FILE:SECTION; repeatable [all]",
            input_text="an Alembic configuration, FILE or FILE:SECTION; "
            "several on lines of their own [all that are found]",
            group=PROJECT,
            metavar="FILE",
            accepts="paths of Alembic configurations",
        ),
    ] = ()
    base: Annotated[
        Text | None,
        Setting(
            help="what the work will be merged into, such as origin/main [none]",
            trusted=True,
            input_text="what the work will be merged into, such as main "
            "[the base of the pull request, or what a push started from]",
            group=PROJECT,
            metavar="REF",
            accepts="a Git ref such as origin/main",
        ),
    ] = None
    python: Annotated[
        Text | None,
        Setting(
            help="the project's interpreter [.venv or venv, else the active one]",
            input_text="the project's interpreter, inside the container "
            "[the one that install fills, else .venv or venv]",
            group=PROJECT,
            metavar="FILE",
            accepts="a Python interpreter's path or command",
        ),
    ] = None
    env: Annotated[
        dict[str, str],
        Setting(
            help="a variable for env.py, see below; repeatable",
            input_text="variables for env.py, NAME=VALUE, one on a line; "
            "{url} {host} {port} {user} {password} {database} name the scratch database",
            group=PROJECT,
            metavar="NAME=VALUE",
            accepts="NAME=VALUE, or in TOML a table of strings",
            secrecy=Secrecy.VARIABLES,
        ),
    ] = Field(default_factory=dict)
    install: Annotated[
        Text | None,
        Setting(
            help="installs the project's dependencies into an environment of its own",
            input_text="installs the project's dependencies, such as pip install -r requirements.txt",
            group=PROJECT,
            metavar="COMMAND",
            accepts="a shell command",
        ),
    ] = None
    init: Annotated[
        Text | None,
        Setting(
            help="makes the base's schema where migrations cannot from empty",
            group=PROJECT,
            metavar="COMMAND",
            accepts="a shell command",
        ),
    ] = None
    timeout: Annotated[
        float,
        Field(gt=0, le=604_800, allow_inf_nan=False),
        Setting(
            help="limit for each leg of the rehearsal [600]",
            group=PROJECT,
            metavar="SECONDS",
            accepts="seconds above 0, up to a week",
        ),
    ] = 600.0
    database_url: Annotated[
        SecretStr | None,
        Setting(
            help="use this server, only for scratch databases [boot one]",
            group=SERVER,
            secrecy=Secrecy.PASSWORD,
            metavar="URL",
            accepts="postgresql://USER:PASSWORD@HOST:PORT/DATABASE",
        ),
    ] = None
    postgres_version: Annotated[
        str | None,
        Field(pattern=r"^[1-9]\d*(\.\d+)?$"),
        Setting(
            help="which installed PostgreSQL to boot [the newest]",
            group=SERVER,
            metavar="VERSION",
            accepts="a version such as 17",
        ),
    ] = None
    keep: Annotated[
        bool,
        Setting(
            help="leave the scratch server up and say how to reach it",
            group=SERVER,
            accepts="true or false",
            place="terminal",
        ),
    ] = False

    @field_validator("tree", mode="before")
    @classmethod
    def _several_trees(cls, value: Any) -> Any:
        return (value,) if isinstance(value, str) else value

    @field_validator("env", mode="before")
    @classmethod
    def _pairs(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            items = [str(item) for item in (value if isinstance(value, list | tuple) else [value])]
            if not all("=" in item for item in items):
                raise ValueError("there is no = in it")
            value = dict(item.split("=", 1) for item in items)
        if not all(re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", str(name)) for name in value):
            raise ValueError("the name is not a variable's")
        return value

    @field_validator("database_url")
    @classmethod
    def _is_postgresql(cls, value: SecretStr | None) -> SecretStr | None:
        scheme = urlsplit(value.get_secret_value()).scheme if value else "postgresql"
        if scheme.partition("+")[0] not in ("postgresql", "postgres"):
            raise ValueError("not a URL of PostgreSQL")
        return value

    @field_validator("path")
    @classmethod
    def _is_folder(cls, value: Path) -> Path:
        if not value.is_dir():
            raise ValueError("not a folder" if value.exists() else "it does not exist")
        return value
