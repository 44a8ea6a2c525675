"""Writes files into the checkout without following symbolic links in it."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from action.errors import SettingsError


def write_text(text: str, workspace: Path, file: Path) -> None:
    """Write a file that a setting names, without following links. Raises SettingsError."""
    with refusals_as_settings_errors(file), OpenFolder.open(workspace, file.parent) as opened:
        opened.write(file.name, text)


@contextlib.contextmanager
def opened_text(workspace: Path, file: Path) -> Iterator[TextIO]:
    """Open a file that a setting names for writing, without following links. Raises SettingsError."""
    with refusals_as_settings_errors(file), OpenFolder.open(workspace, file.parent) as opened:
        stream = opened.create(file.name)
    with stream:
        yield stream


class OpenFolder:
    """An open folder: its path may lead elsewhere later, but the open folder stays the same."""

    def __init__(self, descriptor: int, owner: tuple[int, int], *, is_new: bool) -> None:
        self._descriptor = descriptor
        self._owner = owner
        self.is_new = is_new

    @classmethod
    @contextlib.contextmanager
    def open(cls, workspace: Path, folder: Path) -> Iterator[OpenFolder]:
        """Open a folder, which is created if needed; below the workspace no link on the way is followed."""
        folder = Path(os.path.normpath(folder))
        root = workspace if folder.is_relative_to(workspace) else folder.parent
        descriptor = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
        status = os.fstat(descriptor)
        opened = cls(descriptor, (status.st_uid, status.st_gid), is_new=False)
        try:
            for name in folder.relative_to(root).parts:
                opened._enter(name)
            yield opened
        finally:
            os.close(opened._descriptor)

    def write(self, path: str, text: str) -> None:
        """Write a new file below the folder, in place of a file, pipe or link of that name."""
        *folders, name = path.split("/")
        if folders:
            with self._below(folders) as inner:
                inner.write(name, text)
            return
        with self.create(name) as file:
            file.write(text)

    def create(self, name: str) -> TextIO:
        """Create a file in the folder, in place of anything with its name, and return it open for writing."""
        with contextlib.suppress(FileNotFoundError):
            os.unlink(name, dir_fd=self._descriptor)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
        descriptor = os.open(name, flags, 0o644, dir_fd=self._descriptor)
        self._give(descriptor)
        return os.fdopen(descriptor, "w", encoding="utf-8", errors="replace", newline="\n")

    def remove(self, name: str) -> None:
        """Remove a folder and everything in it, or a file or link of its name."""
        try:
            shutil.rmtree(name, dir_fd=self._descriptor)
        except FileNotFoundError:
            pass
        except OSError:  # not a folder
            os.unlink(name, dir_fd=self._descriptor)

    @contextlib.contextmanager
    def _below(self, names: list[str]) -> Iterator[OpenFolder]:
        opened = OpenFolder(os.dup(self._descriptor), self._owner, is_new=False)
        try:
            for name in names:
                opened._enter(name)
            yield opened
        finally:
            os.close(opened._descriptor)

    def _enter(self, name: str) -> None:
        outer = self._descriptor
        try:
            os.mkdir(name, 0o755, dir_fd=outer)
            self.is_new = True
        except FileExistsError:
            self.is_new = False
        self._descriptor = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=outer)
        os.close(outer)
        if self.is_new:
            self._give(self._descriptor)

    def _give(self, descriptor: int) -> None:
        if os.geteuid() == 0:
            os.fchown(descriptor, *self._owner)


@contextlib.contextmanager
def refusals_as_settings_errors(path: Path) -> Iterator[None]:
    """Raise an OSError of the block as a SettingsError that names ``path``."""
    try:
        yield
    except OSError as error:
        is_link = error.errno in (errno.ELOOP, errno.ENOTDIR)
        raise SettingsError(
            f"The report cannot be written to {path}: "
            + ("a part of the path is a symbolic link or not a folder." if is_link else f"{error.strerror}."),
            why="Symbolic links in a checkout are not followed: a pull request can point them anywhere."
            if is_link
            else "",
            remedy="Set another path.",
        ) from None
