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
from action.sandbox.processes import end_all
from action.sandbox.user import User

NAME = "alembic-checks-project"
"""The user that the image creates for this."""
SERVER = "alembic-checks-server"
"""The user that the image creates for PostgreSQL."""
_HIDDEN: list[contextlib.ExitStack] = []
"""Never unwound: the run's process ends without taking its objects apart (supervisor/parent.py)."""


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

    def end_group(self, process: subprocess.Popen[bytes]) -> None:
        """End a program that ``start`` started, and its process group."""
        if process.poll() is None:
            # Not waited for yet: no other process can have its number.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def _without_privileges(self) -> list[str]:
        setpriv = shutil.which("setpriv", path=os.defpath) if self.is_another else None
        return [setpriv, "--no-new-privs", "--"] if setpriv else []


OURSELVES = ProjectUser(name="", uid=None, gid=None)


@contextlib.contextmanager
def project_user(root: Path, name: str = NAME) -> Iterator[ProjectUser]:
    """Yield the user that the code of the repository at ``root`` runs as, and hide the job's credentials from it.

    At the end, every process of this user and of the server's is ended, before any credential can be read again: a
    migration can have started one on the server. Where one does not end, the credentials stay hidden.
    """
    user = find_user(name)
    with contextlib.ExitStack() as hidden:
        hidden.enter_context(withheld(root, user))
        try:
            yield user
        finally:
            # Both, whatever the first says.
            gone = [end_all(user), not user.is_another or end_all(find_user(SERVER))]
            if not all(gone):
                _HIDDEN.append(hidden.pop_all())


def find_user(name: str = NAME) -> ProjectUser:
    """Return the user of that name where it exists and we are root, else the current user."""
    if os.geteuid() != 0:
        return OURSELVES
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return OURSELVES
    return ProjectUser(name=name, uid=entry.pw_uid, gid=entry.pw_gid, home=Path(entry.pw_dir))
