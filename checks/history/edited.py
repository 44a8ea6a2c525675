"""Find revisions of the base whose code this change alters, and tell those that do the same as before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from checks.common_causes import EDITED
from checks.comparison.object_lines import DATABASES, DOWNGRADES, object_line
from checks.findings import Finding, Severity, Snippet
from checks.graph.algorithms import by_id
from checks.graph.merged import MergedGraph
from checks.graph.restoring import restore
from checks.history.removed import named
from checks.plural import listed, plural
from checks.recording.edit_runs import EditRun, Sameness
from checks.recording.revisions import Changes, Edit

_SAME = (Sameness.SAME_STATEMENTS, Sameness.SAME_RESULT)


def edited(merged: MergedGraph, changes: Changes) -> Iterator[Finding]:
    """Yield a finding for every revision of the base whose code this change alters."""
    known = {(run.revision, run.part): run for run in merged.recording.edit_runs}
    for edit in changes.edits:
        parts = tuple(part for part in edit.parts if part not in edit.on_base)
        runs = {part: known.get((edit.revision, part), _not_run(edit, part)) for part in parts}
        never = next((run for run in runs.values() if run.sameness is Sameness.NEVER_RAN), None)
        other = [run for run in runs.values() if run.sameness not in _SAME]
        if never is not None:
            yield _repaired(merged, changes, edit, never)
        elif other:
            yield _edit(merged, changes, edit, other)
        elif runs:
            yield _rewritten(merged, changes, edit, list(runs.values()))


def _not_run(edit: Edit, part: str) -> EditRun:
    return EditRun(revision=edit.revision, part=part, sameness=Sameness.NOT_RUN, reason="no migration ran")


def _edit(merged: MergedGraph, changes: Changes, edit: Edit, runs: Sequence[EditRun]) -> Finding:
    revision = by_id(merged.recording.graph)[edit.revision]
    parts = [run.part for run in runs]
    why, remedy = _UPGRADE_CHANGED if "upgrade" in parts else _DOWNGRADE_CHANGED
    return Finding(
        rule="edited-revision",
        severity=Severity.ERROR if "upgrade" in parts else Severity.WARNING,
        message=f"{named(revision)} is already on {changes.base}, and its {_functions(parts)} "
        f"{'has' if len(parts) == 1 else 'have'} changed.",
        why=" ".join((why, *dict.fromkeys(_observed(run) for run in runs))),
        remedy=remedy,
        path=revision.path,
        line=edit.line,
        revision=revision.id,
        problem=EDITED,
        evidence=tuple(_evidence(edit, runs)),
        fixes=_fixes(changes, edit, revision.path),
    )


def _rewritten(merged: MergedGraph, changes: Changes, edit: Edit, runs: Sequence[EditRun]) -> Finding:
    revision = by_id(merged.recording.graph)[edit.revision]
    parts = [run.part for run in runs]
    return Finding(
        rule="rewritten-revision",
        severity=Severity.NOTICE,
        message=f"{named(revision)} is written differently from {changes.base}, and its {_functions(parts)} "
        f"{'does' if len(parts) == 1 else 'do'} the same.",
        why=" ".join(dict.fromkeys(map(_seen_same, runs))),
        remedy="Keep the edit, or restore the file if it was not intended.",
        path=revision.path,
        line=edit.line,
        revision=revision.id,
        evidence=tuple(_evidence(edit, runs)),
        fixes=_fixes(changes, edit, revision.path),
    )


def _repaired(merged: MergedGraph, changes: Changes, edit: Edit, run: EditRun) -> Finding:
    revision = by_id(merged.recording.graph)[edit.revision]
    return Finding(
        rule="rewritten-revision",
        severity=Severity.NOTICE,
        message=f"{named(revision)} is repaired: the {run.part}() on {changes.base} cannot run.",
        why=f"No database can have run the old code: PostgreSQL refuses a statement of it ({run.reason}).",
        remedy="Keep the repair.",
        path=revision.path,
        line=edit.line,
        revision=revision.id,
        evidence=tuple(_evidence(edit, ())),
    )


def _functions(parts: Sequence[str]) -> str:
    return " and ".join(f"{part}()" for part in parts)


def _seen_same(run: EditRun) -> str:
    if run.sameness is Sameness.SAME_RESULT:
        return (
            f"The old and the new {run.part}() send different statements, and the same schema and rows come out of "
            "both."
        )
    if not run.statements:
        return f"Neither the old nor the new {run.part}() changes the database."
    same = "statement" if run.statements == 1 else f"{run.statements} statements"
    return f"The old and the new {run.part}() send the same {same}."


def _observed(run: EditRun) -> str:
    """Return what the runs of the old and the new code showed, in a sentence."""
    if run.sameness is Sameness.NOT_RUN:
        return f"The old and the new {run.part}() were not compared by running them: {run.reason}."
    if run.sameness is Sameness.UNDECIDED:
        return (
            f"Running the old and the new {run.part}() on a new database does not show that they do the same: "
            f"{run.reason}."
        )
    if run.differences:
        seen = f"{plural(len(run.differences), 'object')} came out differently"
    else:
        seen = f"the rows of {listed(run.rows)} came out differently"
    return f"The old and the new {run.part}() were run on copies of the same database, and {seen}."


def _evidence(edit: Edit, runs: Sequence[EditRun]) -> Iterator[Snippet]:
    if edit.diff:
        yield Snippet(title="What changed", text=edit.diff, language="diff")
    for run in runs:
        if run.differences:
            places = DATABASES if run.part == "upgrade" else DOWNGRADES
            lines = [object_line(change, places) for change in run.differences]
            yield Snippet(title=f"What differs after {run.part}()", text="\n".join(lines))
        if run.sent:
            yield Snippet(title=f"What {run.part}() sends", text=run.sent, language="diff")


def _fixes(changes: Changes, edit: Edit, path: str) -> tuple[Snippet, ...]:
    command = restore(changes, edit.old_path, path)
    return (Snippet(title="Restore the file", text=command, language="shell"),)


_UPGRADE_CHANGED = (
    "Databases that already ran this revision never run it again. They keep the result of the old code; new databases "
    "get the result of the new code.",
    "Restore the file. Make the change in a new revision.",
)
_DOWNGRADE_CHANGED = (
    "Nothing happens until a database is downgraded. The new downgrade() then has to undo the upgrade() that the base "
    "has.",
    "Restore the file. If the old downgrade() was wrong, add a suppression comment with that reason instead.",
)
