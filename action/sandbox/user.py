"""The user that a process is started as: the current user, or one without our rights."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict


class Switch(TypedDict):
    """Arguments of ``subprocess.Popen`` that switch to a user."""

    user: int | None
    group: int | None
    extra_groups: list[int] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A user to start processes as; ``uid`` is None for the current user."""

    name: str
    uid: int | None
    gid: int | None

    @property
    def is_another(self) -> bool:
        """Return whether it is another user than the current one."""
        return self.uid is not None

    def switch(self) -> Switch:
        """Return the arguments that start a process as this user, in no group but its own."""
        return {"user": self.uid, "group": self.gid, "extra_groups": [] if self.is_another else None}

    def shell(self, script: str, *arguments: str, timeout: float | None = None) -> subprocess.CompletedProcess[bytes]:
        """Run a short script of ours as this user, without variables, and return its result.

        Raises OSError and subprocess.SubprocessError where it cannot be started or does not end in time.
        """
        return subprocess.run(
            ["/bin/sh", "-c", script, "sh", *arguments],
            cwd="/",
            env={},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=timeout,
            check=False,
            **self.switch(),
        )

    def own(self, path: Path) -> None:
        """Make this user the owner of a file or directory; of a link itself, not its target."""
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def reaches(self, directory: Path) -> bool:
        """Return whether this user can reach a directory: every folder on the way is open to others."""
        if self.uid is None:
            return os.access(directory, os.X_OK)
        return all(folder.stat().st_mode & 0o001 for folder in (directory, *directory.parents))
