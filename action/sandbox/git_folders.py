"""The files of a Git repository in which a checkout leaves a token, without running Git."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator
from pathlib import Path

from action.sandbox.looking import is_file, is_folder

_SECTION = re.compile(r"^\s*\[\s*include(?:if\s+\"[^\n]*\")?\s*\]", re.IGNORECASE)
_PATH = re.compile(r"\bpath\s*=\s*(.+?)\s*$", re.IGNORECASE)
_MOST_BYTES = 1 << 20
_DEEPEST = 10
"""Files that include each other; as Git has it."""
_TELLING = re.compile(r"extraheader|authorization|token|passw|\[\s*credential|include|://[^/\s]*@", re.IGNORECASE)


def git_folder(path: Path) -> Path:
    """Return the folder of a repository whose ``.git`` this is: of a worktree or submodule it is a file with a path."""
    if is_file(path):
        named = _text(path).partition("gitdir:")[2].strip()
        return Path(os.path.normpath(path.parent / named)) if named else path
    return path


def is_bare(names: Collection[str]) -> bool:
    """Return whether a folder with these entries is a repository by itself."""
    return {"HEAD", "objects", "refs", "config"}.issubset(names)


def configurations(folder: Path) -> Iterator[Path]:
    """Yield the files of a repository that may hold a token, and those of its submodules and worktrees."""
    common = _text(folder / "commondir").strip()
    for each in dict.fromkeys((folder, Path(os.path.normpath(folder / common)))):
        yield from _of_one(each)


def _of_one(folder: Path) -> Iterator[Path]:
    for name in ("config", "config.worktree", "credentials", "FETCH_HEAD"):
        if is_file(folder / name):
            yield folder / name
            yield from included(folder / name)
    for part in (folder / "worktrees", folder / "modules"):
        if not is_folder(part) or part.is_symlink():
            continue
        for inner, folders, files in os.walk(part):
            folders[:] = [name for name in folders if name not in ("objects", "refs", "logs", "hooks")]
            for name in {"config", "config.worktree"} & set(files):
                yield Path(inner, name)
                yield from included(Path(inner, name))


def included(config: Path, depth: int = 0) -> Iterator[Path]:
    """Yield the files that a configuration includes, in whatever case: checkout puts its token into one since v6."""
    inside = False
    for line in _text(config).splitlines() if depth < _DEEPEST else ():
        if line.lstrip().startswith("["):
            inside = _SECTION.match(line) is not None
        named = _PATH.search(line) if inside else None
        if named is not None:
            path = Path(os.path.normpath(config.parent / os.path.expanduser(named[1].strip('"'))))  # noqa: PTH111
            if is_file(path):
                yield path
                yield from included(path, depth + 1)


def tells_a_secret(path: Path) -> bool:
    """Return whether a file of Git's has a line that may hold a token, or leads to another file."""
    return _TELLING.search(_text(path)) is not None


def _text(path: Path) -> str:
    """Return the beginning of a regular file, empty for anything else."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return ""
    with os.fdopen(descriptor, "rb") as file:
        try:
            return file.read(_MOST_BYTES).decode(errors="replace")
        except OSError:
            return ""
