"""Finds migrations that no Alembic config file names: a program of the project makes their Config."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from action.project.alembic_tree import Tree, is_version_file
from action.project.folders import relative
from action.repository.inside import read_inside
from action.sandbox.looking import is_file

_REVISION = re.compile(rb"^down_revision\b[^=\n]*=", re.MULTILINE)
_NAMES = frozenset({"versions", "migrations", "alembic", "revisions"})
_ELSEWHERE = frozenset({"tests", "test", "testing", "docs", "doc", "examples", "example", "templates"})
_MOST = 20
"""Files of a folder that are read."""
_LARGEST = 1 << 20
"""Bytes of a version file."""


def bare_trees(root: Path, repository: Path, enters: Callable[[Path], bool]) -> Iterator[Tree]:
    """Yield a tree for each folder below ``root`` that has version files, those nearest to it first.

    ``enters`` says which folders can hold files of the project.
    """
    found: list[Tree] = []
    for folder, folders, files in os.walk(root):
        here = Path(folder)
        folders[:] = sorted(name for name in folders if name not in _ELSEWHERE and enters(here / name))
        may_be = here.name in _NAMES or "script.py.mako" in files
        if may_be and any(_is_revision(here / name, repository) for name in _candidates(files)):
            found.append(_tree(here, repository))
    yield from sorted(found, key=lambda tree: (len(tree.script_location.parts), tree.path))


def _candidates(files: list[str]) -> list[str]:
    return sorted(name for name in files if is_version_file(name) and name != "env.py")[:_MOST]


def _is_revision(path: Path, repository: Path) -> bool:
    with contextlib.suppress(OSError):
        return _REVISION.search(read_inside(path, repository, most=_LARGEST)) is not None
    return False


def _tree(versions: Path, repository: Path) -> Tree:
    above = versions.parent
    is_inside = versions.name == "versions" or is_file(above / "env.py")
    scripts = above if is_inside and above.is_relative_to(repository) else versions
    return Tree(
        path=relative(scripts, repository),
        config_file=scripts,
        kind="folder",
        workdir=scripts.parent if scripts.parent.is_relative_to(repository) else scripts,
        script_location=scripts,
        version_locations=(versions,),
        env_py=scripts / "env.py",
    )
