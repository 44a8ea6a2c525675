"""Whether this process can start programs as the user of the project's code, as it promises to do."""

from __future__ import annotations

import subprocess

from action.errors import SettingsError
from action.sandbox.user import User
from action.settings import Settings


def refuse_unless_possible(user: User) -> None:
    """Raise SettingsError where no program can be started as ``user``; do nothing for the current user.

    Then the project's code does not run at all: as root it would have more rights than it may have.
    """
    if not user.is_another:
        return
    try:
        user.shell(":", timeout=60).check_returncode()
    except (OSError, subprocess.SubprocessError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise SettingsError(
            f"The project's code cannot run as the user {user.name}: {why}.",
            why="This process is root but may not switch to another user, and the project's code must not run as root.",
            remedy="Give the container the capabilities SETUID, SETGID and KILL, or run as a user other than root.",
        ) from None


def refuse_what_needs_the_image(settings: Settings, user: User) -> None:
    """Raise SettingsError for a setting of the installation in the image, where the job installs the dependencies."""
    if user.is_another:
        return
    for name, value in (("apt-packages", settings.apt_packages), ("cache-dir", settings.cache_dir)):
        if value:
            raise SettingsError(
                f"{name} works only in the container of the action.",
                why="Outside of it, an earlier step of the job installs what the project needs.",
                remedy=f"Remove {name}, and install the packages in a step before this one.",
            )
