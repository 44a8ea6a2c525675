"""Every setting, declared once; the command line and the keys of pyproject.toml are derived from it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, TypeAlias
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator

from action import settings_sources as sources
from action.errors import SettingsError
from action.settings_problems import contradictions, invalid
from checks.findings import Severity
from checks.policy import FailOn, Policy

_PROJECT, _SERVER, _JUDGING, _RESULTS, _OTHER = "Project", "PostgreSQL", "Judging", "Results", "Other"
_Text: TypeAlias = Annotated[str, Field(min_length=1)]
_SEVERITIES = "error, warning or notice"


def _setting(
    default: Any, text: str, *, group: str, accepts: str, metavar: str = "", secret: bool = False, **more: Any
) -> Any:
    """Declare a setting; ``accepts`` ends the sentence "accepted: …" of an error."""
    limits = {name: more.pop(name) for name in ("gt", "allow_inf_nan", "pattern") if name in more}
    extra = {"group": group, "metavar": metavar, "accepts": accepts, **more}
    return Field(default=default, description=text, json_schema_extra=extra, repr=not secret, **limits)


class Settings(BaseModel):
    """What the user decides; paths of files and of the project are absolute."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        validate_by_name=True,
        validate_by_alias=True,
        hide_input_in_errors=True,
        coerce_numbers_to_str=True,
        alias_generator=lambda name: name.removesuffix("_file").replace("_", "-"),
    )

    path: Path = _setting(
        Path(),
        "a repository, or a folder of one [.]",
        group=_PROJECT,
        metavar="PATH",
        accepts="an existing folder",
        positional=True,
    )
    tree: tuple[_Text, ...] = _setting(
        (),
        "an Alembic configuration, FILE or FILE:SECTION; repeatable [all]",
        group=_PROJECT,
        metavar="FILE",
        accepts="paths of Alembic configurations",
    )
    base: _Text | None = _setting(
        None,
        "what the work will be merged into, such as origin/main [none]",
        group=_PROJECT,
        metavar="REF",
        accepts="a Git ref such as origin/main",
    )
    python: _Text | None = _setting(
        None,
        "the project's interpreter [.venv or venv, else the active one]",
        group=_PROJECT,
        metavar="FILE",
        accepts="a Python interpreter's path or command",
    )
    env: dict[str, str] = _setting(
        {},
        "a variable for env.py, see below; repeatable",
        group=_PROJECT,
        metavar="NAME=VALUE",
        accepts="NAME=VALUE, or in TOML a table of strings",
        secret=True,
    )
    init: _Text | None = _setting(
        None,
        "makes the base's schema where migrations cannot from empty",
        group=_PROJECT,
        metavar="COMMAND",
        accepts="a shell command",
    )
    timeout: float = _setting(
        600.0,
        "limit for each leg of the rehearsal [600]",
        group=_PROJECT,
        metavar="SECONDS",
        accepts="seconds above 0",
        gt=0,
        allow_inf_nan=False,
    )
    database_url: SecretStr | None = _setting(
        None,
        "use this server, only for scratch databases [boot one]",
        group=_SERVER,
        metavar="URL",
        accepts="postgresql://USER:PASSWORD@HOST:PORT/DATABASE",
    )
    postgres_version: str | None = _setting(
        None,
        "which installed PostgreSQL to boot [the newest]",
        group=_SERVER,
        metavar="VERSION",
        accepts="a version such as 17",
        pattern=r"^[1-9]\d*(\.\d+)?$",
    )
    keep: bool = _setting(
        False, "leave the scratch server up and say how to reach it", group=_SERVER, accepts="true or false"
    )
    fail_on: FailOn = _setting(
        FailOn.ERROR,
        "error, warning or never: what fails the run [error]",
        group=_JUDGING,
        metavar="LEVEL",
        accepts="error, warning or never",
    )
    allow_heads: tuple[_Text, ...] = _setting(
        (),
        "revision or branch label that may be one of many heads; repeatable",
        group=_JUDGING,
        metavar="HEAD",
        accepts="revision ids or branch labels",
    )
    drift_breaks: Severity = _setting(
        Severity.ERROR,
        "of a missing table, column, unique, enum value, ... [error]",
        group=_JUDGING,
        metavar="SEVERITY",
        accepts=_SEVERITIES,
    )
    drift_differs: Severity = _setting(
        Severity.ERROR,
        "of another default, CHECK, index, foreign key, ... [error]",
        group=_JUDGING,
        metavar="SEVERITY",
        accepts=_SEVERITIES,
    )
    drift_cosmetic: Severity = _setting(
        Severity.NOTICE,
        "of other names and comments [notice]",
        group=_JUDGING,
        metavar="SEVERITY",
        accepts=_SEVERITIES,
    )
    json_file: Path | None = _setting(
        None,
        "write the report as JSON",
        group=_RESULTS,
        metavar="FILE",
        accepts="a file in an existing folder",
    )
    markdown_file: Path | None = _setting(
        None,
        "write the report as Markdown",
        group=_RESULTS,
        metavar="FILE",
        accepts="a file in an existing folder",
    )
    save_recording: Path | None = _setting(
        None,
        "write what was seen, to be judged again later",
        group=_RESULTS,
        metavar="FILE",
        accepts="a file in an existing folder",
    )
    recording: Path | None = _setting(
        None,
        "judge a saved recording, without project or database",
        group=_RESULTS,
        metavar="FILE",
        accepts="a file that --save-recording wrote",
    )
    verbose: bool = _setting(
        False,
        "show what the project prints, and tracebacks",
        group=_OTHER,
        accepts="true or false",
        short=("-v",),
    )

    def policy(self) -> Policy:
        """Return the part of the settings that checks may see."""
        return Policy(
            fail_on=self.fail_on,
            allow_heads=self.allow_heads,
            drift_breaks=self.drift_breaks,
            drift_differs=self.drift_differs,
            drift_cosmetic=self.drift_cosmetic,
        )

    @field_validator("tree", "allow_heads", mode="before")
    @classmethod
    def _one_or_more(cls, value: Any) -> Any:
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

    @field_validator("path", "recording", "json_file", "markdown_file", "save_recording")
    @classmethod
    def _is_there(cls, value: Path | None, info: Any) -> Path | None:
        if info.field_name == "path":
            if value is not None and not value.is_dir():
                raise ValueError("not a folder" if value.exists() else "it does not exist")
        elif info.field_name == "recording":
            if value is not None and not value.is_file():
                raise ValueError("not a file" if value.exists() else "it does not exist")
        elif value is not None and (value.is_dir() or not value.parent.is_dir()):
            raise ValueError("it is a folder" if value.is_dir() else "its folder does not exist")
        return value


def load(argv: Sequence[str], cwd: Path) -> Settings:
    """Merge and validate all sources: command line, pyproject.toml, defaults.

    Raises SettingsError with every problem at once, and SystemExit after ``--help`` and ``--version``.
    """
    typed = sources.command_line(sources.parser(Settings), argv, cwd)
    path = (cwd / typed.values.get("path", ".")).resolve()
    found = [typed, *sources.pyproject(path, Settings)]
    values, origins = sources.merge(found, Settings)
    problems = [problem for source in found for problem in source.problems]
    problems += contradictions(values, origins)
    try:
        settings = Settings.model_validate({**values, "path": path})
    except ValidationError as error:
        problems += invalid(error, origins, Settings)
    else:
        if not problems:
            return settings
    count = "a setting is wrong" if len(problems) == 1 else f"{len(problems)} settings are wrong"
    listed = "\n".join(f"  {problem}" for problem in problems)
    raise SettingsError(
        f"{count[0].upper()}{count[1:]}:",
        why=listed,
        remedy="Correct the settings named above; `alembic-checks --help` lists them all.",
    )
