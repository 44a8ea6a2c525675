"""Writes what settings name: a file as a whole or not at all, and without following symbolic links in the checkout."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import secrets
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from action.errors import SettingsError
from action.repository import outlets
from action.streams import Descriptor, write_all

_NEW = 0o644
_NO_NEIGHBORS = {errno.EACCES, errno.EPERM, errno.EROFS, errno.EBUSY, errno.EXDEV}
"""Errors of a folder in which no file can be made or moved, such as one in which a single file is mounted."""


def write_text(text: str, workspace: Path, file: Path) -> None:
    """Write to what a setting names: into a descriptor, device or pipe, else a file in place of the old one.

    An old file stays as it is where the new one cannot be written in full. A reader that leaves early has what it
    wanted. Raises SettingsError.
    """
    data = text.encode("utf-8", "replace")
    with refusals_as_settings_errors(file):
        descriptor = _outlet(workspace, file)
        if descriptor is None:
            target = _target(workspace, file)
            with OpenFolder.open(workspace, target.parent) as folder:
                folder.replace(target.name, data)
            return
        with (
            contextlib.closing(Descriptor(descriptor, _patience(file))) as stream,
            contextlib.suppress(BrokenPipeError),
        ):
            stream.write(data)


def opened_text(workspace: Path, file: Path) -> TextIO:
    """Open what a setting names for a text that is read while it is written. Raises SettingsError."""
    with refusals_as_settings_errors(file):
        descriptor = _outlet(workspace, file)
        if descriptor is None:
            target = _target(workspace, file)
            with OpenFolder.open(workspace, target.parent) as folder:
                descriptor = folder.create(target.name)
    buffer = io.BufferedWriter(Descriptor(descriptor, _patience(file)))
    return io.TextIOWrapper(buffer, "utf-8", "replace", newline="\n")


def append_text(text: str, file: Path) -> None:
    """Append to a file, a device or a pipe; a file without room for all of it stays as it is. Raises OSError."""
    descriptor = outlets.opened(_encoded(str(file)), None, follow=True)
    if descriptor is None:
        descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o666)
    with contextlib.closing(Descriptor(descriptor, outlets.PATIENCE)) as stream:
        before = os.fstat(descriptor)
        try:
            stream.write(text.encode("utf-8", "replace"))
        except OSError:
            if stat.S_ISREG(before.st_mode):
                os.ftruncate(descriptor, before.st_size)
            raise


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
        root, names = _way(workspace, Path(os.path.normpath(folder)))
        descriptor = os.open(_encoded(str(root)), os.O_RDONLY | os.O_DIRECTORY)
        status = os.fstat(descriptor)
        opened = cls(descriptor, (status.st_uid, status.st_gid), is_new=False)
        try:
            for name in names:
                opened._enter(name)
            yield opened
        finally:
            os.close(opened._descriptor)

    def write(self, path: str, text: str) -> None:
        """Write a file below the folder, in place of a file, pipe or link of that name."""
        *folders, name = path.split("/")
        if folders:
            with self._below(folders) as inner:
                inner.write(name, text)
            return
        self.replace(name, text.encode("utf-8", "replace"))

    def outlet(self, name: str) -> int | None:
        """Return a device, pipe or socket in the folder, open for writing; None for anything else."""
        return outlets.opened(_encoded(name), self._descriptor)

    def replace(self, name: str, data: bytes) -> None:
        """Write a file in the folder, which takes the place of anything with its name only when it is whole."""
        try:
            self._replace(name, data)
        except OSError as error:
            if error.errno not in _NO_NEIGHBORS:
                raise
            if not self._overwrite(name, data):
                raise

    def create(self, name: str) -> int:
        """Create an empty file in the folder, in place of anything with its name, and return it open for writing."""
        with self._beside(name) as descriptor:
            return os.dup(descriptor)

    def remove(self, name: str) -> None:
        """Remove a folder and everything in it, or a file or link of its name."""
        try:
            shutil.rmtree(name, dir_fd=self._descriptor)
        except FileNotFoundError:
            pass
        except OSError:  # not a folder
            os.unlink(name, dir_fd=self._descriptor)

    def _replace(self, name: str, data: bytes) -> None:
        with self._beside(name) as descriptor:
            write_all(descriptor, data)

    @contextlib.contextmanager
    def _beside(self, name: str) -> Iterator[int]:
        """Open a new file, which gets its name, and owner and mode of the old one, at the end of the block."""
        passing = f".alembic-checks-{secrets.token_hex(8)}".encode()
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        descriptor = os.open(passing, flags, _NEW, dir_fd=self._descriptor)
        try:
            self._give(descriptor, self._old(name))
            yield descriptor
            os.rename(passing, _encoded(name), src_dir_fd=self._descriptor, dst_dir_fd=self._descriptor)
        except BaseException:
            os.unlink(passing, dir_fd=self._descriptor)
            raise
        finally:
            os.close(descriptor)

    def _old(self, name: str) -> os.stat_result | None:
        with contextlib.suppress(FileNotFoundError):
            found = os.stat(_encoded(name), dir_fd=self._descriptor, follow_symlinks=False)
            return found if stat.S_ISREG(found.st_mode) else None
        return None

    def _overwrite(self, name: str, data: bytes) -> bool:
        """Write into a file where none can be made beside it; False for one that has another name as well."""
        if self._old(name) is None:
            return False
        flags = os.O_WRONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        descriptor = os.open(_encoded(name), flags, dir_fd=self._descriptor)
        try:
            found = os.fstat(descriptor)
            if not stat.S_ISREG(found.st_mode) or found.st_nlink != 1:
                return False
            write_all(descriptor, data)
            os.ftruncate(descriptor, len(data))
        finally:
            os.close(descriptor)
        return True

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
        outer, encoded = self._descriptor, _encoded(name)
        try:
            os.mkdir(encoded, 0o755, dir_fd=outer)
            self.is_new = True
        except FileExistsError:
            self.is_new = False
        self._descriptor = os.open(encoded, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=outer)
        os.close(outer)
        if self.is_new:
            self._give(self._descriptor)

    def _give(self, descriptor: int, like: os.stat_result | None = None) -> None:
        if like is not None:
            os.fchmod(descriptor, stat.S_IMODE(like.st_mode) & 0o777)
        if os.geteuid() == 0:
            with contextlib.suppress(OSError):  # an owner whom this user namespace does not know
                os.fchown(descriptor, *((like.st_uid, like.st_gid) if like is not None else self._owner))


def _outlet(workspace: Path, file: Path) -> int | None:
    """Return what a setting names, open for writing, where that is no file."""
    number = outlets.descriptor_of(file)
    if number is not None:
        return outlets.duplicate(number)
    if _is_followed(workspace, file):
        return outlets.opened(_encoded(str(file)), None, follow=True)
    with OpenFolder.open(workspace, file.parent) as folder:
        return folder.outlet(file.name)


def _target(workspace: Path, path: Path) -> Path:
    return Path(os.path.realpath(path)) if _is_followed(workspace, path) else path


def _is_followed(workspace: Path, path: Path) -> bool:
    """Return whether a path is a link that may be followed: outside of the workspace, and the user's own or root's."""
    if _inside(workspace, path) is not None:
        return False
    with contextlib.suppress(OSError):
        found = path.lstat()
        return stat.S_ISLNK(found.st_mode) and found.st_uid in (0, os.geteuid())
    return False


def _way(workspace: Path, folder: Path) -> tuple[Path, tuple[str, ...]]:
    """Return a folder to open, and the names below it that are no links on the way to another."""
    inside = _inside(workspace, folder)
    if inside is not None:
        return workspace, inside
    folder = _target(workspace, folder)
    return folder.parent, (folder.name,) if folder.name else ()


def _inside(workspace: Path, path: Path) -> tuple[str, ...] | None:
    """Return the names below the workspace that lead to a path, whichever way it is written; None for one outside."""
    for above in (*reversed(path.parents), path):
        with contextlib.suppress(OSError):
            if above.samefile(workspace):
                return path.relative_to(above).parts
    return None


def _patience(file: Path) -> float | None:
    """Return the seconds that a reader may read nothing; None for a descriptor, which is the user's own."""
    return outlets.PATIENCE if outlets.descriptor_of(file) is None else None


def _encoded(name: str) -> bytes:
    """Return a name as the system has it; where its encoding has no such character, in UTF-8."""
    try:
        return os.fsencode(name)
    except UnicodeEncodeError:
        return name.encode("utf-8", "surrogateescape")


@contextlib.contextmanager
def refusals_as_settings_errors(path: Path) -> Iterator[None]:
    """Raise an OSError of the block as a SettingsError that names ``path``."""
    try:
        yield
    except OSError as error:
        raise refusal(path, error) from None


def refusal(path: Path, error: OSError) -> SettingsError:
    """Return the error of a place that could not be written to."""
    is_link = error.errno in (errno.ELOOP, errno.ENOTDIR)
    cause = "a part of the path is a symbolic link or not a folder" if is_link else error.strerror or str(error)
    return SettingsError(
        f"The report cannot be written to {path}: {cause}.",
        why="Symbolic links in a checkout are not followed: a pull request can point them anywhere." if is_link else "",
        remedy="Set another path.",
    )
