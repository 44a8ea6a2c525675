"""The settings of what is written on the pull request; only the action has them."""

from __future__ import annotations

import enum
import json
from pathlib import Path
from typing import Annotated

from pydantic import SecretStr, field_validator

from action.settings.declaring import PULL_REQUEST, Declared, Secrecy, Setting
from action.settings.named_paths import existing_file

LONGEST_TITLE, LONGEST_KEY = 100, 200
"""Characters."""


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
            is_input=True,
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
            is_input=True,
            trusted=True,
        ),
    ] = CommentWhen.ON_PROBLEMS
    comment_title: Annotated[
        str,
        Setting(
            help="Title of the comment, as plain text. Default: Migrations",
            group=PULL_REQUEST,
            accepts=f"up to {LONGEST_TITLE} characters on one line",
            place="action",
            trusted=True,
        ),
    ] = "Migrations"
    comment_key: Annotated[
        str,
        Setting(
            help="Name that keeps this job's comment apart from those of other jobs. "
            "Default: the names of the workflow and the job, with its matrix values",
            group=PULL_REQUEST,
            accepts="up to 200 characters",
            place="action",
            is_input=True,
            trusted=True,
            input_default="${{ toJSON(matrix) }}",
        ),
    ] = ""
    """The user's key, or the matrix of the job: ``own_key`` and ``matrix`` tell them apart."""
    skip_label: Annotated[
        str,
        Setting(
            help="Label that makes the run skip a pull request: nothing is checked, and the job passes. Default: none",
            group=PULL_REQUEST,
            accepts="the name of a label, up to 100 characters on one line",
            place="action",
            is_input=True,
            trusted=True,
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
            help="File report.json of another run, to post it in a workflow_run workflow; no migration runs. "
            "Default: none",
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

    @property
    def own_key(self) -> str:
        """Return the key that the user chose; empty where none was chosen."""
        return "" if self.matrix else self.comment_key

    @property
    def matrix(self) -> str:
        """Return the matrix of the job as JSON; empty where the user chose a key."""
        return self.comment_key if is_matrix(self.comment_key) else ""

    @field_validator("comment_key")
    @classmethod
    def _is_short(cls, value: str) -> str:
        if len(value) > LONGEST_KEY and not is_matrix(value):
            raise ValueError("it is too long")
        return value

    @field_validator("comment_title", "skip_label")
    @classmethod
    def _is_one_line(cls, value: str) -> str:
        if len(value) > LONGEST_TITLE:
            raise ValueError("it is too long")
        if len(value.splitlines()) > 1:
            raise ValueError("it has several lines")
        return value

    @field_validator("post_report")
    @classmethod
    def _is_stored_report(cls, value: Path | None) -> Path | None:
        return None if value is None else existing_file(value)


def is_matrix(text: str) -> bool:
    """Return whether a text is what ``toJSON(matrix)`` gives: an object, or null in a job without a matrix."""
    try:
        return isinstance(json.loads(text), dict | None)
    except (ValueError, RecursionError):
        return False
