"""What the system refuses, in words, and what to do about each refusal."""

from __future__ import annotations

import errno
import os

_AGAIN = "Run the check again."
_REMEDIES = {
    errno.EACCES: "Give the user who runs the check the right to use it.",
    errno.EPERM: "Give the user or the container the right that is missing.",
    errno.EROFS: "Mount it writable, or set TMPDIR or the setting that names it to a writable folder.",
    errno.EMFILE: "Raise the limit on open files: ulimit -n 1024",
    errno.ENFILE: "Raise the system's limit on open files, or close other programs.",
    errno.EAGAIN: "Raise the limit on processes: ulimit -u 4096",
    errno.ENAMETOOLONG: "Use a shorter path.",
    errno.ELOOP: "Remove the link that leads in a circle.",
    errno.EFBIG: "Raise the limit on the size of files: ulimit -f unlimited",
    errno.ESTALE: f"Mount the file system again. {_AGAIN}",
    errno.EIO: f"Check the disk. {_AGAIN}",
    errno.ENODEV: "Check the file system that it lies on.",
    errno.ENXIO: "Replace it by a regular file.",
    errno.ETXTBSY: f"Wait until no program writes to it. {_AGAIN}",
    errno.ENOEXEC: "Replace it by a program for this machine.",
    errno.ENOSYS: "Run on a system that has this function.",
    errno.ENOLCK: "Use a file system that has locks.",
    errno.EBUSY: _AGAIN,
}
"""By the number of an OSError that no bug of ours raises; ENOENT, EBADF, EINVAL and the like are bugs until proven."""


def remedy_of(number: int | None) -> str | None:
    """Return what to do about an error of the system by its number; None for one that a bug of ours may raise."""
    return _REMEDIES.get(number or 0)


def said(error: OSError) -> str:
    """Return the system's words, after the file that they are about, if any: ``/tmp/x: Permission denied``."""
    name = error.filename
    place = f"{os.fsdecode(name) if isinstance(name, (str, bytes, os.PathLike)) else name}: " if name else ""
    return f"{place}{error.strerror or error}"
