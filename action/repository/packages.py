"""The names under which a repository's own modules can be imported, found without importing anything."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from action.repository.git import GitError, git

_SKIPPED = frozenset({"node_modules", "site-packages", "dist-packages", "__pycache__"})
_PACKAGE = "__init__.py"


def packages_below(root: Path) -> dict[str, list[str]]:
    """Return each name of a package or module that lies in no package, with the folders that it lies in.

    Folders are relative to ``root``. A folder without ``__init__.py`` counts too: it may be a namespace package.
    """
    files = list(sources_below(root))
    inside = {PurePosixPath(path).parent for path in files if path.endswith(f"/{_PACKAGE}")}
    found: dict[str, set[str]] = {}
    for path in map(PurePosixPath, files):
        for part in (path.with_suffix(""), *path.parents):
            if part.name and part.parent not in inside:
                found.setdefault(part.name, set()).add(str(part.parent))
    return {name: sorted(folders) for name, folders in found.items()}


def sources_below(root: Path) -> Iterable[str]:
    """Return the Python files that Git knows or does not ignore; all of them outside a repository."""
    try:
        listed = git(root, "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", "*.py")
    except GitError:
        return list(_walked(root))
    return [os.fsdecode(path) for path in listed.split(b"\0") if path]


def _walked(root: Path) -> Iterator[str]:
    for folder, folders, files in os.walk(root):
        folders[:] = [name for name in folders if name not in _SKIPPED and not name.startswith(".")]
        yield from (Path(folder, name).relative_to(root).as_posix() for name in files if name.endswith(".py"))
