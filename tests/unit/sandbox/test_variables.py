"""Which variables the project's code gets: of ours at a terminal, and of the runner's in the image."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path

import pytest

from action.sandbox.project_user import OURSELVES, ProjectUser
from action.sandbox.variables import environment

ANOTHER = ProjectUser(name="project", uid=4711, gid=4711, home=Path("/home/project"))
ALWAYS = {"PGGSSENCMODE": "disable", "PYTHONUNBUFFERED": "1"}
STRANGERS = {
    **ALWAYS,
    "HOME": "/home/project",
    "LOGNAME": "project",
    "PATH": "/opt/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "PYTHONDONTWRITEBYTECODE": "1",
    "SHELL": "/bin/sh",
    "USER": "project",
}
TOKEN = "ghs_" + "a1B2" * 9
RUNNER = {
    "INPUT_GITHUB-TOKEN": TOKEN, "INPUT_DATABASE-URL": "postgresql://u:p@h/d", "ACTIONS_RUNTIME_TOKEN": "runtime-token",
    "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "id-token-request", "ACTIONS_CACHE_URL": "https://cache", "RUNNER_TEMP": "/t",
    "GITHUB_TOKEN": TOKEN, "GH_TOKEN": TOKEN, "GITHUB_ENV": "/f/env", "GITHUB_PATH": "/f/path", "GITHUB_STATE": "/f/s",
    "GITHUB_OUTPUT": "/f/out", "GITHUB_STEP_SUMMARY": "/f/summary", "GITHUB_EVENT_PATH": "/github/workflow/event.json",
    "HOME": "/github/home", "PATH": "/opt/hostedtoolcache/Python/bin", "LD_LIBRARY_PATH": "/opt/hostedtoolcache/lib",
    "LD_PRELOAD": "/evil.so", "pythonLocation": "/opt/hostedtoolcache/Python", "Python3_ROOT_DIR": "/opt",
    "PKG_CONFIG_PATH": "/opt", "PYTHONPATH": "/x", "PYTHONHOME": "/x", "VIRTUAL_ENV": "/github/workspace/.venv",
    "DOCKER_HOST": "unix:///x", "SSH_AUTH_SOCK": "/x", "GIT_ASKPASS": "/x", "GIT_CONFIG_COUNT": "1",
    "GIT_CONFIG_KEY_0": "http.extraheader", "GIT_CONFIG_VALUE_0": "AUTHORIZATION: basic x", "GIT_CONFIG_GLOBAL": "/x",
    "UV_CACHE_DIR": "/x",
}  # fmt: skip
"""What none of may be seen in the image."""
FACTS = {"CI": "true", "GITHUB_ACTIONS": "true", "GITHUB_REPOSITORY": "o/r", "GITHUB_SHA": "abc", "LC_ALL": "C.UTF-8"}
ORDINARY = {"DATABASE_URL": "postgresql://app@db/app", "SECRET_KEY": "not-the-runners", "DEBUG": "1", "EMPTY": ""}


def test_another_user_gets_the_workflows_own_variables_and_nothing_of_the_runners() -> None:
    assert environment("/opt/bin/python", ANOTHER, {**RUNNER, **FACTS, **ORDINARY}) == {
        **STRANGERS,
        **FACTS,
        **ORDINARY,
    }


@pytest.mark.parametrize(
    "value",
    [
        TOKEN,
        f"https://x-access-token:{TOKEN}@github.com/o/r",
        "runtime-token",
        "prefix-id-token-request-suffix",
        "ghp_" + "x" * 36,
        "github_pat_" + "x" * 40,
        "AUTHORIZATION: basic " + b64encode(f"x-access-token:{TOKEN}".encode()).decode(),
        b64encode(b"runtime-token").decode(),
    ],
)
def test_a_token_under_another_name_is_a_token(value: str) -> None:
    assert environment("/opt/bin/python", ANOTHER, {**RUNNER, "MY_VARIABLE": value}) == STRANGERS


def test_a_short_token_hides_nothing_that_merely_contains_it() -> None:
    environ = {"INPUT_GITHUB-TOKEN": "", "GH_TOKEN": "a", "NAME": "a name"}
    assert environment("/opt/bin/python", ANOTHER, environ) == {**STRANGERS, "NAME": "a name"}


@pytest.mark.parametrize("event", ["pull_request_target", "workflow_run", "issue_comment"])
def test_where_other_peoples_code_meets_secrets_only_harmless_facts_pass(event: str) -> None:
    environ = {**RUNNER, **ORDINARY, **FACTS, "GITHUB_EVENT_NAME": event}
    assert environment("/opt/bin/python", ANOTHER, environ) == {**STRANGERS, **FACTS, "GITHUB_EVENT_NAME": event}


def test_at_a_terminal_all_passes_but_what_is_the_runners() -> None:
    environ = {
        "INPUT_X": "1", "ACTIONS_X": "1", "RUNNER_TEMP": "/t", "GITHUB_TOKEN": "1", "GITHUB_ENV": "/f",
        "PYTHONHOME": "/x", "PYTHONPATH": "/src", "HOME": "/home/ann", "PATH": "/bin", "GITHUB_SHA": "abc",
    }  # fmt: skip
    assert environment("/opt/bin/python", OURSELVES, environ) == {
        **ALWAYS,
        "PYTHONPATH": "/src",
        "HOME": "/home/ann",
        "PATH": "/opt/bin:/bin",
        "GITHUB_SHA": "abc",
    }


def test_a_virtual_environment_is_active(tmp_path: Path) -> None:
    (tmp_path / "pyvenv.cfg").touch()
    found = environment(str(tmp_path / "bin" / "python"), OURSELVES, {"PATH": "/bin", "VIRTUAL_ENV": "/other"})
    assert found == {**ALWAYS, "PATH": f"{tmp_path / 'bin'}:/bin", "VIRTUAL_ENV": str(tmp_path)}
