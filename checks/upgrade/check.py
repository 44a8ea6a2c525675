"""Check ``upgrade``: every revision applies to an empty database and to the deployed schema."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from checks.called_from import called_from
from checks.check import Check, Outcome
from checks.failure_texts import SQL_SHOWN, error_text, frame_text, frames_to, place, server_error
from checks.findings import Finding, Severity, Snippet, Status
from checks.graph.arrival import unproven
from checks.graph.no_revisions import no_revisions
from checks.made_base import CREATED, creation
from checks.not_run import in_full, left_alone, obstacle_of
from checks.policy import Policy
from checks.recording.absent import Absent
from checks.recording.legs import CodeOf, Failure, FailureKind, Leg, LegName, MadeBy
from checks.recording.tree import Phase, TreeRecording
from checks.rules import rules_of
from checks.upgrade.after_failure import after_failure, by_hand, what_stays
from checks.upgrade.causes import Cause, cause_of, emptying, frames_of
from checks.upgrade.create_all import create_all
from checks.upgrade.failure_problems import FailureProblems
from checks.upgrade.lost_imports import lost_imports
from checks.upgrade.new_databases import only_on_new_databases, remedy_on_new_databases
from checks.upgrade.sqlstates import remedy_for, remedy_for_old
from checks.upgrade.two_ways import two_ways
from checks.upgrade.unproven import proven_by_no_base, proves_nothing


def run(recording: TreeRecording, policy: Policy) -> Outcome:
    """Judge the recorded migration runs: how each failed, and the calls of create_all."""
    findings = (*lost_imports(recording), *_failures(recording), *two_ways(recording), *create_all(recording))
    obstacle = obstacle_of(recording)
    if obstacle is not None:
        return replace(in_full(obstacle), findings=findings)
    if not recording.legs:
        return left_alone(recording) or Outcome(unjudged=Status.SKIPPED, reason="No migration ran.")
    missing = _no_base(recording) or proven_by_no_base(recording)
    if missing is not None:
        return Outcome(findings=findings, unjudged=Status.SKIPPED, reason=missing)
    if any(leg.failure and not _is_old(recording, leg, leg.failure) for leg in recording.legs):
        return Outcome(findings=findings)
    gap = no_revisions(recording) or unproven(recording)
    return Outcome(findings=findings, unjudged=Status.SKIPPED if gap else None, reason=gap)


def _no_base(recording: TreeRecording) -> str | None:
    """Return why there is no base database to run the new revisions on; None where there is one, or none is needed."""
    failed = next((leg for leg in recording.legs if leg.name is LegName.CREATE_BASE and leg.failure is not None), None)
    if failed is None:
        return None
    if _is_behind(failed):
        return f"The base's own revisions fail on the database created {CREATED[failed.made_by]}: see the notice."
    return "The base's revisions fail on an empty database, and no other way to create the base schema worked."


def _is_behind(leg: Leg) -> bool:
    """Return whether the run applied old revisions to a base database that had not run all of them."""
    applies = leg.name is LegName.CREATE_BASE and leg.made_by in (MadeBy.SCHEMA_FILE, MadeBy.INIT_COMMAND)
    return applies and leg.failure is not None and leg.failure.revision is not None


def _is_old(recording: TreeRecording, leg: Leg, failure: Failure) -> bool:
    """Return whether the base has the failing revision already, unchanged."""
    changes = recording.changes
    if leg.name in (LegName.EMPTY_TO_BASE, LegName.CREATE_BASE):
        return True
    if leg.name is not LegName.EMPTY_TO_HEADS or isinstance(changes, Absent) or failure.revision in changes.new:
        return False
    if failure.revision in changes.reworked:
        return _failed_at_base(recording, failure.revision)
    return not _replayed_by_base(recording)


def _failed_at_base(recording: TreeRecording, revision: str | None) -> bool:
    """Return whether the base's code fails in the revision, too, on an empty database."""
    return any(
        leg.name is LegName.EMPTY_TO_BASE
        and leg.code is CodeOf.BASE
        and leg.failure is not None
        and leg.failure.revision == revision
        for leg in recording.legs
    )


def _replayed_by_base(recording: TreeRecording) -> bool:
    """Return whether the base's revisions worked on an empty database with the base's code."""
    return any(
        leg.name is LegName.EMPTY_TO_BASE and leg.code is CodeOf.BASE and leg.succeeded for leg in recording.legs
    )


