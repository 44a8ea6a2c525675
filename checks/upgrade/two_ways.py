"""Find objects in which new and deployed databases differ, because the base's revisions run other code there."""

from __future__ import annotations

from collections.abc import Iterator

from checks.common_causes import EDITED, REMOVED
from checks.comparison.object_lines import object_line
from checks.findings import Finding, Severity, Snippet
from checks.graph.algorithms import by_id
from checks.plural import listed, plural
from checks.recording.absent import Absent
from checks.recording.revisions import Edit
from checks.recording.schema import ObjectChange
from checks.recording.tree import TreeRecording


def two_ways(recording: TreeRecording) -> Iterator[Finding]:
    """Yield a finding where the two ways to the heads end in different schemas."""
    if recording.two_ways is None or not recording.two_ways.differences:
        return
    differences = recording.two_ways.differences
    edit = _edit(recording)
    files = recording.deployed.differing if recording.deployed else ()
    yield Finding(
        rule="two-ways-differ",
        severity=Severity.ERROR,
        message=_message(differences),
        why=f"New databases run the base's revisions with other code than the deployed ones did: {cause(recording)}.",
        remedy=_remedy(files),
        path=_path(recording, edit) or (files[0] if files else None),
        line=edit.line if edit else None,
        revision=edit.revision if edit else None,
        problem=_problem(recording, files),
        follows="history",
        evidence=(Snippet(title="Differences", text="\n".join(map(object_line, differences))),)
        if differences[1:]
        else (),
    )


def _problem(recording: TreeRecording, files: tuple[str, ...]) -> str:
    """Return the problem of check ``history`` whose remedy is this one's, too."""
    if files or isinstance(recording.changes, Absent):
        return ""
    return EDITED if recording.changes.reworked else REMOVED if recording.changes.removed else ""


def _remedy(files: tuple[str, ...]) -> str:
    if not files:
        return "Restore the revisions of the base. Make the change in a new revision."
    return f"{keep(files)} Make the change in a new revision."


def keep(files: tuple[str, ...]) -> str:
    """Return the remedy that makes the base's revisions independent of files, in a sentence."""
    return f"Copy what the base's revisions use of {listed(files)} into their version files, as the base has it."


def cause(recording: TreeRecording) -> str:
    """Return what makes the base's revisions run otherwise on a new database, in a clause."""
    clauses = []
    if not isinstance(recording.changes, Absent):
        if recording.changes.reworked:
            clauses.append(f"edits {listed(recording.changes.reworked)}")
        if recording.changes.removed:
            clauses.append(f"removes {listed(recording.changes.removed)}")
    if recording.deployed is not None and recording.deployed.differing:
        clauses.append(f"alters {listed(recording.deployed.differing)}, which the base's revisions use")
    return f"this change {' and '.join(clauses) or 'alters code that the revisions of the base use'}"


def _edit(recording: TreeRecording) -> Edit | None:
    changes = recording.changes
    edits = () if isinstance(changes, Absent) else changes.edits
    return next((edit for edit in edits if "upgrade" in edit.parts), None)


def _path(recording: TreeRecording, edit: Edit | None) -> str | None:
    revision = by_id(recording.graph).get(edit.revision) if edit else None
    return revision.path if revision else None


def _message(differences: tuple[ObjectChange, ...]) -> str:
    if len(differences) == 1:
        return f"After this change, new and deployed databases differ: {object_line(differences[0])}."
    return f"After this change, new and deployed databases differ in {plural(len(differences), 'object')}."
