"""Finds out whether an import fails because the change under check has removed or renamed what it names."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path, PurePosixPath

from action.base.interface import Base, BaseError
from action.repository.inside import is_inside, read_inside
from action.repository.packages import sources_below
from action.sandbox.looking import exists, is_file
from action.session.obstacle_sentences import missing_name
from checks.recording.legs import Failure, FailureKind, Leg
from checks.recording.lost_import import LostImport
from checks.recording.obstacles import Obstacle, ObstacleKind
from checks.recording.places import Frame
from checks.upgrade.lost_imports import fate

_NO_MODULE = re.compile(r"No module named '([\w.]+)'")


def lost_by(base: Base | None, root: Path, obstacle: Obstacle) -> LostImport | None:
    """Return the lost import that keeps the project from loading; None where it has another reason."""
    if obstacle.path is None:
        return None
    frame = Frame(path=obstacle.path, line=obstacle.line or 1, function="")
    return _lost(base, root, obstacle.module, obstacle.missing_name, frame)


def lost_in(base: Base | None, root: Path, legs: Iterable[Leg]) -> LostImport | None:
    """Return the lost import that the first leg failed at which failed so; None where none did."""
    for failure in (leg.failure for leg in legs):
        if failure is not None and failure.kind is FailureKind.PYTHON and failure.frames:
            module, name = _named(failure)
            lost = _lost(base, root, module, name, failure.frames[0])
            if lost is not None:
                return lost
    return None


def removed(obstacle: Obstacle, lost: LostImport) -> Obstacle:
    """Return the obstacle as what it is: the change's doing, not a missing dependency."""
    return replace(
        obstacle,
        kind=ObstacleKind.REMOVED_MODULE,
        message=f"The project cannot be imported: {lost.path} needs {lost.name or lost.module}, but {fate(lost)}.",
        why="No migration can run without it.",
        remedy="See the finding removed-module.",
    )


def _named(failure: Failure) -> tuple[str, str]:
    missing = _NO_MODULE.search(failure.message)
    if missing and failure.error == "ModuleNotFoundError":
        return missing[1], ""
    return missing_name(failure.message) or ("", "")


def _lost(base: Base | None, root: Path, module: str, name: str, frame: Frame) -> LostImport | None:
    if base is None or not module:
        return None
    try:
        old_path = _file_of(module, base.fork.names())
        if old_path is None:
            return None
        there = exists(root / old_path)
        if name and there:
            gone = _binds(_content(base, old_path), name) and not _binds(read_inside(root / old_path, root), name)
        else:
            gone = not name and not there
        new_path = None if there else _renamed(base, root, old_path)
    except (BaseError, OSError):
        return None
    if not gone:
        return None
    return LostImport(module=module, name=name, path=frame.path, line=frame.line, old_path=old_path, new_path=new_path)


def _file_of(module: str, paths: Iterable[str]) -> str | None:
    """Return the file of a module, or the folder of a package without one; the nearest to the root of several."""
    stem = module.replace(".", "/")
    ends = (f"{stem}.py", f"{stem}/__init__.py")
    paths = list(paths)
    found = [path for path in paths if any(path == end or path.endswith(f"/{end}") for end in ends)]
    if not found:
        heads = (f"/{path}".partition(f"/{stem}/") for path in paths if path.endswith(".py"))
        found = [f"{head}/{stem}".lstrip("/") for head, folder, _ in heads if folder]
    return min(found, key=lambda path: (path.count("/"), path), default=None)


def _content(base: Base, path: str) -> bytes | None:
    return base.fork.read([path], lambda name: name == path).get(path)


def _renamed(base: Base, root: Path, old_path: str) -> str | None:
    """Return the new file of the same content, else the only new one of the same name."""
    new = sorted(set(sources_below(root)) - set(base.fork.names()))
    content = _content(base, old_path)
    files = [path for path in new if is_inside(root / path, root) and is_file(root / path)]
    same = [path for path in files if content and read_inside(root / path, root) == content]
    named = [path for path in new if PurePosixPath(path).name == PurePosixPath(old_path).name != "__init__.py"]
    return same[0] if same else named[0] if len(named) == 1 else None


def _binds(source: bytes | None, name: str) -> bool:
    """Return whether a module binds a name at its top level."""
    try:
        body = ast.parse(source or b"").body
    except (SyntaxError, ValueError):
        return False
    bound: set[str] = set()
    for node in body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            bound.add(node.name)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            bound |= {alias.asname or alias.name.partition(".")[0] for alias in node.names}
        else:
            bound |= {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    return name in bound
