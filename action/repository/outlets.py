"""Opens what a setting names and is no regular file: standard output, another open descriptor, a device, a pipe."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import socket
import stat
import time
from pathlib import Path

from action import streams

_DESCRIPTOR = re.compile(r"/(?:dev|proc/self|proc/thread-self|proc/(\d+))/fd/(\d{1,9})")
_STANDARD = {"/dev/stdin": streams.STDIN, "/dev/stdout": streams.STDOUT, "/dev/stderr": streams.STDERR}
_READER = 5.0
"""Seconds that a pipe waits for a reader."""
PATIENCE = 60.0
"""Seconds that a reader may read nothing."""
_PAUSE = 0.02


def descriptor_of(path: Path) -> int | None:
    """Return the number of the open descriptor that a path stands for, such as 1 for ``/dev/stdout``; None for none."""
    text = str(path)
    if text in _STANDARD:
        return _STANDARD[text]
    match = _DESCRIPTOR.fullmatch(text)
    if match is None or (match[1] is not None and int(match[1]) != os.getpid()):
        return None
    return int(match[2])


def is_given(path: Path) -> bool:
    """Return whether a path can be opened as far as that is about descriptors: one that it stands for must be open."""
    number = descriptor_of(path)
    return number is None or streams.was_given(number)


def identity(path: Path) -> object:
    """Return what is the same for two names of one place to write to."""
    number = descriptor_of(path)
    return Path(os.path.realpath(path.parent), path.name) if number is None else number


def duplicate(number: int) -> int:
    """Return a descriptor of the same open file; raises OSError where the program was not started with it."""
    if not streams.was_given(number):
        raise OSError(errno.EBADF, "It is not open")
    return os.dup(number)


def opened(name: bytes, folder: int | None, *, follow: bool = False) -> int | None:
    """Return a device, a pipe or a socket, open for writing; None for a regular file, a link, or what is not there.

    ``folder`` is an open folder. Raises OSError for a pipe that nobody reads, a folder, and a whole disk.
    """
    try:
        found = os.stat(name, dir_fd=folder, follow_symlinks=follow)
    except FileNotFoundError:
        return None
    if stat.S_ISDIR(found.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if stat.S_ISBLK(found.st_mode):
        raise OSError(errno.EPERM, "A report does not belong on a block device")
    if stat.S_ISSOCK(found.st_mode):
        return _connected(name, folder)
    if not (stat.S_ISCHR(found.st_mode) or stat.S_ISFIFO(found.st_mode)):
        return None
    # Never a link that has replaced it since, never our terminal, and never a wait without end.
    flags = os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC | (0 if follow else os.O_NOFOLLOW)
    descriptor = (
        _with_reader(name, folder, flags) if stat.S_ISFIFO(found.st_mode) else os.open(name, flags, dir_fd=folder)
    )
    if stat.S_IFMT(os.fstat(descriptor).st_mode) != stat.S_IFMT(found.st_mode):
        os.close(descriptor)
        raise OSError(errno.EAGAIN, "It was replaced while it was opened")
    return descriptor


def _with_reader(name: bytes, folder: int | None, flags: int) -> int:
    ends = time.monotonic() + _READER
    while True:
        try:
            return os.open(name, flags, dir_fd=folder)
        except OSError as error:
            if error.errno != errno.ENXIO:
                raise
            if time.monotonic() > ends:
                raise OSError(errno.ENXIO, "No program reads from the pipe") from None
        time.sleep(_PAUSE)


def _connected(name: bytes, folder: int | None) -> int:
    # By the open folder, whose path may have changed, and because the path of a socket may not be long.
    path = name if folder is None else os.fsencode(f"/proc/self/fd/{folder}/") + name
    with contextlib.closing(socket.socket(socket.AF_UNIX)) as made:
        made.settimeout(_READER)
        made.connect(path)
        made.setblocking(False)
        return made.detach()
