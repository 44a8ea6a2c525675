"""Finds the folders of a tree from its options, without importing the project."""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from action.project.alembic_tree import DEFAULT_SECTION, Tree, is_version_file
from action.project.options import FilledInByCodeError, OptionError, Options
from action.sandbox.looking import is_file, is_folder

_LONGEST, _LONGEST_NAME = 4095, 255
"""Bytes of a path, and of each name in it: the limits of Linux."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A configuration file and the options that it gives one tree."""

    config_file: Path
    kind: Literal["ini", "pyproject"]
    options: Options

    def path(self, repository: Path) -> str:
        """Return the name of the tree: its file, relative to the repository's root, and its section."""
        path = relative(self.config_file, repository)
        return path if self.options.section == DEFAULT_SECTION else f"{path}:{self.options.section}"


def resolve(source: Source, repository: Path) -> Tree:
    """Return the tree that a configuration describes, or raise OptionError saying why there is none."""
    options = source.options
    script_location, workdir = _script_location(source, repository)
    written = options.version_locations()
    location = options.text("script_location") or ""
    if Path(location).is_absolute():
        workdir = _where_they_are(written, workdir, repository)
    versions = tuple(_version_location(text, workdir, options.prepend_sys_path(), repository) for text in written)
    tree = Tree(
        path=source.path(repository),
        config_file=source.config_file,
        section=options.section,
        kind=source.kind,
        workdir=workdir,
        script_location=script_location,
        version_locations=versions or (script_location / "versions",),
        recursive=options.flag("recursive_version_locations"),
        env_py=script_location / "env.py",
        prepend_sys_path=options.prepend_sys_path(),
        note=_note(location, script_location, repository),
    )
    if not _may_be(tree.env_py, lambda mode: not stat.S_ISDIR(mode)) and not _has_versions(tree):
        raise OptionError(f"{relative(script_location, repository)} has no env.py and no revisions")
    return tree


def relative(path: Path, repository: Path) -> str:
    """Return a path relative to the repository's root, with forward slashes; as it is when outside of it."""
    return path.relative_to(repository).as_posix() if path.is_relative_to(repository) else path.as_posix()


def _script_location(source: Source, repository: Path) -> tuple[Path, Path]:
    """Return the script directory and the folder that its path is relative to."""
    folder, written = source.config_file.parent, source.options.text("script_location")
    if not written:
        if not is_file(folder / "env.py"):
            raise OptionError("it has no script_location")
        # Flask-Migrate keeps its ini among the scripts and is run from the application's folder.
        return folder, folder.parent
    for workdir in _upwards(folder, repository):
        for candidate in _candidates(written, workdir, source.options.prepend_sys_path()):
            if _may_be(candidate, stat.S_ISDIR):
                return candidate, workdir
    if Path(written).is_absolute():
        for workdir in _upwards(folder, repository):
            for candidate in _elsewhere(written, workdir):
                if is_file(candidate / "env.py"):
                    return candidate, workdir
        if is_file(folder / "env.py"):
            return folder, folder.parent
    error = FilledInByCodeError if re.search(r"[{}<>$]", written) else OptionError
    raise error(f"the folder {written!r} of script_location does not exist")


def _elsewhere(written: str, base: Path) -> Iterator[Path]:
    """Yield what an absolute path may be here: one of a container begins with folders that are not in the checkout."""
    parts = Path(written).parts[1:]
    yield from (_joined(base, "/".join(parts[start:])) for start in range(len(parts)))


def _note(written: str, script_location: Path, repository: Path) -> str:
    """Return the sentence on an absolute location that is not here; empty for any other."""
    if not Path(written).is_absolute() or Path(os.path.normpath(written)) == script_location:
        return ""
    return f"script_location is {written}, which does not exist here: {relative(script_location, repository)} was used."


def _where_they_are(written: tuple[str, ...], workdir: Path, repository: Path) -> Path:
    """Return the folder that has the relative version locations, where the command is run; ``workdir`` without any."""
    relative_ones = [text for text in written if ":" not in text and not Path(text).is_absolute()]
    if not relative_ones or not all(map(_can_be, relative_ones)):
        return workdir
    for base in _upwards(workdir, repository):
        if all(is_folder(_joined(base, one)) for one in relative_ones):
            return base
    return workdir


def _version_location(written: str, workdir: Path, sys_path: tuple[str, ...], repository: Path) -> Path:
    candidates = [found for base in _upwards(workdir, repository) for found in _candidates(written, base, sys_path)]
    plain = candidates[:1] if ":" not in written or Path(written).is_absolute() else candidates
    return next((candidate for candidate in plain if is_folder(candidate)), candidates[0])


def _candidates(written: str, base: Path, sys_path: tuple[str, ...]) -> Iterator[Path]:
    """Yield the possible folders of a location: a path from ``base``, or ``package:folder`` on its import path."""
    if not all(map(_can_be, (written, *sys_path))):
        raise OptionError("one of its options is not a possible name of a folder")
    if Path(written).is_absolute() or ":" not in written:
        yield _joined(base, written)
        return
    package, *folders = written.split(":")
    for entry in (*sys_path, ".", "src"):
        yield _joined(base, entry).joinpath(*package.split("."), *folders)


def _can_be(written: str) -> bool:
    path = written.encode("utf-8", "surrogateescape")
    return b"\0" not in path and len(path) <= _LONGEST and all(len(name) <= _LONGEST_NAME for name in path.split(b"/"))


def _joined(base: Path, written: str) -> Path:
    # normpath and not resolve: a linked folder keeps the name that Git uses.
    return Path(os.path.normpath(base / written))


def _upwards(folder: Path, repository: Path) -> Iterator[Path]:
    """Yield a folder and those above it up to the repository's root: a command may run in any of them."""
    yield folder
    while folder != repository and folder.is_relative_to(repository):
        folder = folder.parent
        yield folder


_ABSENT = (errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG)


def _may_be(path: Path, is_kind: Callable[[int], bool]) -> bool:
    """Return whether a path is of a kind, or cannot be looked at: what is closed must not count as absent."""
    try:
        return is_kind(path.stat().st_mode)
    except OSError as error:
        return error.errno not in _ABSENT


def _has_versions(tree: Tree) -> bool:
    return any(map(_has_version, tree.version_locations))


def _has_version(location: Path) -> bool:
    try:
        return any(is_version_file(path.name) for path in location.iterdir())
    except OSError as error:
        return error.errno not in _ABSENT  # nobody knows what is in it
