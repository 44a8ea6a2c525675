"""The folder of downloaded packages that a workflow keeps between runs; only the project's user writes into it."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from action.errors import SettingsError
from action.repository.writing import OpenFolder, refusals_as_settings_errors
from action.sandbox.project_user import ProjectUser


@contextlib.contextmanager
def kept_cache(folder: Path | None, workspace: Path, user: ProjectUser) -> Iterator[None]:
    """Give a folder to the project's user, and at the end to the owner of the workspace, whose steps then keep it.

    Outside the image nothing has to be given. Raises SettingsError for a folder that is not one of the workspace.
    """
    if folder is None or user.uid is None or user.gid is None:
        yield
        return
    if folder == workspace or not folder.is_relative_to(workspace):
        raise SettingsError(
            f"cache-dir: {folder} is not a folder in the workspace.",
            why="All that lies in it is given to the user who installs.",
            remedy="Set a folder such as .alembic-checks-cache.",
        )
    with refusals_as_settings_errors(folder), OpenFolder.open(workspace, folder) as opened:
        opened.write(".gitignore", "*\n")
    _give(folder, user.uid, user.gid)
    try:
        yield
    finally:
        owner = workspace.stat()
        _give(folder, owner.st_uid, owner.st_gid)


def _give(folder: Path, uid: int, gid: int) -> None:
    """Change the owner of a folder and all in it; of no file with a second name, which may lie elsewhere."""
    for _, folders, files, descriptor in os.fwalk(folder, follow_symlinks=False):
        os.chown(descriptor, uid, gid)
        for name in (*folders, *files):
            with contextlib.suppress(FileNotFoundError):
                about = os.stat(name, dir_fd=descriptor, follow_symlinks=False)
                if stat.S_ISDIR(about.st_mode) or about.st_nlink == 1:
                    os.chown(name, uid, gid, dir_fd=descriptor, follow_symlinks=False)
