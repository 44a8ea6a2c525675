"""Brings ignored files of the working tree to the base's export: what an installation has generated."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from action.project.alembic_tree import Tree
from action.repository.export import bring_file
from action.repository.git import ignored
from action.repository.packages import packages_below
from action.sandbox.looking import entries, is_file, is_folder

_SOURCES = (".py", ".so", ".pyd")


def bring_used(root: Path, export: Path, used: Iterable[str]) -> None:
    """Copy those of the files that the working tree's code used, that Git ignores and the export lacks."""
    lacking = [path for path in used if is_file(root / path) and not os.path.lexists(export / path)]
    _copy(root, export, ignored(root, lacking))


def bring_module(root: Path, export: Path, tree: Tree, module: str) -> bool:
    """Copy a module or package that Git ignores and the export lacks; return whether there was one."""
    candidates = [path for place in _places(root, tree, module) for path in _files_of(place)]
    wanted = [str(path.relative_to(root)) for path in candidates if path.is_relative_to(root)]
    return _copy(root, export, ignored(root, [path for path in wanted if not os.path.lexists(export / path)])) > 0


def _places(root: Path, tree: Tree, module: str) -> Iterator[Path]:
    """Yield where a module may lie, without its suffix."""
    parts = module.split(".")
    folders = [root / folder for folder in packages_below(root).get(parts[0], ())]
    folders += [tree.workdir, root, root / "src", *(tree.workdir / entry for entry in tree.prepend_sys_path)]
    yield from (Path(os.path.normpath(folder)).joinpath(*parts) for folder in dict.fromkeys(folders))


def _files_of(place: Path) -> Iterator[Path]:
    if is_folder(place):
        for folder, folders, files in os.walk(place):
            folders[:] = [name for name in folders if name != "__pycache__"]
            yield from (Path(folder, name) for name in files)
    elif is_folder(place.parent):
        stem = f"{place.name}."
        yield from (path for path in entries(place.parent) if path.name.startswith(stem) and path.suffix in _SOURCES)


def _copy(root: Path, export: Path, paths: Iterable[str]) -> int:
    return sum(bring_file(root / path, root, export / path, export) for path in sorted(paths))
