"""The settings of what is written on the pull request: inputs of the action only."""

from __future__ import annotations

import enum
from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, field_validator

from action.settings.declaring import PULL_REQUEST, Declared, Secrecy, Setting


class CommentWhen(enum.StrEnum):
    """When the pull request gets a comment; one that is there is always kept up to date, unless ``never``."""

    ALWAYS = "always"
    ON_PROBLEMS = "on-problems"
    NEVER = "never"


class PullRequestSettings(Declared):
    """What is written where GitHub lets us write."""

    github_token: Annotated[
        SecretStr | None,
        Setting(
            help="the token that comments and statuses are written with",
            group=PULL_REQUEST,
            accepts="a token of GitHub",
            place="action",
            secrecy=Secrecy.VALUE,
            input_default="${{ github.token }}",
        ),
    ] = None
    comment: Annotated[
        CommentWhen,
        Setting(
            help="when to comment on the pull request: always, on-problems or never. "
            "A comment that is there is kept up to date and turns green",
            group=PULL_REQUEST,
            accepts="always, on-problems or never",
            place="action",
            trusted=True,
        ),
    ] = CommentWhen.ON_PROBLEMS
    comment_key: Annotated[
        str,
        Field(max_length=200),
        Setting(
            help="which comment of the pull request is this job's [its workflow, job and matrix leg]",
            group=PULL_REQUEST,
            accepts="up to 200 characters",
            place="action",
            trusted=True,
        ),
    ] = ""
    matrix: Annotated[
        str,
        Setting(
            help="set by the action itself; leave it as it is",
            group=PULL_REQUEST,
            accepts="the matrix of the job, as JSON",
            place="action",
            trusted=True,
            input_default="${{ toJSON(matrix) }}",
        ),
    ] = ""
    statuses: Annotated[
        bool,
        Setting(
            help="write a commit status for each check; needs `statuses: write`",
            group=PULL_REQUEST,
            accepts="true or false",
            place="action",
            trusted=True,
        ),
    ] = True
    check_run: Annotated[
        bool,
        Setting(
            help="write a check run with all annotations as well; needs `checks: write`",
            group=PULL_REQUEST,
            accepts="true or false",
            place="action",
            trusted=True,
        ),
    ] = False
    post_report: Annotated[
        Path | None,
        Setting(
            help="post this stored report.json in a workflow_run workflow; nothing is run",
            group=PULL_REQUEST,
            accepts="a report.json that the action wrote",
            place="action",
            trusted=True,
        ),
    ] = None
    run_fork_code_on_pull_request_target: Annotated[
        bool,
        Setting(
            help="run the migrations of forks although the event gives them a token that can write. "
            "They can then do what the job's token can",
            group=PULL_REQUEST,
            accepts="true or false",
            place="action",
            trusted=True,
        ),
    ] = False

    @field_validator("post_report")
    @classmethod
    def _is_stored_report(cls, value: Path | None) -> Path | None:
        if value is not None and not value.is_file():
            raise ValueError("not a file" if value.exists() else "it does not exist")
        return value
