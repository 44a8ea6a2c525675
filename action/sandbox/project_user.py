"""The user that the project's code runs as: the image's unprivileged user where we are root, else the current user.

Migrations, env.py and models are the pull request's code, and may be hostile. The user owns none of our files, is in
none of our groups, cannot read our process, and cannot gain rights: setuid programs give it none.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from action.sandbox.credentials import withheld
from action.sandbox.user import User

NAME = "alembic-checks-project"
"""The user that the image creates for this."""
_TRIES = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectUser(User):
    """The user who runs the project's code."""

    home: Path | None = None
    """Its home directory; None for the current user."""

    def start(
        self,
        command: Sequence[str],
        *,
        cwd: Path,
        environ: Mapping[str, str],
        output: IO[bytes],
        pass_fds: Sequence[int] = (),
    ) -> subprocess.Popen[bytes]:
        """Start a program of the project in its own session, so that Ctrl-C reaches only us; we end the program."""
        return subprocess.Popen(
            [*self._without_privileges(), *command],
            cwd=cwd,
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            pass_fds=pass_fds,
            umask=0o022 if self.is_another else -1,
            start_new_session=True,
            **self.switch(),
        )

    def can_run(self, python: str) -> bool:
        """Return whether this user can start an interpreter: its files may be missing here, or unreadable."""
        if not self.is_another:
            return os.access(python, os.X_OK)
        try:
            done = subprocess.run(
                [*self._without_privileges(), python, "-I", "-S", "-c", ""],
                cwd="/",
                env={},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
                timeout=60,
                check=False,
                **self.switch(),
            )
        except (OSError, subprocess.SubprocessError):
            return False
        return done.returncode == 0

    def end_all(self) -> None:
        """End every process of this user, in whatever session; do nothing for the current user."""
        for _ in range(_TRIES if self.is_another else 0):
            if not any(self.running()):
                return
            # As the user itself: the kernel then ends all of its processes at once, and no other user's.
            subprocess.run(
                ["/bin/sh", "-c", "kill -KILL -1"],
                cwd="/",
                env={},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                check=False,
                **self.switch(),
            )

    def end_group(self, process: subprocess.Popen[bytes]) -> None:
        """End a program that ``start`` started, and its process group."""
        if process.poll() is None:
            # Not waited for yet: no other process can have its number.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def running(self) -> Iterator[int]:
        """Yield the processes that run as this user, on Linux."""
        for status in Path("/proc").glob("[0-9]*/status"):
            with contextlib.suppress(OSError):
                lines = dict(line.split(":\t", 1) for line in status.read_text().splitlines() if ":\t" in line)
                if str(self.uid) in lines["Uid"].split("\t") and not lines["State"].startswith("Z"):
                    yield int(status.parent.name)

    def _without_privileges(self) -> list[str]:
        setpriv = shutil.which("setpriv", path=os.defpath) if self.is_another else None
        return [setpriv, "--no-new-privs", "--"] if setpriv else []


OURSELVES = ProjectUser(name="", uid=None, gid=None)


@contextlib.contextmanager
def project_user(root: Path, name: str = NAME) -> Iterator[ProjectUser]:
    """Yield the user that the code of the repository at ``root`` runs as, and hide the job's credentials from it.

    At the end, every process of a user that exists only for this is ended.
    """
    user = find_user(name)
    with withheld(root, user):
        try:
            yield user
        finally:
            user.end_all()


def find_user(name: str = NAME) -> ProjectUser:
    """Return the user of that name where it exists and we are root, else the current user."""
    if os.geteuid() != 0:
        return OURSELVES
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return OURSELVES
    return ProjectUser(name=name, uid=entry.pw_uid, gid=entry.pw_gid, home=Path(entry.pw_dir))
