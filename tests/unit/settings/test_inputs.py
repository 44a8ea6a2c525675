"""Settings of the action: inputs as the runner hands them over, and a pyproject.toml that is the pull request's."""

from __future__ import annotations

from pathlib import Path

import pytest

from action.errors import SettingsError
from action.settings import Settings, load
from action.settings.pull_request import CommentWhen
from checks.policy import FailOn


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "backend").mkdir()
    return tmp_path


def refused(environ: dict[str, str], cwd: Path, argv: tuple[str, ...] = ()) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load(argv, cwd, environ)
    return [line.strip() for line in caught.value.why.split("\n")]


def test_inputs_arrive_as_the_runner_hands_them_over(workspace: Path) -> None:
    environ = {
        "INPUT_PATH": "backend",
        "INPUT_TREE": "a.ini\n\n  b.ini:x  \n",
        "INPUT_ENV": "SECRET_KEY=a=b\nURL={url}",
        "INPUT_FAIL-ON": "warning",
        "INPUT_TIMEOUT": "30",
        "INPUT_ALLOW-HEADS": "one",
        "INPUT_CHECKS": "heads,history\nupgrade",
        "INPUT_REPORT-DIR": "alembic-checks-report",
        "INPUT_GITHUB-TOKEN": "ghs_token",
        "INPUT_COMMENT": "always",
        "INPUT_STATUSES": "false",
        "INPUT_SUPERUSER": "true",
        "INPUT_BASE": "",
        "INPUT_MATRIX": "null",
        "INPUT_ARGS": "taken by the runner",
        "GITHUB_ACTIONS": "true",
    }
    assert load([], workspace, environ) == Settings.model_validate(
        {
            "path": workspace / "backend",
            "tree": ("a.ini", "b.ini:x"),
            "env": {"SECRET_KEY": "a=b", "URL": "{url}"},
            "fail_on": FailOn.WARNING,
            "timeout": 30.0,
            "allow_heads": ("one",),
            "checks": ("heads", "history", "upgrade"),
            "report_dir": workspace / "alembic-checks-report",
            "github_token": "ghs_token",
            "comment": CommentWhen.ALWAYS,
            "statuses": False,
            "superuser": True,
            "matrix": "null",
        }
    )


def test_at_a_terminal_inputs_do_not_count(workspace: Path) -> None:
    assert load([], workspace) == Settings(path=workspace)


def test_the_command_line_wins_over_inputs_and_inputs_over_pyproject(workspace: Path) -> None:
    (workspace / "pyproject.toml").write_text('[tool.alembic-checks]\nbase = "c"\ntimeout = 3\nfail-on = "never"\n')
    settings = load(["--base", "a"], workspace, {"INPUT_BASE": "b", "INPUT_TIMEOUT": "2"})
    assert (settings.base, settings.timeout, settings.fail_on) == ("a", 2.0, FailOn.NEVER)


def test_every_wrong_input_is_named_and_no_token_shown(workspace: Path) -> None:
    environ = {"INPUT_FAIL_ON": "error", "INPUT_COMMENT": "often", "INPUT_STATUSES": "perhaps", "INPUT_KEEP": "true"}
    environ |= {"INPUT_COMMENT-KEY": "k" * 201, "INPUT_ENV": "NONE", "INPUT_PATH": "none"}
    assert refused(environ, workspace) == [
        "fail_on (input): unknown; did you mean fail-on?",
        "keep (input): unknown.",
        "comment (input): 'often'; accepted: always, on-problems or never.",
        f"comment-key (input): '{'k' * 201}'; accepted: up to 200 characters.",
        "statuses (input): 'perhaps'; accepted: true or false.",
        f"path (input): '{workspace / 'none'}', it does not exist; accepted: an existing folder.",
        "env (input): it has no =; accepted: NAME=VALUE, or in TOML a table of strings.",
    ]


def test_a_stored_report_is_posted_without_a_project(workspace: Path) -> None:
    stored = workspace / "report.json"
    stored.write_text("{}")
    (workspace / "pyproject.toml").write_text('[tool.alembic-checks]\nunknown = "x"\n')
    environ = {"INPUT_POST-REPORT": "report.json"}
    assert load([], workspace, environ).post_report == stored
    assert refused(environ | {"INPUT_INSTALL": "make"}, workspace) == [
        "post-report (input): cannot be combined with install: a stored report is posted without project and database."
    ]
    assert refused({"INPUT_POST-REPORT": "none.json"}, workspace)[0] == (
        f"post-report (input): '{workspace / 'none.json'}', it does not exist; "
        "accepted: a report.json that the action wrote."
    )


def test_the_pull_requests_own_pyproject_writes_no_files_and_names_no_server(workspace: Path) -> None:
    file = workspace / "pyproject.toml"
    file.write_text(
        '[tool.alembic-checks]\ntimeout = 30\njson = "/github/file_commands/x"\nreport-dir = "/etc"\n'
        'database-url = "postgresql://evil"\nsave-recording = "/etc/x"\nbase = "HEAD"\nsuperuser = true\n'
    )
    ignored: list[str] = []
    assert load([], workspace, {}, report_ignored=ignored.append) == Settings(path=workspace, timeout=30)
    assert ignored == [
        f"{name} ([tool.alembic-checks] of {file}) is ignored: a pull request can change that file. "
        "Set the input instead."
        for name in ("json", "report-dir", "database-url", "save-recording", "base", "superuser")
    ]


@pytest.mark.parametrize(
    "name", ["github-token", "post-report", "matrix", "statuses", "run-fork-code-on-pull-request-target"]
)
def test_pyproject_never_sets_what_only_the_workflow_may(workspace: Path, name: str) -> None:
    file = workspace / "pyproject.toml"
    file.write_text(f'[tool.alembic-checks]\n{name} = "true"\n')
    assert refused({}, workspace) == [f"{name} ([tool.alembic-checks] of {file}): unknown."]


def test_a_role_is_chosen_on_a_server_of_ours_alone(workspace: Path) -> None:
    environ = {"INPUT_DATABASE-URL": "postgresql://h/d", "INPUT_SUPERUSER": "false"}
    assert load([], workspace, environ).superuser is False
    assert refused(environ | {"INPUT_SUPERUSER": "true"}, workspace) == [
        "superuser (input): cannot be combined with database-url: the role of that URL runs the migrations."
    ]
