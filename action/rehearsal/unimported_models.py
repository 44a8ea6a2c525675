"""Which files declare tables of the models that env.py does not import."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from action.base.interface import Base, BaseError
from action.session.model_events import UnimportedFound
from action.session.session import Session
from checks.recording.absent import Absent
from checks.recording.imports import ModelFiles, UnimportedModels
from checks.recording.tree import TreeRecording


def find_models(session: Session, files: Sequence[str], base: Base | None) -> ModelFiles | Absent:
    """Return which of the files were imported, and the tables of the others; ``base`` tells which ones have changed."""
    versions = tuple(f"{folder}/" for folder in session.tree.version_locations)
    found = session.unimported([file for file in files if not str(session.root / file).startswith(versions)])
    if isinstance(found, Absent):
        return Absent(reason=f"The search for models that env.py does not import failed: {found.reason.rstrip('.')}.")
    changed = _changed(found, base)
    unimported = (
        UnimportedModels(
            path=file.path, line=file.line, module=file.module, tables=file.tables, changed=file.path in changed
        )
        for file in found.files
    )
    return ModelFiles(imported=found.loaded, unimported=tuple(unimported))


def _changed(found: UnimportedFound, base: Base | None) -> frozenset[str]:
    if base is None or not found.files:
        return frozenset()
    try:
        return base.differing(file.path for file in found.files)
    except BaseError:
        return frozenset()


def without_those_of_others(
    recordings: Sequence[TreeRecording], reached: Callable[[], Collection[str]] = tuple
) -> tuple[TreeRecording, ...]:
    """Return the recordings, each without the files that the env.py of another one imports.

    ``reached`` returns those that the code of trees reaches which did not run; it is called only where it matters.
    """
    found = [tree.model_files for tree in recordings]
    imported = {path for files in found if not isinstance(files, Absent) for path in files.imported}
    left = [_without(tree, imported) for tree in recordings]
    if all(isinstance(tree.model_files, Absent) or not tree.model_files.unimported for tree in left):
        return tuple(left)
    others = {*reached()}
    return tuple(_without(tree, others) for tree in left)


def _without(recording: TreeRecording, imported: set[str]) -> TreeRecording:
    files = recording.model_files
    if isinstance(files, Absent):
        return recording
    left = tuple(file for file in files.unimported if file.path not in imported)
    return replace(recording, model_files=replace(files, unimported=left))
