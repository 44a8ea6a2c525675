"""Find downgrades that undo nothing: absent, empty, or raising; a revision may declare that it cannot be undone."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator, Sequence

from checks.downgrade.incomplete import TITLE, in_order, lines_for
from checks.downgrade.naming_objects import described, item_of
from checks.downgrade.not_undone import Leftover, changes_of_upgrade, leftovers
from checks.downgrade.object_parts import differences
from checks.downgrade.renamed import new_place
from checks.downgrade.undone import UndoneRevision
from checks.findings import Finding, Severity, Snippet
from checks.plural import joined, listed
from checks.recording.legs import Failure, FailureKind
from checks.recording.schema import Fate
from checks.sql import LEADING

READS = re.compile(LEADING + r"(SELECT|SHOW|TABLE|VALUES)\b", re.IGNORECASE | re.DOTALL)
_DECLARED = "NotImplementedError"
_QUOTED = 160
"""Most characters of a sentence of the project that a message quotes."""


class Form(enum.StrEnum):
    """How a downgrade undoes nothing."""

    ABSENT = "absent"
    EMPTY = "empty"
    SILENT = "silent"
    """It has code, but sends no statement."""
    RAISES = "raises"


def form_of(subject: UndoneRevision) -> Form | None:
    """Return how the downgrade undoes nothing; None where it does something, or there was nothing to undo."""
    undo, text = subject.trip.undo, subject.revision.downgrade
    if undo is None or undo.obstacle is not None:
        return None
    if undo.failure is not None:
        if _is_absent(subject, undo.failure):
            return Form.ABSENT
        return Form.RAISES if _is_raised(subject, undo.failure) else None
    if subject.sent or not leftovers(subject):
        return None
    return Form.EMPTY if text is not None and text.is_empty else Form.SILENT


def _is_absent(subject: UndoneRevision, failure: Failure) -> bool:
    says_so = failure.error == "AttributeError" and failure.message.endswith("has no attribute 'downgrade'")
    return subject.revision.downgrade is None and says_so


def _is_raised(subject: UndoneRevision, failure: Failure) -> bool:
    """Return whether the downgrade raised an exception on purpose, before it changed anything."""
    if failure.kind is not FailureKind.PYTHON or not all(READS.match(one.sql) for one in subject.sent):
        return False
    text, says = subject.revision.downgrade, " ".join(failure.message.split())
    if failure.error == _DECLARED or (text is not None and text.raises):
        return True
    return bool(says) and says in subject.revision.irreversible


def missing(subject: UndoneRevision, form: Form) -> Finding:
    """Return the finding about a downgrade that undoes nothing."""
    declared = form is Form.RAISES or bool(subject.revision.irreversible)
    stays = changes_of_upgrade(subject) if form is Form.ABSENT else leftovers(subject)
    harmless = declared or (form is Form.ABSENT and not stays)
    lines = [] if harmless else [line for leftover in in_order(stays) for line in lines_for(leftover)]
    return Finding(
        rule="downgrade-missing",
        severity=Severity.NOTICE if harmless else subject.severity(Severity.WARNING),
        message=_message(subject, form, declared, stays),
        why=_why(form, declared, stays),
        remedy="" if declared else _remedy(subject, bool(lines)),
        path=subject.path,
        line=subject.line,
        revision=subject.revision.id,
        old=subject.is_old,
        evidence=tuple(_evidence(stays)),
        fixes=(Snippet(title=TITLE, text="\n".join(lines), language="python", path=subject.path),) if lines else (),
        problem=subject.problem,
    )


def _message(subject: UndoneRevision, form: Form, declared: bool, stays: Sequence[Leftover]) -> str:
    revision, failure = subject.revision, subject.trip.undo.failure if subject.trip.undo is not None else None
    if form is Form.RAISES and failure is not None:
        said = f": {_quoted(failure.first_line)}" if failure.first_line else ""
        return f"Revision {revision.id} cannot be undone: its downgrade() raises {failure.error}{said}."
    if declared:
        return f"Revision {revision.id} declares that it cannot be undone: {_quoted(revision.irreversible)}."
    if form is Form.ABSENT:
        changes = f", but upgrade() changes the schema: {_named(stays)}" if stays else ""
        return f"Revision {revision.id} has no downgrade(){changes}."
    does = "is empty" if form is Form.EMPTY else "sends no statement"
    return f"downgrade() of revision {revision.id} {does}, but upgrade() changes the schema: {_named(stays)}."


def _quoted(text: str) -> str:
    line = " ".join(text.split()).rstrip(".")
    return line if len(line) <= _QUOTED else f"{line[: _QUOTED - 1]}…"


def _named(stays: Sequence[Leftover]) -> str:
    return listed([described(item_of(leftover.change)) for leftover in stays])


def _why(form: Form, declared: bool, stays: Sequence[Leftover]) -> str:
    if form in (Form.ABSENT, Form.RAISES):
        return "`alembic downgrade` stops at this revision, so neither it nor an earlier one can be undone."
    kept = "the schema keeps its changes"
    if declared:
        return f"`alembic downgrade` succeeds and moves the version table back, but {kept}."
    return f"`alembic downgrade` succeeds and moves the version table back, but {kept}. The next upgrade meets them."


def _remedy(subject: UndoneRevision, has_lines: bool) -> str:
    undo = "Write downgrade() with these lines" if has_lines else "Write downgrade() so that it undoes upgrade()"
    return (
        f"{undo}. If revision {subject.revision.id} cannot be undone, let it raise NotImplementedError with the reason."
    )


_FATES = {Fate.CAME: "stays", Fate.WENT: "stays removed"}


def _evidence(stays: Sequence[Leftover]) -> Iterator[Snippet]:
    if not stays:
        return
    lines = []
    for leftover in stays:
        item, change = item_of(leftover.change), leftover.change
        fate = _FATES.get(change.fate) or f"stays changed: {joined([part.text for part in differences(change)])}"
        if leftover.other_name is not None:
            fate = f"stays {new_place(item, leftover.other_name)}"
        lines.append(f"{described(item)} {fate}")
    yield Snippet(title="What stays after the downgrade", text="\n".join(lines))
