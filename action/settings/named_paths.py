"""Paths that settings name: each refusal is a ValueError with a clause, whatever the file system answers."""

from __future__ import annotations

import stat
from pathlib import Path

from action.repository.regular import reason
from action.sandbox.looking import is_folder

_MISSING = "it does not exist"


def existing_folder(path: Path, missing: str = _MISSING) -> Path:
    """Return the path of a folder; raise ValueError for any other."""
    if not stat.S_ISDIR(_mode(path, missing)):
        raise ValueError("not a folder")
    return path


def existing_file(path: Path) -> Path:
    """Return the path of a regular file; raise ValueError for any other."""
    if not stat.S_ISREG(_mode(path, _MISSING)):
        raise ValueError("not a file")
    return path


def refuse_folder(path: Path) -> None:
    """Raise ValueError for the path of a folder."""
    if is_folder(path):
        raise ValueError("it is a folder")


def _mode(path: Path, missing: str) -> int:
    try:
        return path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        raise ValueError(missing) from None
    except OSError as error:
        raise ValueError(reason(error)) from None
