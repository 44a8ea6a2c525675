"""Lists a tree's version files as Alembic does, and reads them; what cannot be read has a reason."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from action.project.alembic_tree import Tree, is_version_file
from action.project.folders import relative
from action.repository.inside import OutsideError, read_inside
from action.repository.regular import NotRegularError, TooLargeError, is_denied, reason
from action.sandbox.looking import is_folder
from checks.recording.revisions import Unreadable, UnreadKind


@dataclass(frozen=True, slots=True)
class VersionFiles:
    """The version files of a tree, as checked out."""

    contents: tuple[tuple[str, bytes], ...]
    """Path, relative to the repository's root, and content."""
    unread: tuple[Unreadable, ...]
    """Files and folders that could not be read."""


def files_of(tree: Tree, root: Path) -> VersionFiles:
    """Return the tree's version files in the order in which Alembic loads them, without ``sourceless`` ones."""
    contents: list[tuple[str, bytes]] = []
    unread: list[Unreadable] = []

    def refused(error: OSError) -> None:
        none = isinstance(error, (FileNotFoundError, NotADirectoryError))  # for Alembic, too, it has no revisions
        if not none and not str(error.filename).endswith("__pycache__"):
            unread.append(_unread(Path(error.filename), root, error, is_folder=True))

    for path in version_files(tree, refused):
        try:
            contents.append((relative(path, root), read_inside(path, root)))
        except OSError as error:
            if not is_folder(path):  # Alembic passes over folders
                unread.append(_unread(path, root, error))
    return VersionFiles(tuple(contents), tuple(unread))


def version_files(tree: Tree, refused: Callable[[OSError], None] = lambda error: None) -> list[Path]:
    """Return the files that Alembic would load, in its order; ``refused`` takes the error of a folder."""
    found: dict[str, Path] = {}
    for location in tree.version_locations:
        for path in _listed(location, tree.recursive, refused):
            found.setdefault(os.path.realpath(path), path)
    return list(found.values())


def _listed(location: Path, recursive: bool, refused: Callable[[OSError], None]) -> Iterator[Path]:
    for folder, folders, files in os.walk(location, onerror=refused):
        folders.sort()
        if not folder.endswith("__pycache__"):
            yield from (Path(folder, name) for name in sorted(files) if is_version_file(name))
        if not recursive:
            break


def _unread(path: Path, root: Path, error: OSError, *, is_folder: bool = False) -> Unreadable:
    why = "the link leads to no file" if isinstance(error, FileNotFoundError) else reason(error)
    return Unreadable(path=relative(path, root), line=None, reason=why, unread=_kind(error, is_folder))


def _kind(error: OSError, is_folder: bool) -> UnreadKind:
    if is_folder:
        return UnreadKind.FOLDER
    if isinstance(error, OutsideError):
        return UnreadKind.OUTSIDE
    if is_denied(error):
        return UnreadKind.DENIED
    return UnreadKind.SPECIAL if isinstance(error, (NotRegularError, TooLargeError)) else UnreadKind.BROKEN
