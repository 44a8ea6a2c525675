"""The settings of the project whose migrations run."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, field_validator

from action.settings.declaring import PROJECT, Declared, Secrecy, Setting, Text, Texts
from action.settings.named_paths import existing_folder


class ProjectSettings(Declared):
    """The project."""

    path: Annotated[
        Path,
        Field(alias="working-directory"),
        Setting(
            help="Directory to check. Default: .",
            group=PROJECT,
            metavar="PATH",
            accepts="an existing folder",
            is_input=True,
            aliases=("path",),
            trusted=True,
            positional=True,
        ),
    ] = Path()
    tree: Annotated[
        Texts,
        Setting(
            help="Alembic config, as FILE or FILE:SECTION; repeatable. Default: all",
            input_text="Alembic configs, as FILE or FILE:SECTION, one on each line. Default: all",
            group=PROJECT,
            metavar="FILE",
            accepts="paths of Alembic configs",
            is_input=True,
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
    env: Annotated[
        dict[str, str],
        Setting(
            help="Environment variable for the project, see below; repeatable. Default: none",
            input_text="Environment variables for the project, as NAME=VALUE, one on each line. "
            "{url} {host} {port} {user} {password} {database} in a value stand for the scratch database. Default: none",
            group=PROJECT,
            metavar="NAME=VALUE",
            accepts="NAME=VALUE, or in TOML a table of strings",
            secrecy=Secrecy.VARIABLES,
            is_input=True,
        ),
    ] = Field(default_factory=dict)
    env_files: Annotated[
        Texts,
        Setting(
            help="File with values for variables that env.py lacks, or none; repeatable. Default: all examples",
            input_text="Files with values for variables that env.py lacks, one on each line, or none. "
            "Default: all, which is .env.example, Compose files and their like",
            group=PROJECT,
            metavar="FILE",
            accepts="paths in the repository, all or none",
        ),
    ] = ("all",)
    init: Annotated[
        Text | None,
        Setting(
            help="Command that creates the base schema when migrations cannot start from an empty database. "
            "Default: none",
            group=PROJECT,
            is_input=True,
            metavar="COMMAND",
            accepts="a command, which runs without a shell",
        ),
    ] = None
    schema_file: Annotated[
        Path | None,
        Setting(
            help="Plain dump of production's schema with its version rows, in the repository; creates the base schema. "
            "Default: none",
            group=PROJECT,
            is_input=True,
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
        value = tuple(name.lower() if name.lower() in ("all", "none") else name for name in value)
        if len(value) > 1 and {"all", "none"} & set(value):
            raise ValueError("all and none stand alone")
        if any(Path(name).is_absolute() or ".." in Path(name).parts for name in value):
            raise ValueError("it is not in the repository")
        return value

    @field_validator("path")
    @classmethod
    def _is_folder(cls, value: Path) -> Path:
        return existing_folder(value)
