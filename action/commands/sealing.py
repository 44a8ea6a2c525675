"""The user who runs the project's code, sealed off from the job's credentials; or the setting that would do so."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from action.errors import SettingsError
from action.project.folders import relative
from action.sandbox.credentials import ExposedError
from action.sandbox.project_user import ProjectUser, project_user

_OF_CHECKOUT = ("config", "config.worktree", "credentials", "FETCH_HEAD")
_SHOWN = 5


@contextlib.contextmanager
def sealed_off(root: Path) -> Iterator[ProjectUser]:
    """Yield the project's user as ``project_user`` does; raise SettingsError where it can read a credential."""
    try:
        with project_user(root) as user:
            yield user
    except ExposedError as error:
        raise refused(error, root) from None


def refused(error: ExposedError, root: Path) -> SettingsError:
    """Return the error for files that the project's user can read, with what ends it."""
    names = sorted(relative(path, root) for path in error.paths)
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    others = [path for path in error.paths if not _is_of_checkout(path)]
    remedies = []
    if len(others) < len(names):
        remedies.append("set `persist-credentials: false` for actions/checkout")
    if others:
        remedies.append(f"remove {'the other' if remedies else 'these'} files before this step")
    remedy = ", and ".join(remedies)
    return SettingsError(
        f"The project's code could read credentials of this job: {', '.join(names[:_SHOWN])}{more}.",
        why=f"The access rights could not be taken from the user {error.user}, who runs the project's code.",
        remedy=f"{remedy[:1].upper()}{remedy[1:]}.",
    )


def _is_of_checkout(path: Path) -> bool:
    return path.name in _OF_CHECKOUT or path.name.startswith("git-credentials-")
