"""The user's own command that creates the base's schema, run as the project's code is: its user and its variables."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from typing import Optional

from .protocol.event_fields import ObstacleFields

_TAIL = 8000
"""Bytes of the command's output that are sent: its end."""


def run(command: str, folder: str) -> Optional[ObstacleFields]:
    """Run a command in a folder, without a shell; return how it failed, with the end of what it printed."""
    sys.stdout.flush()
    start = printed()
    try:
        code = subprocess.run(shlex.split(command), check=False, cwd=folder, stdin=subprocess.DEVNULL).returncode
    except (OSError, ValueError) as failure:
        why = getattr(failure, "strerror", None) or failure
        return {"kind": "init-failed", "text": "cannot be started (%s): %s" % (why, command), "traceback": ""}
    if code == 0:
        return None
    how = "exited with code %d" % code if code > 0 else "was ended by signal %d" % -code
    return {"kind": "init-failed", "text": "%s: %s" % (how, command), "traceback": output_since(start)}


def printed() -> int:
    """Return how much stands in the file that takes our output, and that of the programs that we start."""
    try:
        return os.fstat(1).st_size
    except OSError:
        return 0


def output_since(start: int) -> str:
    """Return the end of what was printed since."""
    try:
        end = os.fstat(1).st_size
        return os.pread(1, _TAIL, max(start, end - _TAIL)).decode("utf-8", "replace")
    except OSError:  # the project's code has put something else there
        return ""
