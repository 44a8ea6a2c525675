"""Say at which line a downgrade fails, with which error, and what to write instead."""

from __future__ import annotations

from collections.abc import Iterator

from checks.called_from import called_from
from checks.downgrade.undone import UndoneRevision
from checks.downgrade.wrong_names import WrongName, wrong_name
from checks.failure_texts import SQL_SHOWN, error_text, frame_text, frames_to, place, server_error
from checks.findings import Finding, Severity, Snippet
from checks.lacking import remedy_of
from checks.plural import joined, plural
from checks.recording.legs import Failure, FailureKind, Leg

_REMEDIES = {
    "2BP01": "Drop what depends on it first, in an earlier line of downgrade(): PostgreSQL names it in the error.",
    "42710": "Create this object once in downgrade(). op.create_table() and op.add_column() may create an enum type by "
    "themselves: pass create_type=False to every later use.",
    "42P07": "Create this relation once in downgrade(): another line of it, or upgrade(), has created it already.",
    "42701": "Delete the line: the table has this column already.",
    "42804": "Pass postgresql_using= to op.alter_column(): PostgreSQL does not convert these types by itself.",
    "42846": "Pass postgresql_using= with an expression that converts the values: these types have no cast.",
    "22P02": "Change the rows that the old type cannot hold before this line.",
    "22001": "Shorten the values that the old type cannot hold before this line.",
    "22003": "Change the values that the old type cannot hold before this line.",
    "23502": "Fill the column before this line, or add it with a server_default: the table has rows.",
    "23503": "Delete or change the rows that the constraint forbids before this line.",
    "23505": "Delete the duplicate rows before this line.",
    "23514": "Delete or change the rows that the constraint forbids before this line.",
    "25001": "Move the statement into `with op.get_context().autocommit_block():`. It cannot run inside the "
    "transaction that Alembic opens.",
    "42P16": "Pass postgresql_using= or drop the object first: PostgreSQL does not allow this change.",
    "42883": "Write the arguments' types of the function as upgrade() does, and drop what exists at this line.",
    "42P01": "Check the name and the order of the lines: this relation does not exist when the line runs.",
    "42703": "Check the name and the order of the lines: this column does not exist when the line runs.",
    "42704": "Check the name and the order of the lines: this object does not exist when the line runs.",
    "3F000": "Check the name and the order of the lines: this schema does not exist when the line runs.",
}
_FIX = "Write instead"


def failing(subject: UndoneRevision, leg: Leg, failure: Failure) -> Finding:
    """Return the finding about a downgrade that does not run to its end."""
    wrong = wrong_name(subject.trip, failure)
    path, line = place(subject.recording, failure)
    lines = wrong.lines if wrong is not None else ()
    return Finding(
        rule="downgrade-fails",
        severity=subject.severity(Severity.ERROR),
        message=_message(subject, failure, wrong),
        why=_why(leg),
        remedy=_remedy(failure, wrong),
        path=path or subject.path,
        line=line or subject.line,
        revision=subject.revision.id,
        old=subject.is_old,
        called_from=called_from(subject.recording.graph, subject.revision.id, frames_to(failure)),
        evidence=tuple(failure_evidence(failure)),
        fixes=(Snippet(title=_FIX, text="\n".join(lines), language="python", path=subject.path),) if lines else (),
        problem=subject.problem,
    )


def _message(subject: UndoneRevision, failure: Failure, wrong: WrongName | None) -> str:
    what = f"downgrade() of revision {subject.revision.id}"
    if failure.kind is FailureKind.TIMEOUT:
        return f"{what} {failure.first_line or 'did not finish'}."
    if wrong is None or not wrong.meant:
        return f"{what} fails: {error_text(failure).rstrip('.')}."
    if wrong.wrong is None:
        created = f"upgrade() has created {joined(wrong.names)}"
        return f"{what} fails: it drops a constraint without a name, and {created}."
    first = (failure.first_line or failure.error).rstrip(".")
    return f"{what} fails: {first}; upgrade() has created {joined(wrong.names)}."


def _why(leg: Leg) -> str:
    if leg.left_behind:
        return (
            f"A rollback stops halfway: {plural(len(leg.left_behind), 'statement')} of downgrade() "
            "are committed, but the version table still has this revision."
        )
    return "A rollback stops at this revision, so neither it nor an earlier one can be undone."


def _remedy(failure: Failure, wrong: WrongName | None) -> str:
    if wrong is not None and wrong.meant:
        if wrong.wrong is None:
            return "Name the constraint in op.drop_constraint() as PostgreSQL has named it."
        return "Use the name that the database has."
    if wrong is not None and wrong.wrong is None:
        return "Name the constraint in op.drop_constraint(): Alembic cannot drop one without a name."
    if failure.kind is FailureKind.TIMEOUT:
        return "Check what downgrade() waits for. Set a higher --timeout if it is only slow."
    if failure.kind is FailureKind.DIED:
        return "Run `alembic downgrade` in the project to see the cause: the migration ended the Python process."
    lacks = remedy_of(failure.message) if failure.kind is FailureKind.DATABASE else None
    return lacks or _REMEDIES.get(failure.sqlstate or "") or "Fix downgrade() at this line."


def failure_evidence(failure: Failure) -> Iterator[Snippet]:
    """Yield the statement that failed, the server's error, and how the project got there."""
    if failure.statement is not None:
        yield Snippet(title="Statement", text=failure.statement.sql.strip()[:SQL_SHOWN], language="sql")
    if failure.kind is FailureKind.DATABASE:
        yield Snippet(title="PostgreSQL error", text=server_error(failure))
    if failure.blocked_by:
        yield Snippet(title="Waiting for", text=failure.blocked_by)
    frames = frames_to(failure)
    if len(frames) > 1:
        yield Snippet(title="Called through", text="\n".join(map(frame_text, frames)))
    if failure.traceback and failure.kind is not FailureKind.DATABASE:
        yield Snippet(title="Traceback", text=failure.traceback)
