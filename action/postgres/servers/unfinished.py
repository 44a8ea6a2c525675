"""What a run that was killed while it was making something left in a folder that outlives the runs."""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path

from action.supervisor.run_folder import delete

MAKING = ".new-"
"""How the name begins of what is not finished; it is renamed when it is."""
_MADE_WITHIN = 3600.0
"""Seconds; it takes a few."""


def remove_unfinished(place: Path) -> None:
    """Delete what earlier runs of this user did not finish in a folder, and cannot be at any more."""
    for path in place.glob(f"{MAKING}*"):
        with contextlib.suppress(OSError):
            about = path.lstat()
            if about.st_uid == os.geteuid() and time.time() - about.st_mtime > _MADE_WITHIN:
                delete(path)
