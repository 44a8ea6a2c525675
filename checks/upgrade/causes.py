"""Find the statement or the id behind an error that only follows from it, and say what to do about that."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from checks.graph.id_width import column_name, column_width, is_refused
from checks.recording.legs import Failure, Leg, Statement
from checks.recording.places import Frame
from checks.recording.tree import TreeRecording

ABORTED = "25P02"
"""SQLSTATE of every statement in a transaction that an earlier error has aborted."""
NOT_FOUND = ("3F000", "42P01", "42704", "42883")
"""SQLSTATEs of a name that no schema of the search_path has."""
_PATHS = re.compile(
    r"set_config\s*\(\s*'search_path'\s*,\s*'(?P<given>[^']*)'"
    r"|\bSET\s+(?:SESSION\s+|LOCAL\s+)?search_path\s*(?:=|TO)\s*(?P<set>[^;]*)"
    r"|\bRESET\s+(?:search_path|ALL)\b(?P<reset>)",
    re.IGNORECASE,
)
_EMPTY = re.compile(r"\s*(?:''|\"\"|)\s*")
_QUALIFIED = re.compile(r'"[^"]*\.[^"]*"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """What a failure comes from, where its own error does not show it."""

    because: str
    """The end of the sentence about the failure, or all of it where ``instead`` is set."""
    remedy: str
    instead: bool = False
    why: str = ""
    """What happens, before the sentence about what a deploy leaves behind."""
    statement: Statement | None = None
    in_file: bool = False
    """Whether the place is the line of the revision's id."""


def cause_of(recording: TreeRecording, leg: Leg, failure: Failure) -> Cause | None:
    """Return what a failure comes from; None where its error shows it."""
    if is_refused(failure):
        return _long_id(recording, str(failure.revision))
    if failure.later is not None:
        return _swallowed(failure)
    if failure.sqlstate == ABORTED:
        return _aborted()
    if failure.sqlstate in NOT_FOUND and not _QUALIFIED.search(failure.message):
        return _without_search_path(leg)
    return None


def _long_id(recording: TreeRecording, revision: str) -> Cause:
    column = column_name(recording)
    return Cause(
        because=f"{column} holds {column_width(recording)} characters, but this id has {len(revision)}",
        remedy=f"Shorten the `revision` of this file, or widen {column} in an earlier migration.",
        instead=True,
        in_file=True,
    )


def _swallowed(failure: Failure) -> Cause:
    later = " ".join(str(failure.later).split())
    shown = later if len(later) <= 80 else f"{later[:79]}…"
    return Cause(
        because="",
        why="The migration catches this error, but PostgreSQL has aborted the transaction and refuses the next"
        f" statement ({shown}).",
        remedy="Fix this statement, or run it in a savepoint that can be rolled back: "
        "`with op.get_bind().begin_nested():` inside the `try`.",
        statement=failure.statement,
    )


def _aborted() -> Cause:
    return Cause(
        because="",
        why="An earlier statement of this transaction failed, and the migration caught its error.",
        remedy="Find the earlier statement whose error the migration catches. Fix it, or run it in a savepoint: `with"
        " op.get_bind().begin_nested():` inside the `try`.",
    )


def _without_search_path(leg: Leg) -> Cause | None:
    """Return the statement that has emptied the search_path, where it is still empty at the end of the run."""
    emptied: tuple[str, Statement] | None = None
    for revision, statement in _statements(leg):
        for found in _PATHS.finditer(statement.sql):
            path = found["given"] if found["given"] is not None else found["set"]
            emptied = (revision, statement) if path is not None and _EMPTY.fullmatch(path) else None
    if emptied is None:
        return None
    revision, statement = emptied
    return Cause(
        because=f", because revision {revision} has emptied search_path",
        why="Without a search_path, PostgreSQL finds only names that have their schema. pg_dump writes such a line into"
        " its files.",
        remedy='Delete the statement that empties search_path, or add op.execute("RESET search_path") at the end of '
        f"upgrade() of revision {revision}.",
        statement=statement,
    )


def _statements(leg: Leg) -> Iterator[tuple[str, Statement]]:
    for step in leg.steps:
        for statement in step.statements:
            yield step.revision, statement


def emptying(cause: Cause) -> str:
    """Return the part of the statement that empties search_path; the statement may be a whole dump."""
    sql = cause.statement.sql if cause.statement is not None else ""
    lines = [line for line in sql.splitlines() if _PATHS.search(line)]
    return "\n".join(line.strip() for line in lines)


def frames_of(cause: Cause | None) -> tuple[Frame, ...]:
    """Return where the statement of a cause was sent."""
    return cause.statement.frames if cause is not None and cause.statement is not None else ()