def _failures(recording: TreeRecording) -> Iterator[Finding]:
    """Yield a finding for every failure, once where several runs fail in the same revision with the same message."""
    known: set[tuple[str | None, str]] = set()
    problems = FailureProblems(recording)
    for leg in recording.legs:
        failure = leg.failure
        if failure is None or proves_nothing(leg, failure):
            continue
        is_old = _is_old(recording, leg, failure)
        # What another way to create the base says of no revision, the base's own revisions have said already.
        said = is_old and failure.revision is None and any(failure.message == message for _, message in known)
        if (failure.revision, failure.message) not in known and not said:
            known.add((failure.revision, failure.message))
            if is_old:
                yield _old_failure(recording, leg, failure)
                continue
            problem, said_by = problems.cause(leg, failure) or (problems.of(failure), None)
            yield replace(_failure(recording, leg, failure), problem=problem, follows=said_by)


def _failure(recording: TreeRecording, leg: Leg, failure: Failure) -> Finding:
    cause = cause_of(recording, leg, failure)
    path, line = _place(recording, failure, cause)
    timed_out = failure.kind is FailureKind.TIMEOUT
    return Finding(
        rule="migration-timed-out" if timed_out else "migration-fails",
        severity=Severity.ERROR,
        message=_message(failure, cause),
        why=_why(cause, only_on_new_databases(recording, leg) or after_failure(leg)),
        remedy=remedy_on_new_databases(recording, leg)
        or (cause.remedy if cause else None)
        or remedy_for(failure, () if isinstance(recording.changes, Absent) else recording.changes.replaced),
        path=path,
        line=line,
        called_from=called_from(recording.graph, failure.revision, frames_to(failure)),
        revision=failure.revision,
        evidence=tuple(_evidence(leg, failure, cause)),
        fixes=tuple(by_hand(leg)),
    )


def _old_failure(recording: TreeRecording, leg: Leg, failure: Failure) -> Finding:
    cause = cause_of(recording, leg, failure)
    path, line = _place(recording, failure, cause)
    return Finding(
        rule="old-migration-fails",
        severity=Severity.NOTICE,
        message=f"{_message(failure, cause)} The base already has this problem; this change did not cause it.",
        why=_why(cause, _why_old(recording, leg)),
        remedy=remedy_for_old(failure),
        path=path,
        line=line,
        called_from=called_from(recording.graph, failure.revision, frames_to(failure)),
        revision=failure.revision,
        evidence=tuple(_evidence(leg, failure, cause)),
    )


def _why(cause: Cause | None, consequence: str) -> str:
    return f"{cause.why} {consequence}" if cause is not None and cause.why else consequence


def _why_old(recording: TreeRecording, leg: Leg) -> str:
    if _is_behind(leg):
        return (
            f"The database created {CREATED[leg.made_by]} has not run this revision yet, and the next deploy of the "
            "base fails at it."
        )
    created = creation(recording)
    return "Migrations cannot start from an empty database, so a new developer or environment needs another way." + (
        f" This run created the base schema {CREATED[created.made_by]}." if created else ""
    )


def _place(recording: TreeRecording, failure: Failure, cause: Cause | None) -> tuple[str | None, int | None]:
    """Return the place of the cause, or else that of the failure."""
    revision = next((r for r in recording.graph.revisions if r.id == failure.revision), None)
    if cause is not None and cause.in_file and revision is not None:
        return revision.path, revision.line
    frames = frames_of(cause)
    return (frames[0].path, frames[0].line) if frames else place(recording, failure)


def _message(failure: Failure, cause: Cause | None) -> str:
    where = f"Revision {failure.revision}" if failure.revision else "The upgrade"
    if failure.kind is FailureKind.TIMEOUT:
        return f"{where} {failure.first_line or failure.error}."
    if cause is not None and cause.instead:
        return f"{where} fails: {cause.because}."
    return f"{where} fails: {error_text(failure).rstrip('.')}{cause.because if cause else ''}."


def _evidence(leg: Leg, failure: Failure, cause: Cause | None) -> Iterator[Snippet]:
    if cause is not None and cause.statement not in (None, failure.statement):
        yield Snippet(title="Statement that empties search_path", text=emptying(cause), language="sql")
    if failure.statement is not None:
        yield Snippet(title="Statement", text=failure.statement.sql[:SQL_SHOWN], language="sql")
    if failure.kind is FailureKind.DATABASE:
        yield Snippet(title="PostgreSQL error", text=server_error(failure))
    if failure.blocked_by:
        yield Snippet(title="Waiting for", text=failure.blocked_by)
    frames = (failure.statement.frames if failure.statement else ()) or failure.frames
    if len(frames) > 1:
        yield Snippet(title="Called through", text="\n".join(map(frame_text, frames)))
    yield from what_stays(leg)
    if failure.traceback and failure.kind is not FailureKind.DATABASE:
        yield Snippet(title="Traceback", text=failure.traceback)


CHECK = Check(
    id="upgrade",
    title="Every revision applies",
    rules=rules_of("upgrade"),
    run=run,
    needs_server=True,
    phase=Phase.APPLY,
)
