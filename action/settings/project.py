"""The settings of the project whose migrations run, and of the PostgreSQL server that they run on."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import unquote, urlsplit

from pydantic import Field, SecretStr, field_validator

from action.settings.declaring import PROJECT, SERVER, Declared, Secrecy, Setting, Text
from action.settings.named_paths import existing_folder


class ProjectSettings(Declared):
    """The project and the server."""

    path: Annotated[
        Path,
        Setting(
            help="Directory to check. Default: .",
            group=PROJECT,
            metavar="PATH",
            accepts="an existing folder",
            positional=True,
        ),
    ] = Path()
    tree: Annotated[
        tuple[Text, ...],
        Setting(
            help="Alembic config, as FILE or FILE:SECTION; repeatable. Default: all",
            input_text="Alembic configs, as FILE or FILE:SECTION, one on each line. Default: all",
            group=PROJECT,
            metavar="FILE",
            accepts="paths of Alembic configs",
        ),
    ] = ()
    base: Annotated[
        Text | None,
        Setting(
            help="Git ref to compare with, such as origin/main. Default: none",
            trusted=True,
            input_text="Git ref to compare with, such as main. "
            "Default: the base of the pull request, or the commit before the push",
            group=PROJECT,
            metavar="REF",
            accepts="a Git ref such as origin/main",
        ),
    ] = None
    python: Annotated[
        Text | None,
        Setting(
            help="Python interpreter of the project. Default: .venv or venv, else the active one",
            input_text="Python interpreter of the project, inside the container. "
            "Default: the environment that `install` fills, else .venv or venv",
            group=PROJECT,
            metavar="FILE",
            accepts="a Python interpreter's path or command",
        ),
    ] = None
    env: Annotated[
        dict[str, str],
        Setting(
            help="Environment variable for the project, see below; repeatable",
            input_text="Environment variables for the project, as NAME=VALUE, one on each line. "
            "{url} {host} {port} {user} {password} {database} in a value stand for the scratch database",
            group=PROJECT,
            metavar="NAME=VALUE",
            accepts="NAME=VALUE, or in TOML a table of strings",
            secrecy=Secrecy.VARIABLES,
        ),
    ] = Field(default_factory=dict)
    env_files: Annotated[
        tuple[Text, ...],
        Setting(
            help="File with values for variables that env.py lacks, or none; repeatable. Default: all examples",
            input_text="Files with values for variables that env.py lacks, one on each line, or none. "
            "Default: all, which is .env.example, Compose files and their like",
            group=PROJECT,
            metavar="FILE",
            accepts="paths in the repository, all or none",
        ),
    ] = ("all",)
    install: Annotated[
        Text | None,
        Setting(
            help="Command that installs the project's dependencies, into a separate environment",
            input_text="Command that installs the project's dependencies, such as pip install -r requirements.txt",
            group=PROJECT,
            metavar="COMMAND",
            accepts="a shell command",
        ),
    ] = None
    init: Annotated[
        Text | None,
        Setting(
            help="Command that creates the base schema when migrations cannot start from an empty database",
            group=PROJECT,
            metavar="COMMAND",
            accepts="a command, which runs without a shell",
        ),
    ] = None
    schema_file: Annotated[
        Path | None,
        Setting(
            help="Plain dump of production's schema with its version rows, in the repository; creates the base schema",
            group=PROJECT,
            metavar="FILE",
            accepts="the path of a file that pg_dump --schema-only wrote",
            trusted=True,
        ),
    ] = None
    timeout: Annotated[
        float,
        Field(gt=0, le=604_800, allow_inf_nan=False),
        Setting(
            help="Seconds allowed for one migration run. Default: 600",
            group=PROJECT,
            metavar="SECONDS",
            accepts="seconds above 0, up to a week",
        ),
    ] = 600.0
    database_url: Annotated[
        SecretStr | None,
        Setting(
            help="PostgreSQL server to create scratch databases on. Default: start one",
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
            help="Version of the installed PostgreSQL to start. Default: the newest",
            group=SERVER,
            metavar="VERSION",
            accepts="a version such as 17",
        ),
    ] = None
    superuser: Annotated[
        bool,
        Setting(
            help="Run migrations as a superuser of the server that is started. Default: false",
            group=SERVER,
            accepts="true or false",
            trusted=True,
        ),
    ] = False
    keep: Annotated[
        bool,
        Setting(
            help="Keep the scratch server running after the run, and print how to connect to it",
            group=SERVER,
            accepts="true or false",
            place="terminal",
        ),
    ] = False

    @field_validator("tree", "env_files", mode="before")
    @classmethod
    def _several_trees(cls, value: Any) -> Any:
        return (value,) if isinstance(value, str) else value

    @field_validator("env", mode="before")
    @classmethod
    def _pairs(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            items = [str(item) for item in (value if isinstance(value, list | tuple) else [value])]
            if not all("=" in item for item in items):
                raise ValueError("it has no =")
            value = dict(item.split("=", 1) for item in items)
        if not all(re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", str(name)) for name in value):
            raise ValueError("not the name of a variable")
        if any("\0" in str(text) for text in value.values()):
            raise ValueError("a value has a NUL character")
        return value

    @field_validator("env_files")
    @classmethod
    def _are_files(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if len(value) > 1 and {"all", "none"} & set(value):
            raise ValueError("all and none stand alone")
        if any(Path(name).is_absolute() or ".." in Path(name).parts for name in value):
            raise ValueError("it is not in the repository")
        return value

    @field_validator("database_url")
    @classmethod
    def _is_postgresql(cls, value: SecretStr | None) -> SecretStr | None:
        url = value.get_secret_value() if value else "postgresql:"
        if "\0" in unquote(url):
            raise ValueError("it has a NUL character")
        if any("\ud800" <= character <= "\udfff" for character in url):
            raise ValueError("it is not UTF-8")
        scheme = urlsplit(url).scheme
        if scheme.partition("+")[0] not in ("postgresql", "postgres"):
            raise ValueError("not a PostgreSQL URL")
        return value

    @field_validator("path")
    @classmethod
    def _is_folder(cls, value: Path) -> Path:
        return existing_folder(value)
