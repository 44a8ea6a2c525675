"""Hides from the project's user the credentials of the job, which other steps leave on disk.

actions/checkout writes the job's token to ``.git/config``, and since version 6 to a file in RUNNER_TEMP that all users
can read, unless ``persist-credentials`` is false; other steps leave tokens for registries and clouds. So the runner's
own folders are closed as a whole, and in the workspace every file that is known to hold a credential.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from action.sandbox.credential_files import credential_files
from action.sandbox.git_folders import tells_a_secret
from action.sandbox.looking import is_file, is_folder, resolved
from action.sandbox.tracked import unchanged
from action.sandbox.user import User

_FOR_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_WHOLE = ("HOME", "RUNNER_TEMP")
_WITH_FILES = ("GITHUB_EVENT_PATH", "GITHUB_ENV", "GITHUB_OUTPUT")
_NAMED = (
    "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_WEB_IDENTITY_TOKEN_FILE", "AZURE_CONFIG_DIR",
    "AZURE_FEDERATED_TOKEN_FILE", "CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE", "DOCKER_CONFIG", "GIT_CONFIG_GLOBAL",
    "GIT_CONFIG_SYSTEM", "GOOGLE_APPLICATION_CREDENTIALS", "GOOGLE_GHA_CREDS_PATH", "KUBECONFIG", "NETRC",
    "NPM_CONFIG_USERCONFIG", "PGPASSFILE", "PGSERVICEFILE", "PIP_CONFIG_FILE", "UV_CONFIG_FILE",
)  # fmt: skip
"""Variables that name a file or folder with credentials."""
_OF_GIT = ("config", "config.worktree", "FETCH_HEAD")
_AT_ONCE = 500
_CAN_READ = (
    'for each do if [ -r "$each" ] || { [ -d "$each" ] && [ -x "$each" ]; }; then printf "%s\\0" "$each"; fi; done'
)


class ExposedError(Exception):
    """Files that hold a credential of the job, and that could not be closed to the project's user."""

    def __init__(self, paths: Sequence[Path], user: str) -> None:
        super().__init__(f"readable for {user}: {', '.join(map(os.fspath, paths))}")
        self.paths = tuple(paths)
        self.user = user


@contextlib.contextmanager
def withheld(root: Path, user: User, environ: Mapping[str, str] = os.environ) -> Iterator[None]:
    """Make these files and folders readable by their owner only, while the project's code runs as another user.

    Raises ExposedError for what the user can read all the same.
    """
    with contextlib.ExitStack() as stack:
        if user.is_another:
            _withhold(_Job(root, environ), user, stack)
        yield


@dataclass(frozen=True, slots=True)
class _Job:
    """Where the job's files are."""

    root: Path
    environ: Mapping[str, str]

    @property
    def places(self) -> tuple[Path, ...]:
        """Return the folders whose files are the workflow's: they stay open, but for what is known."""
        workspace = self.environ.get("GITHUB_WORKSPACE")
        found = [self.root, *([Path(workspace)] if workspace else [])]
        return tuple(
            one for one in found if is_folder(one) and not any(one != o and one.is_relative_to(o) for o in found)
        )

    @property
    def folders(self) -> tuple[Path, ...]:
        """Return the runner's own folders, which nobody but the runner needs."""
        named = [*(self.environ.get(name, "") for name in _WHOLE)]
        named += [os.path.dirname(self.environ.get(name, "")) for name in _WITH_FILES]  # noqa: PTH120 - may be empty
        real = dict.fromkeys(Path(os.path.realpath(name)) for name in named if os.path.isabs(name))  # noqa: PTH117
        return tuple(path for path in real if is_folder(path) and path != path.parent)

    def is_needed(self, folder: Path) -> bool:
        """Return whether the project may need something below a folder: a workspace, or what an input names."""
        inputs = (value for name, value in self.environ.items() if name.startswith("INPUT_") or name == "VIRTUAL_ENV")
        return any(f"{folder}{os.sep}" in value for value in inputs) or any(
            resolved(place).is_relative_to(folder) for place in self.places
        )

    def named(self) -> Iterator[Path]:
        """Yield the files that a variable names."""
        for name in _NAMED:
            for part in filter(None, self.environ.get(name, "").split(os.pathsep)):
                path = Path(os.path.realpath(self.root / part))
                if is_file(path) or (is_folder(path) and not self.is_needed(path)):
                    yield path


def _withhold(job: _Job, user: User, stack: contextlib.ExitStack) -> None:
    folders = [folder for folder in job.folders if not job.is_needed(folder)]
    for folder in folders:
        _close(folder, stack)
    # What could not be closed, or may be needed, is closed file by file.
    open_folders = {*_readable(folders, user), *(folder for folder in job.folders if folder not in folders)}
    found = dict.fromkeys(path for top in (*job.places, *open_folders) for path in credential_files(top))
    found |= dict.fromkeys(job.named())
    public = unchanged(job.root, [path for path in found if is_file(path)])
    secret = [path for path in found if path not in public]
    for path in secret:
        _close(path, stack)
    exposed = [path for path in _readable(secret, user) if not _is_harmless(path)]
    if exposed:
        raise ExposedError(exposed, user.name)


def _close(path: Path, stack: contextlib.ExitStack) -> None:
    """Take the rights of group and others, so also those of an access control list; a hard link has the same rights."""
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    with contextlib.suppress(OSError):
        descriptor = os.open(path, flags)
        stack.callback(os.close, descriptor)
        mode = stat.S_IMODE(os.fstat(descriptor).st_mode)
        if mode & _FOR_OTHERS:
            os.fchmod(descriptor, mode & ~_FOR_OTHERS)
            stack.callback(_reopen, descriptor, mode)


def _reopen(descriptor: int, mode: int) -> None:
    with contextlib.suppress(OSError):
        os.fchmod(descriptor, mode)


def _readable(paths: Sequence[Path], user: User) -> list[Path]:
    """Return those of the paths that the user can open: asked as that user, whatever modes and mounts say."""
    names = [os.fspath(path) for path in paths]
    groups = [names[start : start + _AT_ONCE] for start in range(0, len(names), _AT_ONCE)]
    return [path for group in groups for path in _readable_at_once(group, user)]


def _readable_at_once(paths: Sequence[str], user: User) -> list[Path]:
    done = user.shell(_CAN_READ, *paths)
    done.check_returncode()
    return [Path(os.fsdecode(name)) for name in done.stdout.split(b"\0") if name]


def _is_harmless(path: Path) -> bool:
    """Return whether a file that stays readable has no secret: an empty one, or a Git configuration without a token."""
    if is_folder(path):
        return not any(path.iterdir())
    return path.stat().st_size == 0 or (path.name in _OF_GIT and not tells_a_secret(path))
