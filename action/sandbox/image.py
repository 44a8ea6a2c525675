"""Removes the job's environment variables from our own process in the image, where it is root."""

from __future__ import annotations

import os
from collections.abc import MutableMapping

from action.sandbox.project_user import find_user
from action.sandbox.variables import PATH

_LEADING = ("LD_LIBRARY_PATH", "LD_PRELOAD", "LD_AUDIT", "TMPDIR", "TEMP", "TMP", "XDG_CONFIG_HOME")


def forget_the_job(environ: MutableMapping[str, str] = os.environ) -> None:
    """Reset the variables of programs, libraries and temporary folders to the image's; outside the image do nothing.

    An earlier step may have put a folder of the pull request on PATH, or made Git read its configuration, which names
    programs, from one; and git runs as root.
    """
    if not find_user().is_another:
        return
    environ["PATH"] = PATH
    for name in _LEADING:
        environ.pop(name, None)
