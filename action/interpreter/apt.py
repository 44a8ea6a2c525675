"""Installs Debian packages that a setting names, as root, before anything of the project's runs."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence

from action.errors import ProjectCodeError
from action.sandbox.variables import PATH

_ENVIRON = {"PATH": PATH, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
_WITHOUT_RIGHTS = (
    "find",
    "/usr",
    "/opt",
    "/etc",
    "-xdev",
    "-perm",
    "/6000",
    "-type",
    "f",
    "-exec",
    "chmod",
    "a-s",
    "{}",
    "+",
)
"""No program of the image lends another user's rights."""


def install_debian_packages(names: Sequence[str], timeout: float) -> None:
    """Install packages; the setting lets nothing but names of packages through. Raises ProjectCodeError."""
    if not names:
        return
    _run(("apt-get", "update", "-qq"), names, timeout)
    _run(("apt-get", "install", "-y", "-qq", "--no-install-recommends", *names), names, timeout)
    _run(_WITHOUT_RIGHTS, names, timeout)


def _run(command: Sequence[str], names: Sequence[str], timeout: float) -> None:
    try:
        done = subprocess.run(
            command,
            cwd="/",
            env={**_ENVIRON, **_proxies()},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=timeout,
            check=False,
            text=True,
            errors="replace",
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _failed(names, str(error)) from None
    if done.returncode != 0:
        raise _failed(names, done.stdout)


def _proxies() -> dict[str, str]:
    return {
        name: value for name, value in os.environ.items() if name.lower() in ("http_proxy", "https_proxy", "no_proxy")
    }


def _failed(names: Sequence[str], output: str) -> ProjectCodeError:
    unknown = [line.rpartition(" ")[2] for line in output.splitlines() if "Unable to locate package" in line]
    why = f"Debian has no package {', '.join(unknown)}." if unknown else "apt-get failed; the log has its last lines."
    remedy = "Correct the names: they are those of Debian 13 (trixie)." if unknown else (
        "Run the job again. A runner without access to Debian's packages needs an image of its own with them."
    )  # fmt: skip
    return ProjectCodeError(
        f"The Debian packages of `apt-packages` could not be installed: {' '.join(names)}.",
        why=why, remedy=remedy, details=output,
    )  # fmt: skip
