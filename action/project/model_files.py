"""Finds the Python files of a repository that may declare tables."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from action.project.discovery import enters
from action.repository import git
from action.repository.inside import read_inside

_SIGNS = ("__table", "Table(", "table=True", "table = True", "olumn(")
"""What SQLAlchemy and SQLModel take a table or a column by, also ``mapped_column(``; a class with neither has none."""
_SIGN = re.compile("|".join(map(re.escape, _SIGNS)).encode())

_TIMEOUT = 30.0
"""Seconds; Git reads files of any size, and we do not."""


def model_files(root: Path) -> tuple[str, ...]:
    """Return the files that may declare tables, relative to the repository's root; ignored ones are left out."""
    try:
        return _by_git(root)
    except git.GitError:
        return tuple(sorted(_walked(root)))


@contextlib.contextmanager
def looked_for(root: Path) -> Iterator[Callable[[], tuple[str, ...]]]:
    """Look for these files in a thread at once; yield a function that waits for them."""
    with ThreadPoolExecutor(1, "models") as thread:
        yield thread.submit(model_files, root).result


def _by_git(root: Path) -> tuple[str, ...]:
    signs = [argument for sign in _SIGNS for argument in ("-e", sign)]
    options = ("--untracked", "--no-recurse-submodules", "--files-with-matches", "-z", "-I", "--fixed-strings")
    try:
        found = git.git(root, "grep", *options, *signs, "--", "*.py", timeout=_TIMEOUT)
    except git.GitError as error:
        if error.exit_code == 1:  # documented: nothing was found
            return ()
        raise
    return tuple(os.fsdecode(path) for path in found.split(b"\0") if path)


def _walked(root: Path) -> Iterator[str]:
    for folder, folders, files in os.walk(root):
        here = Path(folder)
        folders[:] = [name for name in folders if enters(here / name)]
        for path in (here / name for name in files if name.endswith(".py")):
            with contextlib.suppress(OSError):
                if _SIGN.search(read_inside(path, root)):
                    yield path.relative_to(root).as_posix()
