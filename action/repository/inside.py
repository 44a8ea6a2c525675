"""Reads files of the checkout only: a symbolic link in the pull request must not lead us to other files.

We may be root and the checkout hostile: ``versions/x.py`` may be a link to /proc/self/environ, or to .git/config, where
a checkout may have left a token; the text that we read goes into reports.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

_PRIVATE = f"{os.sep}.git{os.sep}"


class OutsideError(OSError):
    """A file that is not one of the repository's; ``str(error)`` is a sentence without its end."""

    def __str__(self) -> str:
        return "it is not a regular file of the repository, and links out of the repository are not followed"


def is_inside(path: Path, root: Path) -> bool:
    """Return whether a path, with all links followed, is below ``root`` and outside ``.git``."""
    return _is_below(os.path.realpath(path), root)


def read_inside(path: Path, root: Path) -> bytes:
    """Return the content of a regular file of the repository at ``root``; raise OutsideError for any other."""
    real = os.path.realpath(path)
    if not _is_below(real, root):
        raise OutsideError
    # A link that replaced the file since is not followed, and a pipe is not waited for.
    descriptor = os.open(real, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OutsideError
    with os.fdopen(descriptor, "rb") as file:
        return file.read()


def _is_below(real: str, root: Path) -> bool:
    top = os.path.realpath(root)
    return real.startswith(top.rstrip(os.sep) + os.sep) and _PRIVATE not in f"{real[len(top) :]}{os.sep}"
