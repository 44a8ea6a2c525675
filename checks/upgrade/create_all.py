"""Find calls of ``metadata.create_all()`` in migrations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from checks.called_from import called_from
from checks.findings import Finding, Severity
from checks.plural import plural
from checks.recording.absent import Absent
from checks.recording.places import Frame
from checks.recording.tree import TreeRecording


def create_all(recording: TreeRecording) -> Iterator[Finding]:
    """Yield a finding for every call of create_all, once where several runs apply its revision."""
    new = None if isinstance(recording.changes, Absent) else frozenset(recording.changes.new)
    steps = (step for leg in recording.legs for step in leg.steps)
    calls = dict.fromkeys((step.revision, call) for step in steps for call in step.create_all if call.tables)
    for revision, call in calls:
        finding = _finding(revision, call.frames, call.tables, new is not None and revision not in new)
        yield replace(finding, called_from=called_from(recording.graph, revision, call.frames))


def _finding(revision: str, frames: tuple[Frame, ...], tables: int, old: bool) -> Finding:
    return Finding(
        rule="create-all-in-migration",
        severity=Severity.NOTICE if old else Severity.WARNING,
        old=old,
        message=f"Revision {revision} calls metadata.create_all() for {plural(tables, 'table')} of the models.",
        why="create_all() creates the tables of the models as they are on the day it runs. On an empty database, the "
        "drift check then compares the models with themselves and cannot see a missing migration. Deployed databases "
        "lack what that migration would add.",
        remedy="Replace the call with op.create_table() for the tables as they were when the revision was written. Run "
        "`alembic revision --autogenerate` on an empty database to generate these lines.",
        path=frames[0].path if frames else None,
        line=frames[0].line if frames else None,
        revision=revision,
    )
