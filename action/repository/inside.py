"""Reads files of the checkout only: a symbolic link in the pull request must not lead us to other files.

We may be root and the checkout hostile: ``versions/x.py`` may be a link to /proc/self/environ, or to .git/config, where
a checkout may have left a token; the text that we read goes into reports.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from action.repository.regular import LARGEST, opened, read_whole

_PRIVATE = f"{os.sep}.git{os.sep}"


class OutsideError(OSError):
    """A file that is not one of the repository's; ``str(error)`` is a sentence without its end."""

    def __str__(self) -> str:
        return "it is not a regular file of the repository, and links out of the repository are not followed"


def is_inside(path: Path, root: Path) -> bool:
    """Return whether a path, with all links followed, is below ``root`` and outside ``.git``."""
    return _is_below(os.path.realpath(path), root)


def read_inside(path: Path, root: Path, *, most: int = LARGEST) -> bytes:
    """Return the content of a regular file of the repository at ``root``.

    Raises OutsideError for a path that leads out of it, and as ``read_regular`` does.
    """
    with opened_inside(path, root, most=most) as file:
        return read_whole(file, most)


@contextlib.contextmanager
def opened_inside(path: Path, root: Path, *, most: int = LARGEST) -> Iterator[BinaryIO]:
    """Open a regular file of the repository; raises as ``read_inside`` does."""
    real = os.path.realpath(path)
    if not _is_below(real, root):
        raise OutsideError
    # A link that replaced the file since is not followed.
    with opened(real, most=most, follow=False) as file:
        yield file


def _is_below(real: str, root: Path) -> bool:
    top = os.path.realpath(root)
    return real.startswith(top.rstrip(os.sep) + os.sep) and _PRIVATE not in f"{real[len(top) :]}{os.sep}"
