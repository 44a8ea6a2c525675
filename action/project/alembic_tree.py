"""A tree: one Alembic config of the project, with its folders."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

DEFAULT_SECTION = "alembic"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """One Alembic config and the script directory that it names."""

    path: str
    """Its configuration file, relative to the repository's root, with ``:section`` when it is not the default."""
    config_file: Path
    """Absolute."""
    section: str = DEFAULT_SECTION
    kind: Literal["ini", "pyproject"] = "ini"
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


_VERSION_FILE = re.compile(r"(?!\.\#|__init__)(.*\.py)$")  # alembic.script.base._only_source_rev_file (Alembic 1.20)


def is_version_file(name: str) -> bool:
    """Return whether Alembic reads a file of a version location as a revision, by its name."""
    return _VERSION_FILE.match(name) is not None
