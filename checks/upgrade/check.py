"""Check ``upgrade``: every revision applies, from an empty database and from what is deployed now."""

from __future__ import annotations

from collections.abc import Iterator, Sized
from dataclasses import replace

from checks.check import Check, Outcome
from checks.findings import Finding, Severity, Snippet, Status
from checks.not_run import in_full, obstacle_of
from checks.policy import Policy
from checks.recording.absent import Absent
from checks.recording.legs import Failure, FailureKind, Leg, LegName, MadeBy
from checks.recording.places import Frame
from checks.recording.schema import Fate, ObjectChange
from checks.recording.tree import Phase, TreeRecording
from checks.upgrade.sqlstates import remedy_for

SQL_SHOWN = 4_000  # characters of one statement in a finding


def run(recording: TreeRecording, policy: Policy) -> Outcome:
    """Judge the legs that the rehearsal drove."""
    findings = (*_failures(recording), *_create_all(recording))
    obstacle = obstacle_of(recording)
    if obstacle is not None:
        return replace(in_full(obstacle), findings=findings)
    if not recording.legs:
        return Outcome(unjudged=Status.SKIPPED, reason="No migration was run.")
    if _no_base(recording):
        reason = "The base's revisions fail from an empty database, and the base could not be made another way."
        return Outcome(findings=findings, unjudged=Status.SKIPPED, reason=reason)
    return Outcome(findings=findings)


def _no_base(recording: TreeRecording) -> bool:
    return any(leg.name is LegName.CREATE_BASE and leg.failure is not None for leg in recording.legs)


def _is_old(recording: TreeRecording, leg: Leg, failure: Failure) -> bool:
    """Tell whether what failed is on the base already, as it is."""
    changes = recording.changes
    if leg.name in (LegName.EMPTY_TO_BASE, LegName.CREATE_BASE):
        return True
    return (
        leg.name is LegName.EMPTY_TO_HEADS
        and not isinstance(changes, Absent)
        and failure.revision not in (*changes.new, *changes.reworked)
    )


def _failures(recording: TreeRecording) -> Iterator[Finding]:
    """Yield a finding for every failure; one that an earlier leg had already is the same one."""
    known: set[tuple[str | None, str]] = set()
    for leg in recording.legs:
        failure = leg.failure
        if failure is not None and (failure.revision, failure.message) not in known:
            known.add((failure.revision, failure.message))
            judged = _old_failure if _is_old(recording, leg, failure) else _failure
            yield judged(recording, leg, failure)


def _failure(recording: TreeRecording, leg: Leg, failure: Failure) -> Finding:
    path, line = place(recording, failure)
    timed_out = failure.kind is FailureKind.TIMEOUT
    return Finding(
        rule="migration-timed-out" if timed_out else "migration-fails",
        severity=Severity.ERROR,
        message=_message(failure),
        why=_only_on_new_databases(recording, leg) or after_failure(leg),
        remedy=remedy_for(failure),
        path=path,
        line=line,
        revision=failure.revision,
        evidence=tuple(_evidence(leg, failure)),
    )


def _old_failure(recording: TreeRecording, leg: Leg, failure: Failure) -> Finding:
    path, line = place(recording, failure)
    made = next((o for o in recording.legs if o.name is LegName.CREATE_BASE and not o.failure and not o.obstacle), None)
    return Finding(
        rule="old-migration-fails",
        severity=Severity.NOTICE,
        message=f"{_message(failure)} It is on the base already; this change did not break it.",
        why="An empty database cannot be migrated, so a new developer or a new environment needs another way."
        + (
            f" Here the base was made by {_MADE_BY[made.made_by]}, and what is new was judged from there."
            if made
            else ""
        ),
        remedy="Nothing, if new databases are made another way here; set `init` to the command that makes them.",
        path=path,
        line=line,
        revision=failure.revision,
        evidence=tuple(_evidence(leg, failure)),
    )


_MADE_BY = {
    MadeBy.MIGRATIONS: "its migrations",
    MadeBy.INIT_COMMAND: "the init command",
    MadeBy.MODELS: "create_all of the base's models and a stamp",
}


def place(recording: TreeRecording, failure: Failure) -> tuple[str | None, int | None]:
    """Return the line of the version file that led to the failure; its ``revision =`` line where none is known."""
    if failure.error == "CommandError":
        return None, None  # Alembic's own refusal: the line of env.py that called it is not the one to change
    frames = (failure.statement.frames if failure.statement else ()) or failure.frames
    if frames:
        return frames[0].path, frames[0].line
    revision = next((r for r in recording.graph.revisions if r.id == failure.revision), None)
    return (revision.path, revision.line) if revision else (None, None)


def _message(failure: Failure) -> str:
    where = f"Revision {failure.revision}" if failure.revision else "The upgrade"
    said = failure.message.strip().splitlines()[0] if failure.message.strip() else failure.error
    if failure.kind is FailureKind.TIMEOUT:
        return f"{where} hangs: {said}"
    name = f"{failure.error}: " if failure.kind is FailureKind.PYTHON else ""
    return f"{where} fails: {name}{said.rstrip('.')}."


