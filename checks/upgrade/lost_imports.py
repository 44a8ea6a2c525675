"""Find imports that fail because this change has removed or renamed a module, or a name in it, that they need."""

from __future__ import annotations

from collections.abc import Iterator

from checks.common_causes import LOST_IMPORT
from checks.findings import Finding, Severity
from checks.recording.lost_import import LostImport
from checks.recording.tree import TreeRecording


def lost_imports(recording: TreeRecording) -> Iterator[Finding]:
    """Yield a finding where an import of the project fails for that reason."""
    lost = recording.lost_import
    if lost is None:
        return
    revision = next((r for r in recording.graph.revisions if r.path == lost.path), None)
    importer = f"Revision {revision.id}" if revision else lost.path or "The project"
    what = f"{lost.name} from {lost.module}" if lost.name else lost.module
    yield Finding(
        rule="removed-module",
        severity=Severity.ERROR,
        message=f"{importer} imports {what}, but {fate(lost)}.",
        why="Alembic imports every version file first, so no migration can run, in a deploy or on a new database."
        if recording.obstacle is not None
        else "The revision fails on every database that has not run it yet. New databases cannot be created.",
        remedy=_remedy(lost, revision is not None),
        path=lost.path,
        line=lost.line,
        revision=revision.id if revision else None,
        object=lost.module,
        problem=LOST_IMPORT,
    )


def fate(lost: LostImport) -> str:
    """Return what became of the module, in a clause."""
    if lost.name:
        return f"this change removes it from {lost.old_path}"
    if lost.new_path:
        return f"this change renames {lost.old_path} to {lost.new_path}"
    return f"this change removes {lost.old_path}"


def _remedy(lost: LostImport, in_revision: bool) -> str:
    restore = f"Restore {lost.name} in {lost.old_path}" if lost.name else f"Restore {lost.old_path}"
    copied = "copy what the revision needs into its version file"
    return f"{restore}, or {copied if in_revision else 'change the import'}."
