"""Reads the project's files as far as they are regular ones: a pipe would be waited for, a device never ends."""

from __future__ import annotations

import os
import stat

LARGEST = 64 << 20
"""Bytes of a file that is read."""


def read_regular(path: str) -> bytes:
    """Return the content of a regular file; raises OSError, also for any other kind and for a larger one."""
    status = os.stat(path)
    if not stat.S_ISREG(status.st_mode):
        raise OSError("%s is not a regular file" % path)
    if status.st_size > LARGEST:
        raise OSError("%s is larger than %d MiB" % (path, LARGEST >> 20))
    # Without waiting for what may have replaced it since.
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
        return file.read(LARGEST)
