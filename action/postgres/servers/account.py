"""The user that the server runs as: the current one, or an unprivileged one where that is root."""

from __future__ import annotations

import os
import pwd
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from action.errors import PostgresError
from action.sandbox.project_user import SERVER
from action.sandbox.user import User

# initdb looks its user up in the password file, so a number alone will not do.
_CANDIDATES = (SERVER, "nobody", "postgres", "daemon")
_PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "TMPDIR")


@dataclass(frozen=True, slots=True, kw_only=True)
class Account(User):
    """A user to start PostgreSQL's programs as."""

    def run(
        self, command: Sequence[str | Path], *, stdin: IO[bytes] | int = subprocess.DEVNULL
    ) -> subprocess.CompletedProcess[str]:
        """Run a short-lived command as this user and return its result; both outputs are in ``stdout``."""
        return subprocess.run(
            [os.fspath(part) for part in command],
            **self.switch(),
            umask=0o077,
            cwd="/",
            env=environment(),
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )

    def start(self, command: Sequence[str | Path], log: IO[bytes]) -> subprocess.Popen[bytes]:
        """Start a server as this user, in its own session: Ctrl-C must reach us and not the server."""
        return subprocess.Popen(
            [os.fspath(part) for part in command],
            **self.switch(),
            umask=0o077,
            cwd="/",
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def environment() -> Mapping[str, str]:
    """Return the server's environment variables, without our tokens and PG* variables."""
    passed = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return {**passed, "LC_ALL": "C", "TZ": "UTC"}


def server_account() -> Account:
    """Return the user to run PostgreSQL as.

    Raises PostgresError when we are root and cannot switch to another user.
    """
    if os.geteuid() != 0:
        return Account(name="", uid=None, gid=None)
    for name in _CANDIDATES:
        account = _account_named(name)
        if account is not None and _works(account):
            return account
    raise PostgresError(
        "PostgreSQL could not be started: it does not run as root.",
        why=f"This process is root and cannot switch to any of the users {', '.join(_CANDIDATES[1:])}.",
        remedy="Run as a user other than root, or set --database-url to a running server.",
    )


def _account_named(name: str) -> Account | None:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return Account(name=name, uid=entry.pw_uid, gid=entry.pw_gid)


def _works(account: Account) -> bool:
    # A container may lack the right to switch users, or not map this uid.
    try:
        return account.shell(":").returncode == 0
    except (OSError, subprocess.SubprocessError):
        return False
