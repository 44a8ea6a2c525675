"""Reads files that are not ours: regular ones, up to a size, so that no read waits without end or fills memory."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

LARGEST = 64 << 20
"""Bytes of a file that a person or a program writes as source or configuration."""
_KINDS = (
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


class NotRegularError(OSError):
    """A pipe, a socket, a device or a folder in place of a file; ``str(error)`` is a clause."""

    def __init__(self, mode: int) -> None:
        super().__init__()
        self._kind = next((name for is_kind, name in _KINDS if is_kind(mode)), "a special file")

    def __str__(self) -> str:
        return f"it is {self._kind}, not a regular file"


class TooLargeError(OSError):
    """A file beyond the size that is read; ``str(error)`` is a clause."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def __str__(self) -> str:
        return f"it is larger than {self._most >> 20} MiB"


@contextlib.contextmanager
def opened(path: str | Path, *, most: int = LARGEST, follow: bool = True) -> Iterator[BinaryIO]:
    """Open a regular file for reading; raises NotRegularError, TooLargeError, or the system's OSError."""
    # Looked at first: to open a device can change its state.
    _refuse(Path(path).stat(follow_symlinks=follow), most)
    # Whatever has replaced the file since: a pipe is not waited for.
    flags = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY | (0 if follow else os.O_NOFOLLOW)
    with os.fdopen(os.open(path, flags), "rb") as file:
        _refuse(os.fstat(file.fileno()), most)
        yield file


def read_regular(path: str | Path, *, most: int = LARGEST, follow: bool = True) -> bytes:
    """Return the content of a regular file; raises as ``opened`` does."""
    with opened(path, most=most, follow=follow) as file:
        return read_whole(file, most)


def read_whole(file: BinaryIO, most: int) -> bytes:
    """Return the content of an open file; raises TooLargeError for one that has grown since."""
    content = file.read(most + 1)
    if len(content) > most:
        raise TooLargeError(most)
    return content


def reason(error: OSError) -> str:
    """Return why a file could not be read, as a clause without its path, such as ``permission denied``."""
    if error.errno is None or not error.strerror:
        return str(error)
    return "the link leads in a circle" if error.errno == errno.ELOOP else _lower(error.strerror)


def sentence(error: OSError) -> str:
    """Return ``reason`` as the start of a sentence."""
    text = reason(error)
    return text[:1].upper() + text[1:]


def is_denied(error: OSError) -> bool:
    """Return whether a right is missing."""
    return error.errno in (errno.EACCES, errno.EPERM)


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _refuse(status: os.stat_result, most: int) -> None:
    if stat.S_ISLNK(status.st_mode):
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))  # as the system says it of a link that is not followed
    if not stat.S_ISREG(status.st_mode):
        raise NotRegularError(status.st_mode)
    if status.st_size > most:
        raise TooLargeError(most)
