"""Tell the failures that prove nothing: those on a base database created from models, of what such a base cannot know.

The models have objects that production may lack, they lack objects that only migrations make, and no rows come of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.made_base import BETTER_BASE, CREATED
from checks.recording.legs import Failure, FailureKind, Leg, LegName, MadeBy, Step
from checks.recording.tree import TreeRecording
from checks.sql import LEADING

# By SQLSTATE (PostgreSQL documentation, appendix A).
ALREADY_THERE = {"42701", "42P07", "42710", "42P06", "42723", "42P04", "42P05"}
NOT_THERE = {"42P01", "42703", "42704", "42883", "3F000", "3D000"}
OF_OTHER_SHAPE = {
    *("42804", "42809", "42830", "42846", "42P10", "42P16", "428C9"),  # types and keys of the columns
    "2BP01",  # other objects depend on it
}
OF_ROWS = {"21000", "P0001", "P0002", "P0003", "P0004"}
DEPENDS_ON_BASE = ALREADY_THERE | NOT_THERE | OF_OTHER_SHAPE | OF_ROWS
CONSTRAINT_CLASS = "23"
INVALID_TEXT = "22P02"

READS = re.compile(LEADING + r"(SELECT|WITH|TABLE|VALUES|SHOW)\b", re.IGNORECASE | re.DOTALL)
NAMES = re.compile(r'"([^"]+)"')
MAKES = re.compile(r"\b(CREATE|ADD|RENAME|SET\s+SCHEMA)\b", re.IGNORECASE)
REMOVES = re.compile(r"\b(DROP|RENAME|SET\s+SCHEMA)\b", re.IGNORECASE)

NOTHING_FOUND = {
    *("NoResultFound", "MultipleResultsFound", "NoSuchTableError", "NoSuchColumnError", "UnreflectableTableError"),
}
"""Exceptions of SQLAlchemy that only the content of a database causes."""
OF_CODE = {
    *("ArgumentError", "AttributeError", "CommandError", "CompileError", "ImportError", "IndentationError"),
    *("ModuleNotFoundError", "NameError", "NotImplementedError", "SyntaxError", "TypeError", "UnboundLocalError"),
}
"""Exceptions that come from the code, whatever a migration has read before."""


def proven_by_no_base(recording: TreeRecording) -> str | None:
    """Return what failed, why that proves nothing about production, and the fix; None without such a failure."""
    for leg in recording.legs:
        if leg.failure is not None and proves_nothing(leg, leg.failure):
            return _reason(recording, leg, leg.failure)
    return None


def proves_nothing(leg: Leg, failure: Failure) -> bool:
    """Return whether new revisions failed because of what a base database created from models has or lacks."""
    if leg.name is not LegName.BASE_TO_HEADS or leg.made_by is not MadeBy.MODELS:
        return False
    if failure.kind is FailureKind.DATABASE:
        return _depends_on_base(failure) and not _is_of_their_own(leg, failure)
    return failure.kind is FailureKind.PYTHON and _depends_on_rows(leg, failure)


def _depends_on_base(failure: Failure) -> bool:
    state = failure.sqlstate or ""
    if state == INVALID_TEXT:
        return "enum" in failure.message
    return state in DEPENDS_ON_BASE or state.startswith(CONSTRAINT_CLASS)


def _is_of_their_own(leg: Leg, failure: Failure) -> bool:
    """Return whether the new revisions themselves made the object that exists, or removed the one that is missing."""
    verbs = {**dict.fromkeys(ALREADY_THERE, MAKES), **dict.fromkeys(NOT_THERE, REMOVES)}.get(failure.sqlstate or "")
    names = [name.rpartition(".")[2] for name in NAMES.findall(failure.message)]
    if verbs is None or not names:
        return False
    words = [re.compile(rf"\b{re.escape(name)}\b", re.IGNORECASE) for name in names]
    return any(verbs.search(sql) and all(word.search(sql) for word in words) for sql in _done(leg.steps))


def _done(steps: tuple[Step, ...]) -> Iterator[str]:
    for step in steps:
        yield from (statement.sql for statement in step.statements if statement.seconds is not None)


def _depends_on_rows(leg: Leg, failure: Failure) -> bool:
    if failure.error in NOTHING_FOUND or "'NoneType'" in failure.message:
        return True
    step = next((step for step in leg.steps if step.revision == failure.revision), None)
    read = step is not None and any(READS.match(sql) for sql in _done((step,)))
    return read and failure.error not in OF_CODE


def _reason(recording: TreeRecording, leg: Leg, failure: Failure) -> str:
    where = f"Revision {failure.revision}{_place(recording, failure)}" if failure.revision else "The upgrade"
    message = failure.first_line
    error = ": ".join(part for part in (failure.sqlstate or failure.error, message) if part)
    return (
        f"{where} fails on a base database that can differ from production.\n"
        f"ERROR:  {error}\n"
        f"The base database was created {CREATED[leg.made_by]}, because its migrations fail on an empty database. The "
        "models can have objects that production lacks, and lack objects and rows that production has. So this failure "
        "proves nothing about production.\n"
        f"{BETTER_BASE}"
    )


def _place(recording: TreeRecording, failure: Failure) -> str:
    frames = (failure.statement.frames if failure.statement else ()) or failure.frames
    if frames:
        return f" ({frames[0].path}:{frames[0].line})"
    path = next((r.path for r in recording.graph.revisions if r.id == failure.revision), None)
    return f" ({path})" if path else ""
