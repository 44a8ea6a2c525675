"""Settings of the action: inputs as the runner hands them over, and a pyproject.toml that is the pull request's."""

from __future__ import annotations

from pathlib import Path

import pytest

from action.errors import SettingsError
from action.settings import Settings, load
from action.settings.pull_request import CommentWhen
from action.settings.results import Format
from checks.policy import FailOn, Level


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
        "INPUT_COMMENT-KEY": "null",
        "INPUT_FORMATS": "SARIF, json",
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
            "comment_key": "null",
            "formats": (Format.SARIF, Format.JSON),
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
        "keep (input): only for the command line.",
        "comment (input): 'often'; accepted: always, on-problems or never.",
        f"comment-key (input): '{'k' * 201}', it is too long; accepted: up to 200 characters.",
        "statuses (input): 'perhaps'; accepted: true or false.",
        f"working-directory (input): '{workspace / 'none'}', it does not exist; accepted: an existing folder.",
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
        f"Set {'the input' if name in ('report-dir', 'database-url') else 'it in the input `options`'} instead."
        for name in ("json", "report-dir", "database-url", "save-recording", "base", "superuser")
    ]


@pytest.mark.parametrize(
    "name",
    [
        *("github-token", "post-report", "comment-key", "comment-title", "skip-label", "options", "statuses"),
        "run-fork-code-on-pull-request-target",
    ],
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


def test_options_set_what_is_no_input_of_its_own(workspace: Path) -> None:
    lines = [
        "# a comment",
        "timeout = 30",
        "",
        "  Statuses=FALSE",
        "x-args=tenant=north",
        "x-args=region=eu=1",
        "severity=Missing-Migration.breaks = Warning",
        "severity=stale-parent=off, second-base=notice",
        "working-directory=backend",
        "report-dir=out",
        "comment-key=shop",
        "env=A=b=c",
    ]
    environ = {"INPUT_OPTIONS": "\r\n".join(lines), "INPUT_REPORT-DIR": "alembic-checks-report"}
    assert load([], workspace, {**environ, "INPUT_COMMENT-KEY": '{\n  "python": "3.13"\n}'}) == Settings.model_validate(
        {
            "path": workspace / "backend",
            "timeout": 30.0,
            "statuses": False,
            "x_args": ("tenant=north", "region=eu=1"),
            "severity": {
                "missing-migration.breaks": Level.WARNING,
                "stale-parent": Level.OFF,
                "second-base": Level.NOTICE,
            },
            "report_dir": workspace / "out",
            "comment_key": "shop",
            "env": {"A": "b=c"},
        }
    )


def test_every_wrong_option_is_named_and_no_secret_shown(workspace: Path) -> None:
    lines = [
        "s3cret-without-a-name",
        "drift-breaks=error",
        "sevrity=stale-parent=off",
        "zzz=s3cret",
        "fail-on=never",
        "statuses=true",
        "timeout=0",
        "timeout=3",
        "path=backend",
        "database-url=mysql://u:s3cret@h",
        "trace=r.json",
        "github-token=s3cret",
    ]
    environ = {"INPUT_OPTIONS": "\n".join(lines), "INPUT_FAIL-ON": "error", "INPUT_STATUSES": "false"}
    environ |= {"INPUT_WORKING-DIRECTORY": ".", "INPUT_GITHUB-TOKEN": "ghs_token"}
    assert refused(environ, workspace) == [
        "options (input): line 1 has no =; accepted: NAME=VALUE, one on each line.",
        "drift-breaks (input options): replaced by severity; set severity to missing-migration.breaks=LEVEL.",
        "sevrity (input options): unknown; did you mean severity?",
        "zzz (input options): unknown.",
        "fail-on (input options): set twice: the input fail-on is set, too.",
        "statuses (input options): set twice: the input statuses is set, too.",
        "timeout (input options): set twice.",
        "working-directory (input options): set twice: the input working-directory is set, too.",
        "trace (input options): only for the command line.",
        "github-token (input options): set twice: the input github-token is set, too.",
        "timeout (input options): '0'; accepted: seconds above 0, up to a week.",
        "database-url (input options): not a PostgreSQL URL; accepted: postgresql://USER:PASSWORD@HOST:PORT/DATABASE.",
    ]


def test_options_and_inputs_are_one_workflow_s(workspace: Path) -> None:
    (workspace / "r.json").touch()
    assert refused({"INPUT_OPTIONS": "recording=r.json", "INPUT_TREE": "a.ini"}, workspace) == [
        "recording (input options): cannot be combined with tree: a saved run is checked without project and database."
    ]


@pytest.mark.parametrize(
    ("name", "value", "field", "expected"),
    [
        ("fail-on", " Warning\n", "fail_on", FailOn.WARNING),
        ("comment", "ON-PROBLEMS", "comment", CommentWhen.ON_PROBLEMS),
        ("statuses", "False", "statuses", False),
        ("superuser", "TRUE", "superuser", True),
        ("install", "Auto", "install", "auto"),
        ("install", "NONE", "install", "none"),
        ("env-files", "None", "env_files", ("none",)),
        ("checks", "Heads, DRIFT", "checks", ("heads", "drift")),
        ("rehearse", "All", "rehearse", "all"),
        ("list", "Together", "list_as", "together"),
        ("severity", "Schema-Differs=Error", "severity", {"schema-differs": Level.ERROR}),
    ],
)
def test_a_word_counts_in_any_case(workspace: Path, name: str, value: str, field: str, expected: object) -> None:
    for environ in ({f"INPUT_{name.upper()}": value}, {"INPUT_OPTIONS": f"{name}={value}"}):
        assert getattr(load([], workspace, environ), field) == expected


def test_the_folder_has_two_names(workspace: Path) -> None:
    backend = Settings(path=workspace / "backend")
    assert load([], workspace, {"INPUT_PATH": "backend"}) == backend
    assert load([], workspace, {"INPUT_WORKING-DIRECTORY": "backend"}) == backend
    assert load([], workspace, {"INPUT_WORKING-DIRECTORY": "backend", "INPUT_PATH": "backend"}) == backend
    assert refused({"INPUT_WORKING-DIRECTORY": "backend", "INPUT_PATH": "."}, workspace) == [
        "working-directory (input): set twice: path is the same setting."
    ]


@pytest.mark.parametrize(
    ("given", "own", "matrix"),
    [
        ("", "", ""),
        ("null", "", "null"),
        ('{\n  "python": "3.13"\n}', "", '{\n  "python": "3.13"\n}'),
        (f'{{"python": "{"3" * 300}"}}', "", f'{{"python": "{"3" * 300}"}}'),
        ("shop", "shop", ""),
        ("17", "17", ""),
        ("{unit}", "{unit}", ""),
        ("[" * 200, "[" * 200, ""),
    ],
)
def test_the_matrix_of_the_job_is_no_key_of_the_user(workspace: Path, given: str, own: str, matrix: str) -> None:
    settings = load([], workspace, {"INPUT_COMMENT-KEY": given})
    assert (settings.own_key, settings.matrix) == (own, matrix)


def test_wrong_titles_labels_and_formats_are_one_sentence_each(workspace: Path) -> None:
    environ = {"INPUT_COMMENT-TITLE": "a\nb", "INPUT_SKIP-LABEL": "x" * 101, "INPUT_FORMATS": "json, html"}
    assert refused(environ, workspace) == [
        "comment-title (input): 'a\\nb', it has several lines; accepted: up to 100 characters on one line.",
        f"skip-label (input): '{'x' * 101}', it is too long; accepted: the name of a label, up to 100 characters on "
        "one line.",
        "formats (input): there is no format 'html'; accepted: json, markdown, sarif or junit, or several such as "
        "json,sarif.",
    ]


def test_the_folders_of_the_runner_have_other_names_in_the_container(workspace: Path) -> None:
    runner = {"RUNNER_WORKSPACE": "/home/runner/work/shop", "GITHUB_REPOSITORY": "acme/shop"}
    runner |= {"GITHUB_WORKSPACE": str(workspace), "RUNNER_TEMP": "/github/runner_temp"}
    options = "python=/home/runner/work/shop/shop/.venv/bin/python\nx-args=/home/runner/work/_temp/a\nx-args=/home/x"
    settings = load([], workspace, {**runner, "INPUT_OPTIONS": options})
    assert settings.python == str(workspace / ".venv/bin/python")
    assert settings.x_args == ("/github/runner_temp/a", "/home/x")
