"""Folders and files in the checkout that the project's code makes while it is imported: made for it, for the run.

The user who runs that code can't write to the checkout: what it changed there would outlive the run, or be run by a
later step. What it only adds, in a place of its own, is taken away again at the end.
"""

from __future__ import annotations

import contextlib
import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

from action.project.alembic_tree import Tree
from action.project.folders import relative
from action.sandbox.looking import is_folder, resolved
from action.sandbox.project_user import ProjectUser
from action.session.events import ObstacleMet
from action.supervisor.notes import tell
from action.supervisor.run_folder import delete

_MAKES_A_FOLDER = re.compile(r"\b(?:mkdir|makedirs)\(")
_MOST = 20


class MadePlaces:
    """What was made in one checkout."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._made: dict[Path, str] = {}
        self._tried: set[tuple[str, Path]] = set()

    def make(self, met: ObstacleMet, tree: Tree, user: ProjectUser) -> bool:
        """Make what a tree's code was not allowed to make; return whether it is there now, and was not before."""
        if not met.denied or not user.is_another or len(self._made) >= _MOST:
            return False
        path = Path(os.path.normpath(tree.workdir / met.denied))
        if (tree.path, path) in self._tried:
            return False
        self._tried.add((tree.path, path))
        return path in self._made or (self._may_be_made(path, user) and self._is_made(path, met, user))

    def _is_made(self, path: Path, met: ObstacleMet, user: ProjectUser) -> bool:
        tell("folders", str(path), {})
        try:
            if _MAKES_A_FOLDER.search(met.traceback or ""):
                path.mkdir(mode=0o700)
            else:
                os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600))
        except OSError:
            tell("folders", str(path), None)
            return False
        self._made[path] = relative(path, self.root)
        with contextlib.suppress(OSError):  # then the same right is lacking again, and the first failure is reported
            user.own(path)
        return True

    def _may_be_made(self, path: Path, user: ProjectUser) -> bool:
        """Return whether a path is free, in a folder of the checkout that no link leads to, and none of git's.

        No folder on the way may be one that the user can change: it could put a link there while root makes the path.
        """
        if path == self.root or not path.is_relative_to(self.root) or ".git" in relative(path, self.root):
            return False
        folders = (folder for folder in path.parents if folder.is_relative_to(self.root))
        if any(_can_be_changed(folder, user) for folder in folders):
            return False
        return resolved(path.parent) == path.parent and is_folder(path.parent) and not os.path.lexists(path)

    @property
    def note(self) -> str:
        """Return what the report says of them, in a sentence; empty for none."""
        if not self._made:
            return ""
        names = [f"`{name}`" for name in self._made.values()]
        listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
        were, they = ("was", "it is") if len(names) == 1 else ("were", "they are")
        return f"{listed} {were} created for the project's code, which writes there; {they} removed at the end."

    def remove(self) -> None:
        """Remove all of them; what cannot be removed is left to the parent process."""
        for path in reversed(self._made):
            if delete(path):
                tell("folders", str(path), None)
        self._made.clear()


def _can_be_changed(folder: Path, user: ProjectUser) -> bool:
    """Return whether the user may put something into a folder; one that cannot be looked at counts."""
    try:
        about = folder.lstat()
    except OSError:
        return True
    of_group = about.st_gid == user.gid and bool(about.st_mode & stat.S_IWGRP)
    return about.st_uid == user.uid or of_group or bool(about.st_mode & stat.S_IWOTH)


@contextlib.contextmanager
def made_places(root: Path) -> Iterator[MadePlaces]:
    """Yield what makes places in a checkout, and remove them at the end."""
    places = MadePlaces(root)
    try:
        yield places
    finally:
        places.remove()
