"""A tree: one Alembic config of the project, with its folders."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Literal

DEFAULT_SECTION = "alembic"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """One Alembic config and the script directory that it names."""

    path: str
    """Its configuration file, relative to the repository's root, with ``:section`` when it is not the default."""
    config_file: Path
    """Absolute; the script directory itself where no file configures it."""
    section: str = DEFAULT_SECTION
    kind: Literal["ini", "pyproject", "folder"] = "ini"
    workdir: Path
    """The folder that Alembic is run from: relative paths of the configuration start here."""
    script_location: Path
    """Absolute."""
    version_locations: tuple[Path, ...]
    """Absolute; one that does not exist has no revisions, as for Alembic."""
    recursive: bool = False
    """``recursive_version_locations``: folders below a version location count too."""
    env_py: Path
    """``script_location/env.py``, whether it exists or not."""
    prepend_sys_path: tuple[str, ...] = ()
    """As configured: relative entries start at ``workdir``."""
    note: str = ""
    """Why its scripts are taken from elsewhere than configured, in a sentence."""


_VERSION_FILE = re.compile(r"(?!\.\#|__init__)(.*\.py)$")  # alembic.script.base._only_source_rev_file (Alembic 1.20)


def is_version_file(name: str) -> bool:
    """Return whether Alembic reads a file of a version location as a revision, by its name."""
    return _VERSION_FILE.match(name) is not None


def is_version_path(path: str, tree: Tree, root: Path) -> bool:
    """Return whether Alembic would list a path, relative to the repository's root, as a version file of the tree."""
    return any(_is_version_of(path, folder, tree.recursive) for folder in locations_below(tree, root))


@lru_cache(maxsize=64)
def locations_below(tree: Tree, root: Path) -> tuple[str, ...]:
    """Return the tree's version locations relative to the repository's root, without those outside of it."""
    return tuple(place.relative_to(root).as_posix() for place in tree.version_locations if place.is_relative_to(root))


def _is_version_of(path: str, folder: str, recursive: bool) -> bool:
    prefix = "" if folder == "." else f"{folder}/"
    if not path.startswith(prefix):
        return False
    *folders, name = path.removeprefix(prefix).split("/")
    outside = folders and (not recursive or any(part.endswith("__pycache__") for part in folders))
    return not outside and is_version_file(name)


def moved(tree: Tree, old: Path, new: Path) -> Tree:
    """Return the same tree below another root."""

    def there(path: Path) -> Path:
        return new / path.relative_to(old) if path.is_relative_to(old) else path

    return replace(
        tree,
        config_file=there(tree.config_file),
        workdir=there(tree.workdir),
        script_location=there(tree.script_location),
        version_locations=tuple(there(folder) for folder in tree.version_locations),
        env_py=there(tree.env_py),
    )
