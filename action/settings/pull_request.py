"""The settings of what is written on the pull request: inputs of the action only."""

from __future__ import annotations

import enum
from pathlib import Path

from pydantic import BaseModel, SecretStr

from action.settings.declaring import CONFIG, PULL_REQUEST, setting


class CommentWhen(enum.StrEnum):
    """When the pull request gets a comment; one that is there is always kept up to date, unless ``never``."""

    ALWAYS = "always"
    ON_PROBLEMS = "on-problems"
    NEVER = "never"


class PullRequestSettings(BaseModel):
    """What is written where GitHub lets us write."""

    model_config = CONFIG

    github_token: SecretStr | None = setting(
        None,
        "the token that comments and statuses are written with",
        group=PULL_REQUEST,
        accepts="a token of GitHub",
        place="action",
        trusted=True,
        secret=True,
        input_default="${{ github.token }}",
    )
    comment: CommentWhen = setting(
        CommentWhen.ON_PROBLEMS,
        "when to comment on the pull request: always, on-problems or never. "
        "A comment that is there is kept up to date and turns green",
        group=PULL_REQUEST,
        accepts="always, on-problems or never",
        place="action",
        trusted=True,
    )
    comment_key: str = setting(
        "",
        "which comment of the pull request is this job's [its workflow, job and matrix leg]",
        group=PULL_REQUEST,
        accepts="up to 200 characters",
        place="action",
        trusted=True,
        max_length=200,
    )
    matrix: str = setting(
        "",
        "set by the action itself; leave it as it is",
        group=PULL_REQUEST,
        accepts="the matrix of the job, as JSON",
        place="action",
        trusted=True,
        input_default="${{ toJSON(matrix) }}",
    )
    statuses: bool = setting(
        True,
        "write a commit status for each check; needs `statuses: write`",
        group=PULL_REQUEST,
        accepts="true or false",
        place="action",
        trusted=True,
    )
    check_run: bool = setting(
        False,
        "write a check run with all annotations as well; needs `checks: write`",
        group=PULL_REQUEST,
        accepts="true or false",
        place="action",
        trusted=True,
    )
    post_report: Path | None = setting(
        None,
        "post this stored report.json in a workflow_run workflow; nothing is run",
        group=PULL_REQUEST,
        accepts="a report.json that the action wrote",
        place="action",
        trusted=True,
    )
    run_fork_code_on_pull_request_target: bool = setting(
        False,
        "run the migrations of forks although the event gives them a token that can write. "
        "They can then do what the job's token can",
        group=PULL_REQUEST,
        accepts="true or false",
        place="action",
        trusted=True,
    )
