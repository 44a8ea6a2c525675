"""The folder for the project's temporary files: ours, so that nothing stays of a process that was killed."""

from __future__ import annotations

from pathlib import Path

from action.sandbox.user import User
from action.supervisor.run_folder import scratch_folder


def temporary_folder(user: User) -> Path:
    """Return the folder, which belongs to the project's user. Raises OSError."""
    folder = scratch_folder() / "project"
    if not folder.exists():
        folder.mkdir(mode=0o700)
        user.own(folder)
    return folder
