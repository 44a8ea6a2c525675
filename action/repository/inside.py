"""Reads files of the checkout, and nothing else: a link of the pull request's must not lead us to files of ours.

We may be root and the checkout hostile: ``versions/x.py`` may be a link to /proc/self/environ, or to .git/config, where
a checkout may have left a token; what is read ends up in reports.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

_PRIVATE = f"{os.sep}.git{os.sep}"


class OutsideError(OSError):
    """A file that is not one of the repository's; ``str(error)`` is a sentence without its end."""

    def __str__(self) -> str:
        return "it is no regular file of the repository, and links out of it are not followed"


def is_inside(path: Path, root: Path) -> bool:
    """Tell whether a path, all links followed, is below ``root`` and not Git's own."""
    return _is_below(os.path.realpath(path), root)


def read_inside(path: Path, root: Path) -> bytes:
    """Return the content of a regular file of the repository at ``root``; raise OutsideError for any other."""
    real = os.path.realpath(path)
    if not _is_below(real, root):
        raise OutsideError
    # A link that has taken the file's place by now is not followed, a pipe not waited for.
    descriptor = os.open(real, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OutsideError
    with os.fdopen(descriptor, "rb") as file:
        return file.read()


def _is_below(real: str, root: Path) -> bool:
    top = os.path.realpath(root)
    return real.startswith(top.rstrip(os.sep) + os.sep) and _PRIVATE not in f"{real[len(top) :]}{os.sep}"
