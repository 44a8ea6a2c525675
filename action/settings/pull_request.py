"""The settings of what is written on the pull request; only the action has them."""

from __future__ import annotations

import enum
from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, field_validator

from action.settings.declaring import PULL_REQUEST, Declared, Secrecy, Setting
from action.settings.named_paths import existing_file


class CommentWhen(enum.StrEnum):
    """When a comment is written on the pull request; an existing one is always updated, unless ``never``."""

    ALWAYS = "always"
    ON_PROBLEMS = "on-problems"
    NEVER = "never"


class PullRequestSettings(Declared):
    """What is written on GitHub."""

    github_token: Annotated[
        SecretStr | None,
        Setting(
            help="Token that writes the comment and the commit statuses. Default: the token of the job",
            group=PULL_REQUEST,
            accepts="a GitHub token",
            place="action",
            secrecy=Secrecy.VALUE,
            input_default="${{ github.token }}",
        ),
    ] = None
    comment: Annotated[
        CommentWhen,
        Setting(
            help="When to comment on the pull request: always, on-problems or never. "
            "An existing comment is updated, also when all problems are fixed. Default: on-problems",
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
            help="Name that keeps this job's comment apart from those of other jobs. "
            "Default: the names of the workflow and the job, with its matrix values",
            group=PULL_REQUEST,
            accepts="up to 200 characters",
            place="action",
            trusted=True,
        ),
    ] = ""
    matrix: Annotated[
        str,
        Setting(
            help="Set by the action; do not change it",
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
            help="Write a commit status for each check. Needs `statuses: write`. Default: true",
            group=PULL_REQUEST,
            accepts="true or false",
            place="action",
            trusted=True,
        ),
    ] = True
    check_run: Annotated[
        bool,
        Setting(
            help="Write a check run with all annotations. Needs `checks: write`. Default: false",
            group=PULL_REQUEST,
            accepts="true or false",
            place="action",
            trusted=True,
        ),
    ] = False
    post_report: Annotated[
        Path | None,
        Setting(
            help="File report.json of another run, to post it in a workflow_run workflow; no migration runs",
            group=PULL_REQUEST,
            accepts="a report.json that the action wrote",
            place="action",
            trusted=True,
        ),
    ] = None
    run_fork_code_on_pull_request_target: Annotated[
        bool,
        Setting(
            help="Run the migrations of forks although this event gives the job a token that can write. "
            "The fork's code can then do everything that the token allows. Default: false",
            group=PULL_REQUEST,
            accepts="true or false",
            place="action",
            trusted=True,
        ),
    ] = False

    @field_validator("post_report")
    @classmethod
    def _is_stored_report(cls, value: Path | None) -> Path | None:
        return None if value is None else existing_file(value)
