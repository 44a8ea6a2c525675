"""The files below a tree's folders that are the tree's own: no other project's, and no installed package's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from action.sandbox.looking import entries, is_folder

_OF_ANOTHER = frozenset(
    {
        *("pyproject.toml", "setup.py", "setup.cfg", "requirements.txt", "Pipfile", "environment.yml", "pyvenv.cfg"),
        *("alembic.ini", "package.json", "go.mod", "Cargo.toml", "pom.xml", "Gemfile", "composer.json"),
    }
)
"""Names of files that only the folder of a whole project has."""
_LEFT_OUT = frozenset({"node_modules", "site-packages", "__pycache__", "versions", "tests", "test", "docs"})
_DEPTH = 3
_MOST_FOLDERS = 400


def files_below(folders: Sequence[Path]) -> Iterator[Path]:
    """Yield the files in the folders below these, level by level, each folder once; those of the first come first."""
    seen = set(folders)
    for start in folders:
        level = [start]
        for _ in range(_DEPTH):
            inside = [path for folder in level for path in entries(folder) if path not in seen and _is_searched(path)]
            level = []
            for folder in inside[: max(0, _MOST_FOLDERS - len(seen))]:
                seen.add(folder)
                files = entries(folder)
                if not _OF_ANOTHER & {path.name for path in files}:
                    level.append(folder)
                    yield from files


def _is_searched(path: Path) -> bool:
    is_hidden = path.name.startswith(".") and path.name != ".devcontainer"
    return not is_hidden and path.name not in _LEFT_OUT and not path.is_symlink() and is_folder(path)