def _only_on_new_databases(recording: TreeRecording, leg: Leg) -> str | None:
    """Say so where a revision that was edited breaks the way from empty, while deployed databases pass."""
    if leg.name is not LegName.EMPTY_TO_HEADS or isinstance(recording.changes, Absent):
        return None
    return (
        f"It fails on an empty database, since {', '.join(recording.changes.reworked)} was edited: no new database can "
        "be made. A deployed one has run that revision as it was before."
    )


def after_failure(leg: Leg) -> str:
    """Say what a deploy that fails here leaves behind, as it was observed in the scratch database."""
    at = ", ".join(leg.versions_after) or "no revision"
    if leg.left_behind:
        return (
            f"A failed deploy is left half-way: {_count(leg.left_behind, 'statement of this revision was', 'were')} "
            f"committed before it failed, but the version table is at {at}, "
            "so the next deploy runs the whole revision again on top of them."
        )
    if leg.changed:
        return (
            f"A failed deploy is left half-way: the version table is still at {at}, but "
            f"{_count(leg.changed, 'object of the database is', 'are')} not as before, "
            "so the next deploy runs the whole revision again on top of that."
        )
    if leg.versions_after == leg.versions_before:
        return f"A failed deploy leaves the database as it was, at {at}: everything was rolled back."
    return f"A failed deploy leaves the database at {at}: the revisions before this one are committed, this one is not."


def _count(items: Sized, one: str, verb: str) -> str:
    """Return a number with its words: the noun comes first of ``one``, its verb last."""
    if len(items) == 1:
        return f"1 {one}"
    noun, _, rest = one.partition(" ")
    return f"{len(items)} {noun}s {rest.rpartition(' ')[0]} {verb}"


def _evidence(leg: Leg, failure: Failure) -> Iterator[Snippet]:
    if failure.statement is not None:
        yield Snippet(title="The statement", text=failure.statement.sql[:SQL_SHOWN], language="sql")
    if failure.kind is FailureKind.DATABASE:
        yield Snippet(title="PostgreSQL said", text=said(failure))
    if failure.blocked_by:
        yield Snippet(title="What it waited for", text=failure.blocked_by)
    frames = (failure.statement.frames if failure.statement else ()) or failure.frames
    if len(frames) > 1:
        yield Snippet(title="Called through", text="\n".join(map(_frame, frames)))
    if leg.left_behind:
        yield Snippet(title="Already committed", text=";\n".join(leg.left_behind)[:SQL_SHOWN], language="sql")
    if leg.changed and not leg.left_behind:
        yield Snippet(title="Not as before", text="\n".join(map(_became, leg.changed))[:SQL_SHOWN])
    if failure.traceback and failure.kind is not FailureKind.DATABASE:
        yield Snippet(title="Traceback", text=failure.traceback)


_FATES = {Fate.CAME: "new", Fate.WENT: "gone", Fate.CHANGED: "changed"}


def _became(change: ObjectChange) -> str:
    return f"{change.key.kind} {'.'.join(change.key.path)} is {_FATES[change.fate]}"


def said(failure: Failure) -> str:
    """Return the server's error as psql prints it."""
    lines = [f"ERROR:  {failure.sqlstate}: {failure.message}"]
    lines += [f"DETAIL:  {failure.detail}"] if failure.detail else []
    lines += [f"HINT:  {failure.hint}"] if failure.hint else []
    return "\n".join(lines)


def _frame(frame: Frame) -> str:
    return f"{frame.path}:{frame.line} in {frame.function}"


def _create_all(recording: TreeRecording) -> Iterator[Finding]:
    """Yield a finding for every call, in however many legs its revision was applied."""
    new = None if isinstance(recording.changes, Absent) else recording.changes.new
    steps = (step for leg in recording.legs for step in leg.steps)
    calls = dict.fromkeys((step.revision, call) for step in steps for call in step.create_all if call.tables)
    for revision, call in calls:
        yield _create_all_finding(revision, call.frames, call.tables, new is not None and revision not in new)


def _create_all_finding(revision: str, frames: tuple[Frame, ...], tables: int, old: bool) -> Finding:
    return Finding(
        rule="create-all-in-migration",
        severity=Severity.NOTICE if old else Severity.WARNING,
        message=f"Revision {revision} calls metadata.create_all() for {tables} of the models' own tables.",
        why="It creates whatever the models say on the day it runs. On an empty database the models are then compared "
        "with themselves, so a forgotten migration is never seen, while deployed databases lack what it would add.",
        remedy="Replace the call by the op.create_table() calls that it stood for when it was written; "
        "`alembic revision --autogenerate` against an empty database writes them.",
        path=frames[0].path if frames else None,
        line=frames[0].line if frames else None,
        revision=revision,
    )


CHECK = Check(
    id="upgrade",
    title="Every revision applies",
    rules=("migration-fails", "migration-timed-out", "old-migration-fails", "create-all-in-migration"),
    run=run,
    phase=Phase.APPLY,
)
