"""Which files the base's revisions use besides their own, and which of them the working tree has changed."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from action.base.interface import Base, BaseError
from action.probe.protocol.requests import OPERATIONS
from action.project.folders import relative
from action.rehearsal.plan import Plan
from action.repository.git import ignored
from action.sandbox.looking import entries, is_file, is_folder
from action.session.session import Session
from checks.recording.absent import Absent


class OldCode:
    """What the base's revisions run of the working tree, as far as a session has seen it."""

    def __init__(self, plan: Plan, session: Session) -> None:
        self._plan, self._session = plan, session
        self._known: dict[frozenset[str], tuple[str, ...] | Absent] = {}

    def changed(self) -> tuple[str, ...] | Absent:
        """Return the files that differ from the base and that the base's revisions use.

        The first call asks the session what the version files import; a leg adds what it imported and read.
        """
        plan, old = self._plan, self._old_files()
        if plan.base is None or not old:
            return ()
        if not self._session.uses.edges:
            self._session.learn_uses(old)
        settings = {relative(path, plan.root) for path in (plan.tree.env_py, *plan.own_configuration)}
        used = frozenset(used_by((*old, OPERATIONS), self._session.uses.edges) | settings)
        if used not in self._known:
            self._known[used] = _changed(plan.base, plan.root, used)
        return self._known[used]

    def _old_files(self) -> tuple[str, ...]:
        """Return the version files of the base's revisions as the probe names them: without links on the way."""
        root = os.path.realpath(self._plan.root)
        return tuple(os.path.relpath(os.path.realpath(Path(root, path)), root) for path in self._plan.old_files)


def used_by(starts: Iterable[str], uses: Mapping[str, Iterable[str]]) -> set[str]:
    """Return all that files use, and what that uses again; a start only where another file uses it."""
    found: set[str] = set()
    waiting = [used for start in starts for used in uses.get(start, ())]
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            waiting += uses.get(path, ())
    return found


def _changed(base: Base, root: Path, used: frozenset[str]) -> tuple[str, ...] | Absent:
    folders = {path for path in used if is_folder(root / path)}
    try:
        before = [path for path in base.fork.names() if path.rpartition("/")[0] in folders] if folders else []
        listed = {*before, *(path for folder in folders for path in _files_in(root, folder))}
        differing = base.differing((used - folders) | listed)
    except BaseError as error:
        return Absent(reason=str(error))
    return tuple(sorted(differing - ignored(root, differing)))


def _files_in(root: Path, folder: str) -> Iterable[str]:
    return [f"{folder}/{path.name}" for path in entries(root / folder) if is_file(path) and path.suffix != ".pyc"]
