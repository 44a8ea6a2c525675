"""The report as files in the checkout, which is not to be trusted: no symbolic link of it is followed."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from action.documents import report as document
from action.errors import SettingsError
from action.reports import escape, junit, sarif, summary
from checks.findings import Report

_MISSING = "missing-migration"
_NAMES = {"report": "report.json", "summary": "report.md", "sarif": "report.sarif", "junit": "report.junit.xml"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """Where the files are, relative to the workspace; empty for what was not written."""

    report: str = ""
    summary: str = ""
    sarif: str = ""
    junit: str = ""
    missing_migrations: tuple[str, ...] = ()


def write(report: Report, workspace: Path, folder: Path) -> Written:
    """Write all forms of the report, and the missing migrations, into a folder, in place of an earlier run's.

    Raises SettingsError where the folder cannot be written, or leads through a symbolic link. What we make belongs to
    whom the workspace belongs to, so that a later checkout can remove it.
    """
    texts = {
        "report": document.dump(report),
        "summary": summary.render(report),
        "sarif": sarif.render(report),
        "junit": junit.render(report),
    }
    migrations = dict(missing_migrations(report))
    with _told(folder), _Folder.open(workspace, folder) as opened:
        if opened.is_new:
            opened.write(".gitignore", "*\n")
        opened.remove(_MISSING)
        for name, text in texts.items():
            opened.write(_NAMES[name], text)
        for path, text in migrations.items():
            opened.write(f"{_MISSING}/{path}", text)
    where = PurePosixPath(os.path.relpath(folder, workspace))
    return Written(
        **{name: str(where / file) for name, file in _NAMES.items()},
        missing_migrations=tuple(str(where / _MISSING / path) for path in migrations),
    )


def write_text(text: str, workspace: Path, file: Path) -> None:
    """Write one file that a setting names, as carefully; raises SettingsError."""
    with _told(file), _Folder.open(workspace, file.parent) as opened:
        opened.write(file.name, text)


def missing_migrations(report: Report) -> Iterator[tuple[str, str]]:
    """Yield path and text of each file that a check would have the project add."""
    for _, result in report.results():
        for snippet in result.fixes:
            if snippet.path is not None and _is_inside(snippet.path):
                yield snippet.path, snippet.text


def _is_inside(path: str) -> bool:
    """Tell whether a path of the project's data stays below the folder that it is put into, and can be shown."""
    parts = path.split("/")
    return path == escape.line(path) and not {"", ".", ".."} & set(parts) and "\\" not in path


class _Folder:
    """A folder held open: what its path leads to may change, the folder does not."""

    def __init__(self, descriptor: int, owner: tuple[int, int], *, is_new: bool) -> None:
        self._descriptor = descriptor
        self._owner = owner
        self.is_new = is_new

    @classmethod
    @contextlib.contextmanager
    def open(cls, workspace: Path, folder: Path) -> Iterator[_Folder]:
        """Open a folder, made where it is not there: below the workspace link by link, elsewhere as the user says."""
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
        """Write a file below the folder, anew: not into a file, pipe or link that is there."""
        *folders, name = path.split("/")
        if folders:
            with self._below(folders) as inner:
                inner.write(name, text)
            return
        with contextlib.suppress(FileNotFoundError):
            os.unlink(name, dir_fd=self._descriptor)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
        descriptor = os.open(name, flags, 0o644, dir_fd=self._descriptor)
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="replace", newline="\n") as file:
            self._give(descriptor)
            file.write(text)

    def remove(self, name: str) -> None:
        """Remove a folder and all below it, or whatever has its name."""
        try:
            shutil.rmtree(name, dir_fd=self._descriptor)
        except FileNotFoundError:
            pass
        except OSError:  # not a folder
            os.unlink(name, dir_fd=self._descriptor)

    @contextlib.contextmanager
    def _below(self, names: list[str]) -> Iterator[_Folder]:
        opened = _Folder(os.dup(self._descriptor), self._owner, is_new=False)
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
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        is_link = error.errno in (errno.ELOOP, errno.ENOTDIR)
        raise SettingsError(
            f"The report cannot be written to {path}: "
            + ("a part of the path is a symbolic link, or no folder." if is_link else f"{error.strerror}."),
            why="In a checkout no symbolic link is followed: a pull request can make it lead anywhere."
            if is_link
            else "",
            remedy="Name another folder.",
        ) from None
