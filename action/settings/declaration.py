"""Every setting, declared once: the command line, the action's inputs and the keys of pyproject.toml follow from it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import SecretStr, field_validator

from action.settings.declaring import A_FILE, JUDGING, OTHER, PROJECT, RESULTS, SERVER, SEVERITIES, Text, setting
from action.settings.pull_request import PullRequestSettings
from checks.findings import Severity
from checks.policy import FailOn, Policy


class Settings(PullRequestSettings):
    """What the user decides; paths of files and of the project are absolute."""

    path: Path = setting(
        Path(),
        "a repository, or a folder of one [.]",
        group=PROJECT,
        metavar="PATH",
        accepts="an existing folder",
        positional=True,
    )
    tree: tuple[Text, ...] = setting(
        (),
        "an Alembic configuration, FILE or FILE:SECTION; repeatable [all]",
        input_text="an Alembic configuration, FILE or FILE:SECTION; several on lines of their own [all that are found]",
        group=PROJECT,
        metavar="FILE",
        accepts="paths of Alembic configurations",
    )
    base: Text | None = setting(
        None,
        "what the work will be merged into, such as origin/main [none]",
        trusted=True,
        input_text="what the work will be merged into, such as main "
        "[the base of the pull request, or what a push started from]",
        group=PROJECT,
        metavar="REF",
        accepts="a Git ref such as origin/main",
    )
    python: Text | None = setting(
        None,
        "the project's interpreter [.venv or venv, else the active one]",
        input_text="the project's interpreter, inside the container [the one that install fills, else .venv or venv]",
        group=PROJECT,
        metavar="FILE",
        accepts="a Python interpreter's path or command",
    )
    env: dict[str, str] = setting(
        {},
        "a variable for env.py, see below; repeatable",
        input_text="variables for env.py, NAME=VALUE, one on a line; "
        "{url} {host} {port} {user} {password} {database} name the scratch database",
        group=PROJECT,
        metavar="NAME=VALUE",
        accepts="NAME=VALUE, or in TOML a table of strings",
        secret=True,
    )
    install: Text | None = setting(
        None,
        "installs the project's dependencies into an environment of its own",
        input_text="installs the project's dependencies, such as pip install -r requirements.txt",
        group=PROJECT,
        metavar="COMMAND",
        accepts="a shell command",
    )
    init: Text | None = setting(
        None,
        "makes the base's schema where migrations cannot from empty",
        group=PROJECT,
        metavar="COMMAND",
        accepts="a shell command",
    )
    timeout: float = setting(
        600.0,
        "limit for each leg of the rehearsal [600]",
        group=PROJECT,
        metavar="SECONDS",
        accepts="seconds above 0, up to a week",
        gt=0,
        le=604_800,
        allow_inf_nan=False,
    )
    database_url: SecretStr | None = setting(
        None,
        "use this server, only for scratch databases [boot one]",
        group=SERVER,
        trusted=True,
        metavar="URL",
        accepts="postgresql://USER:PASSWORD@HOST:PORT/DATABASE",
    )
    postgres_version: str | None = setting(
        None,
        "which installed PostgreSQL to boot [the newest]",
        group=SERVER,
        metavar="VERSION",
        accepts="a version such as 17",
        pattern=r"^[1-9]\d*(\.\d+)?$",
    )
    keep: bool = setting(
        False,
        "leave the scratch server up and say how to reach it",
        group=SERVER,
        accepts="true or false",
        place="terminal",
    )
    fail_on: FailOn = setting(
        FailOn.ERROR,
        "error, warning or never: what fails the run [error]",
        group=JUDGING,
        metavar="LEVEL",
        accepts="error, warning or never",
    )
    allow_heads: tuple[Text, ...] = setting(
        (),
        "revision or branch label that may be one of many heads; repeatable",
        input_text="revisions or branch labels that may be one of many heads, one on a line",
        group=JUDGING,
        metavar="HEAD",
        accepts="revision ids or branch labels",
    )
    drift_breaks: Severity = setting(
        Severity.ERROR,
        "of a missing table, column, unique, enum value, ... [error]",
        group=JUDGING,
        metavar="SEVERITY",
        accepts=SEVERITIES,
    )
    drift_differs: Severity = setting(
        Severity.ERROR,
        "of another default, CHECK, index, foreign key, ... [error]",
        group=JUDGING,
        metavar="SEVERITY",
        accepts=SEVERITIES,
    )
    drift_cosmetic: Severity = setting(
        Severity.NOTICE,
        "of other names and comments [notice]",
        group=JUDGING,
        metavar="SEVERITY",
        accepts=SEVERITIES,
    )
    json_file: Path | None = setting(
        None,
        "write the report as JSON",
        group=RESULTS,
        trusted=True,
        metavar="FILE",
        accepts=A_FILE,
    )
    markdown_file: Path | None = setting(
        None,
        "write the report as Markdown",
        group=RESULTS,
        trusted=True,
        metavar="FILE",
        accepts=A_FILE,
    )
    sarif_file: Path | None = setting(
        None,
        "write the findings as SARIF 2.1.0",
        group=RESULTS,
        trusted=True,
        metavar="FILE",
        accepts=A_FILE,
    )
    junit_file: Path | None = setting(
        None,
        "write the results as JUnit XML",
        group=RESULTS,
        trusted=True,
        metavar="FILE",
        accepts=A_FILE,
    )
    report_dir: Path | None = setting(
        None,
        "write all of these, and the missing migration, into a folder",
        input_text="where report.json, report.md, report.sarif, report.junit.xml and the missing migration are written",
        group=RESULTS,
        trusted=True,
        metavar="DIR",
        accepts="a folder, which is made if need be",
        input_default="alembic-checks-report",
    )
    save_recording: Path | None = setting(
        None,
        "write what was seen, to be judged again later",
        group=RESULTS,
        trusted=True,
        metavar="FILE",
        accepts=A_FILE,
    )
    recording: Path | None = setting(
        None,
        "judge a saved recording, without project or database",
        group=RESULTS,
        trusted=True,
        metavar="FILE",
        accepts="a file that --save-recording wrote",
    )
    verbose: bool = setting(
        False,
        "show what the project prints, and tracebacks",
        input_text="show what the project prints, and tracebacks; also when the job is run with debug logging",
        group=OTHER,
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

    @field_validator(
        "path", "recording", "post_report", "json_file", "markdown_file", "sarif_file", "junit_file", "save_recording"
    )
    @classmethod
    def _is_there(cls, value: Path | None, info: Any) -> Path | None:
        if info.field_name == "path":
            if value is not None and not value.is_dir():
                raise ValueError("not a folder" if value.exists() else "it does not exist")
        elif info.field_name in ("recording", "post_report"):
            if value is not None and not value.is_file():
                raise ValueError("not a file" if value.exists() else "it does not exist")
        elif value is not None and (value.is_dir() or not value.parent.is_dir()):
            raise ValueError("it is a folder" if value.is_dir() else "its folder does not exist")
        return value
