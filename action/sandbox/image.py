"""What our own process forgets in the image: there we are root, and the job's variables are other people's."""

from __future__ import annotations

import os
from collections.abc import MutableMapping

from action.sandbox.project_user import find_user
from action.sandbox.variables import PATH

_LEADING = ("LD_LIBRARY_PATH", "LD_PRELOAD", "LD_AUDIT", "TMPDIR", "TEMP", "TMP", "XDG_CONFIG_HOME")


def forget_the_job(environ: MutableMapping[str, str] = os.environ) -> None:
    """Look for programs, libraries and temporary folders where the image has them; elsewhere than in it do nothing.

    An earlier step may have put a folder of the pull request on PATH, or have Git look for its configuration in one,
    which names programs; and git is run as root.
    """
    if not find_user().is_another:
        return
    environ["PATH"] = PATH
    for name in _LEADING:
        environ.pop(name, None)
