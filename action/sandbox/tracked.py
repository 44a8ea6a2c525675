"""Which files are as the pull request has them: these are no secret from its author."""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

GIT_OPTIONS = (
    "--no-pager",
    "--no-optional-locks",
    # A container's user seldom owns the checkout; we only read, and run neither hooks nor a file-system monitor.
    "-c", "safe.directory=*",
    # A bare repository among the pull request's files has a configuration of its own, which may name programs.
    "-c", "safe.bareRepository=explicit",
    "-c", "core.hooksPath=/dev/null",
    "-c", "core.fsmonitor=false",
)  # fmt: skip
"""Options of every call of Git."""
_TIMEOUT = 60.0
_AT_ONCE = 500
_MOST_BYTES = 1 << 20


def unchanged(root: Path, paths: Sequence[Path]) -> frozenset[Path]:
    """Return those of the files that the repository at ``root`` tracks, and that nobody has changed since."""
    below = [path for path in paths if path.is_relative_to(root) and not path.is_symlink()]
    blobs: dict[Path, str] = {}
    for start in range(0, len(below), _AT_ONCE):
        blobs |= _blobs(root, below[start : start + _AT_ONCE])
    return frozenset(path for path, blob in blobs.items() if _blob(path, len(blob)) == blob)


def _blobs(root: Path, paths: Sequence[Path]) -> dict[Path, str]:
    """Return the id of each file that Git's index has; none where Git fails."""
    command = ["git", "-C", os.fspath(root), "--literal-pathspecs", *GIT_OPTIONS, "ls-files", "-s", "-z", "--"]
    try:
        done = subprocess.run(
            [*command, *(os.fspath(path.relative_to(root)) for path in paths)],
            stdin=subprocess.DEVNULL, capture_output=True, timeout=_TIMEOUT, check=True,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return {}
    staged = (line.split(b"\t", 1) for line in done.stdout.split(b"\0") if line)
    return {root / os.fsdecode(name): about.split()[1].decode() for about, name in staged}


def _blob(path: Path, digits: int) -> str:
    """Return the id that Git gives to a file's content; empty for one that cannot be read."""
    try:
        with path.open("rb") as file:
            content = file.read(_MOST_BYTES)
    except OSError:
        return ""
    made = hashlib.sha256() if digits == 64 else hashlib.sha1(usedforsecurity=False)
    made.update(b"blob %d\0" % len(content) + content)
    return made.hexdigest()
