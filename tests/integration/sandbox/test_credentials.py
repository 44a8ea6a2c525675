"""Files in which other steps of the job leave credentials: closed to the project's user, and opened again."""

from __future__ import annotations

import os
import struct
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from action.commands import sealing
from action.sandbox.credential_files import credential_files
from action.sandbox.credentials import ExposedError, withheld
from action.sandbox.project_user import OURSELVES, ProjectUser
from tests.repositories import Repository

INCLUDES = """[core]
\tbare = false
[includeIf "gitdir:/github/workspace/.git"]
\tpath = {shared}/elsewhere/credentials.config
"""
SECRET = {
    ".git/config": "[http]\n\textraheader = AUTHORIZATION: basic x\n",
    ".git/config.worktree": "[core]\n",
    ".git/modules/lib/config": "[core]\n",
    ".git/modules/lib/modules/inner/config": "[core]\n",
    ".git/worktrees/other/config.worktree": "[core]\n",
    ".git/FETCH_HEAD": "1234 branch 'main' of https://x-access-token:t@github.com/o/r\n",
    "src/.git/config": "[core]\n",
    "deep/down/below/.git/config": "[core]\n",
    "submodule/.git": "gitdir: ../.git/modules/linked\n",
    ".git/modules/linked/config": "[core]\n",
    "mirror.git/HEAD": "ref: refs/heads/main\n",
    "mirror.git/config": "[core]\n",
    "mirror.git/objects/x": "",
    "mirror.git/refs/x": "",
    ".netrc": "machine github.com password t\n",
    "tools/_netrc": "machine github.com password t\n",
    ".npmrc": "//registry/:_authToken=t\n",
    "front/.yarnrc.yml": "npmAuthToken: t\n",
    ".pypirc": "password = t\n",
    ".venv/pip.conf": "index-url = https://t@registry\n",
    "gha-creds-0123456789abcdef.json": "{}\n",
    ".docker/config.json": '{"auths": {}}\n',
    ".aws/credentials": "[default]\n",
    ".ssh/deploy": "-----BEGIN\n",
    ".kube/cache/token": "t\n",
    ".config/gcloud/legacy_credentials/ann/adc.json": "{}\n",
    ".config/gh/hosts.yml": "oauth_token: t\n",
    ".git-credentials": "https://t@github.com\n",
    ".pgpass": "*:*:*:*:t\n",
}
OPEN = {
    ".git/HEAD": "ref: refs/heads/main\n",
    ".env": "SECRET_KEY=a\n",
    "src/settings.py": "KEY = 1\n",
    "node_modules/left/.npmrc": "save-exact=true\n",
    "docs/hosts.yml": "all:\n",
    "gcloud/deploy.sh": "true\n",
    "config.json": "{}\n",
}
NOT_SECRET = {"submodule/.git", "mirror.git/HEAD", "mirror.git/objects/x", "mirror.git/refs/x"}
CLOSED = sorted(set(SECRET) - NOT_SECRET)


@pytest.fixture
def workspace(shared: Path) -> Path:
    """Make a workspace as several checkouts and actions leave it."""
    repository = Repository(shared / "workspace")
    repository.files(SECRET | OPEN)
    repository.files({"../elsewhere/credentials.config": "[http]\n"})
    with (repository.root / "src/.git/config").open("a") as config:
        config.write(INCLUDES.format(shared=shared))
    return repository.root


@pytest.fixture
def can_read(stranger: ProjectUser) -> Callable[[Path], bool]:
    """Return what tells whether the project's user can read a file, by reading it."""

    def can_read(path: Path) -> bool:
        done = subprocess.run(["cat", path], capture_output=True, check=False, **stranger.switch())
        return done.returncode == 0

    return can_read


def modes(top: Path) -> dict[str, int]:
    return {str(path.relative_to(top)): path.stat().st_mode & 0o777 for path in top.rglob("*") if not path.is_symlink()}


def test_every_known_file_is_closed_while_the_code_of_another_user_runs(
    workspace: Path, stranger: ProjectUser, can_read: Callable[[Path], bool]
) -> None:
    before = modes(workspace)
    included = workspace.parent / "elsewhere" / "credentials.config"
    assert can_read(included)
    with withheld(workspace, stranger, {"GITHUB_WORKSPACE": str(workspace)}):
        assert [name for name in SECRET | OPEN if not can_read(workspace / name)] == [n for n in SECRET if n in CLOSED]
        assert not can_read(included)
    assert (modes(workspace), can_read(included)) == (before, True)


def test_a_checkout_beside_the_one_that_is_checked(
    workspace: Path, stranger: ProjectUser, can_read: Callable[[Path], bool]
) -> None:
    with withheld(workspace / "src", stranger, {"GITHUB_WORKSPACE": str(workspace)}):
        assert [name for name in CLOSED if can_read(workspace / name)] == []


def test_nothing_changes_at_a_terminal(workspace: Path) -> None:
    before = modes(workspace)
    with withheld(workspace, OURSELVES, {"GITHUB_WORKSPACE": str(workspace), "HOME": str(workspace.parent)}):
        assert modes(workspace) == before


def test_the_runners_own_folders_are_closed_as_a_whole(
    shared: Path, stranger: ProjectUser, can_read: Callable[[Path], bool]
) -> None:
    files = {
        "runner/any": "t",
        "temp/git-credentials-1.config": "t",
        "temp/any/deep": "t",
        "work/event.json": "t",
        "f/env": "t",
    }
    Repository(shared).files(files)
    variables = {
        "HOME": "runner",
        "RUNNER_TEMP": "temp",
        "GITHUB_EVENT_PATH": "work/event.json",
        "GITHUB_ENV": "f/env",
    }
    environ = {name: str(shared / value) for name, value in variables.items()}
    (shared / "project").mkdir()
    before = modes(shared)
    with withheld(shared / "project", stranger, environ):
        assert [name for name in files if can_read(shared / name)] == []
        assert {path.stat().st_mode & 0o777 for path in (shared / "runner", shared / "temp", shared / "work")} == {
            0o700
        }
    assert modes(shared) == before


