"""What Dockerfiles and workflows of a repository say about the Python that its code runs with."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from action.interpreter.declared import text_of
from action.sandbox.looking import entries, is_file, is_folder

_FROM = re.compile(r"^FROM\s+(?:--\S+\s+)*(?:\S*/)?python:(\d+\.\d+(?:\.\d+)?)", re.MULTILINE | re.IGNORECASE)
_IS_DOCKERFILE = re.compile(r"(?:.+\.)?(?:Dockerfile|Containerfile)(?:[-._].+)?", re.IGNORECASE)
_OF_WORKFLOWS = re.compile(r"^\s*(?:-\s+)?python-version:\s*(.+?)\s*(?:#.*)?$", re.MULTILINE)
_VERSION = re.compile(r"(?<![\w.])3\.\d+(?:\.\d+)?(?![\w.])")
_SKIPPED = ("node_modules", "tests", "test", "docs", "examples", "site-packages", "venv")
_DEEP = 3
"""Folders below the project's in which a Dockerfile is looked for: ``compose/local/web/Dockerfile``."""
_MOST = 400
"""Folders that are looked into."""


def dockerfile_python(file: Path, root: Path) -> str | None:
    """Return the Python of the last official image that a Dockerfile starts from: that is what production runs."""
    found = _FROM.findall(text_of(file, root))
    return str(found[-1]) if found else None


def hinted_python(folder: Path, root: Path) -> tuple[str, Path] | None:
    """Return the Python that the repository runs its code with, and the file that says so; None where files differ.

    Other Dockerfiles of the project count before the workflows.
    """
    return _agreed(_of_dockerfiles(folder, root)) or _agreed(_of_workflows(root))


def _agreed(found: Iterator[tuple[str, Path]]) -> tuple[str, Path] | None:
    all_ = list(found)
    minors = {".".join(version.split(".")[:2]) for version, _ in all_}
    return all_[0] if len(minors) == 1 else None


def _of_dockerfiles(folder: Path, root: Path) -> Iterator[tuple[str, Path]]:
    folders, seen = [(folder, 0)], 0
    while folders and seen < _MOST:
        (here, depth), seen = folders.pop(0), seen + 1
        for path in entries(here):
            if _IS_DOCKERFILE.fullmatch(path.name) and is_file(path):
                version = dockerfile_python(path, root)
                if version:
                    yield version, path
            elif depth < _DEEP and _is_part(path):
                folders.append((path, depth + 1))


def _is_part(path: Path) -> bool:
    named = not path.name.startswith(".") and path.name not in _SKIPPED
    return named and is_folder(path) and not path.is_symlink()


def _of_workflows(root: Path) -> Iterator[tuple[str, Path]]:
    for path in entries(root / ".github" / "workflows"):
        if path.suffix in (".yml", ".yaml"):
            for line in _OF_WORKFLOWS.findall(text_of(path, root)):
                for version in _VERSION.findall(line):
                    yield version, path
