"""Find version files that cannot be read, and folders of them."""

from __future__ import annotations

from collections.abc import Iterator

from checks.findings import Finding, Severity
from checks.graph.merged import MergedGraph
from checks.graph.unread import unread_remedy
from checks.recording.revisions import Unreadable, UnreadKind


def unreadable_files(merged: MergedGraph) -> Iterator[Finding]:
    """Yield a finding for every version file whose revision cannot be read, and for every folder of them."""
    old = {file.path for file in merged.changes.base_graph.unreadable} if merged.changes else set()
    for file in merged.all.unreadable:
        yield _finding(file, file.path in old)


def _finding(file: Unreadable, old: bool) -> Finding:
    is_folder = file.unread is UnreadKind.FOLDER
    return Finding(
        rule="unreadable-revision",
        severity=Severity.NOTICE if old else Severity.WARNING,
        old=old,
        message=f"The revision{'s' if is_folder else ''} in {file.path} cannot be read: {file.reason}.",
        why=f"{'Their' if is_folder else 'Its'} place in the revision graph is unknown, so the heads may be wrong.",
        remedy=unread_remedy(file),
        path=file.path,
        line=file.line,
        object=file.path,
    )