@pytest.mark.parametrize("variable", ["INPUT_PYTHON", "VIRTUAL_ENV", "INPUT_ENV"])
def test_what_an_input_names_stays_in_reach(
    variable: str, shared: Path, stranger: ProjectUser, can_read: Callable[[Path], bool]
) -> None:
    files = {"temp/venv/bin/python": "", "temp/venv/pip.conf": "t", "temp/git-credentials-1.config": "t"}
    Repository(shared).files(files)
    (shared / "project").mkdir()
    environ = {"RUNNER_TEMP": str(shared / "temp"), variable: f"TOOLS={shared}/temp/venv/bin/python"}
    with withheld(shared / "project", stranger, environ):
        assert [name for name in files if can_read(shared / name)] == ["temp/venv/bin/python"]


def test_a_file_as_the_pull_request_has_it_is_no_secret(
    shared: Path, stranger: ProjectUser, can_read: Callable[[Path], bool]
) -> None:
    repository = Repository(shared / "workspace")
    names = (".npmrc", "pip.conf", ".docker/config.json")
    repository.files(dict.fromkeys(names, "color=true\n"))
    repository.init()
    repository.commit()
    repository.files({"pip.conf": "index-url = https://t@registry\n", ".yarnrc.yml": "t\n"})
    with withheld(repository.root, stranger, {}):
        readable = [name for name in (*names, ".yarnrc.yml") if can_read(repository.root / name)]
    assert readable == [".npmrc", ".docker/config.json"]


def test_a_second_name_and_an_access_control_list_do_not_help(
    shared: Path, stranger: ProjectUser, can_read: Callable[[Path], bool]
) -> None:
    Repository(shared).files({"work/.netrc": "t"})
    file, second = shared / "work" / ".netrc", shared / "work" / "notes.txt"
    second.hardlink_to(file)
    assert stranger.uid is not None
    entries = (
        (0x01, 6, 0xFFFFFFFF),
        (0x02, 4, stranger.uid),
        (0x04, 0, 0xFFFFFFFF),
        (0x10, 4, 0xFFFFFFFF),
        (0x20, 0, 0xFFFFFFFF),
    )
    acl = struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *entry) for entry in entries)
    try:
        os.setxattr(file, "system.posix_acl_access", acl)
    except OSError:
        pytest.skip("this file system has no access control lists")
    assert can_read(second)
    with withheld(shared / "work", stranger, {}):
        assert (can_read(file), can_read(second)) == (False, False)
    assert can_read(second)


def test_a_link_of_the_pull_request_closes_nothing_else(
    shared: Path, stranger: ProjectUser, can_read: Callable[[Path], bool]
) -> None:
    Repository(shared).files({"target": "open\n", "work/models.py": ""})
    (shared / "work" / ".npmrc").symlink_to(shared / "target")
    (shared / "work" / ".ssh").symlink_to(shared)
    os.mkfifo(shared / "work" / ".netrc")
    with withheld(shared / "work", stranger, {}):
        assert can_read(shared / "target")


def test_a_file_that_cannot_be_closed_is_refused(shared: Path, stranger: ProjectUser) -> None:
    """A file of the project's user itself, as on a volume whose users are mapped."""
    Repository(shared).files({"src/.git/config": "[http]\n\textraheader = AUTHORIZATION: basic x\n", ".npmrc": "t"})
    for name in ("src/.git/config", ".npmrc"):
        stranger.own(shared / name)
    with pytest.raises(ExposedError) as raised, withheld(shared, stranger, {}):
        pass
    assert sorted(raised.value.paths) == [shared / ".npmrc", shared / "src" / ".git" / "config"]
    assert str(sealing.refused(raised.value, shared)) == (
        "The project's code could read credentials of this job: .npmrc, src/.git/config.\n"
        "The access rights could not be taken from the user stranger, who runs the project's code.\n"
        "Set `persist-credentials: false` for actions/checkout, and remove the other files before this step."
    )


@pytest.mark.parametrize("content", ['[core]\n\tbare = false\n[remote "origin"]\n\turl = https://github.com/o/r\n', ""])
def test_after_the_remedy_such_a_file_is_no_longer_refused(content: str, shared: Path, stranger: ProjectUser) -> None:
    Repository(shared).files({".git/config": content})
    stranger.own(shared / ".git" / "config")
    with withheld(shared, stranger, {}):
        pass


@pytest.mark.parametrize(
    "environ",
    [{"HOME": "/"}, {"HOME": "relative"}, {"HOME": "/nowhere"}, {"RUNNER_TEMP": ""}, {"DOCKER_CONFIG": "."}],
    ids=str,
)
def test_odd_variables_close_nothing(environ: Mapping[str, str], shared: Path, stranger: ProjectUser) -> None:
    Repository(shared).files({"models.py": ""})
    before = modes(shared)
    with withheld(shared, stranger, environ):
        assert modes(shared) == before


def test_installed_packages_are_not_walked(tmp_path: Path) -> None:
    Repository(tmp_path).files({"node_modules/a/.npmrc": "t", ".venv/lib/python3/site-packages/pip.conf": "t"})
    assert list(credential_files(tmp_path)) == []
