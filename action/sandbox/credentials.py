"""Hides from the project's user the job's token, which a checkout leaves on disk for later steps.

actions/checkout writes it to ``.git/config``, and since version 6 to a file in RUNNER_TEMP that all users can read,
unless ``persist-credentials`` is false.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

from action.sandbox.user import User

_IN_REPOSITORY = (".git/config", ".git/config.worktree", ".git/modules/**/config")
_IN_TEMPORARY = "git-credentials-*"
_FOR_OTHERS = stat.S_IRWXG | stat.S_IRWXO


@contextlib.contextmanager
def withheld(root: Path, user: User, environ: Mapping[str, str] = os.environ) -> Iterator[None]:
    """Make these files readable by their owner only, while the project's code runs as another user."""
    with contextlib.ExitStack() as stack:
        for path in _files(root, environ) if user.is_another else ():
            # A file that we may not change is already unreadable, or does not exist.
            with contextlib.suppress(OSError):
                _close(path, stack)
        yield


def _files(root: Path, environ: Mapping[str, str]) -> Iterator[Path]:
    for pattern in _IN_REPOSITORY:
        yield from root.glob(pattern)
    if environ.get("RUNNER_TEMP"):
        yield from Path(environ["RUNNER_TEMP"]).glob(_IN_TEMPORARY)


def _close(path: Path, stack: contextlib.ExitStack) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    stack.callback(os.close, descriptor)
    mode = stat.S_IMODE(os.fstat(descriptor).st_mode)
    if mode & _FOR_OTHERS:
        os.fchmod(descriptor, mode & ~_FOR_OTHERS)
        stack.callback(os.fchmod, descriptor, mode)
