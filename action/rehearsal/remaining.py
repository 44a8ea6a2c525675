"""Reads what a failed deploy leaves in its databases and on the server: only after it has failed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any

import psycopg2

from action.postgres.databases import Databases
from action.postgres.row_prints import row_prints
from action.postgres.sql_tokens import Effect, effect, tokens
from action.probe.protocol.companions import database_of
from action.rehearsal.database_state import version_table
from action.rehearsal.several_databases import numbers
from action.session.session import Session
from checks.recording.legs import Leg, Statement
from checks.recording.remains import Remains, RowChange, SequenceMove

# What is new has a higher number than the database of the run, which was created right before it.
_NEW_ON_SERVER = """
SELECT kind, name FROM (
    SELECT 'databases' AS kind, oid, datname AS name FROM pg_database
    UNION ALL SELECT 'roles', oid, rolname FROM pg_roles
    UNION ALL SELECT 'tablespaces', oid, spcname FROM pg_tablespace
) AS found
WHERE oid::bigint > (SELECT oid::bigint FROM pg_database WHERE datname = %s) AND name NOT LIKE 'ac\\_%%'
ORDER BY kind, name
"""
_DRAWS = re.compile(r"nextval|setval", re.IGNORECASE)
_WRITES_FILE = re.compile(
    r"\s*COPY\b.*\bTO\s+'((?:[^']|'')+)'|\blo_export\s*\(\s*[^,]+,\s*'((?:[^']|'')+)'", re.IGNORECASE | re.DOTALL
)
Prints = dict[tuple[str, str], str]


def remaining(session: Session, databases: Databases, start: str, database: str, leg: Leg) -> Remains:
    """Compare the database of a failed run with the one that it is a copy of, and look for what is new on the server.

    On the server, only what the run's own statements name counts: others may use it as well.
    """
    before, after = list[Prints](), list[Prints]()
    with suppress(psycopg2.Error):  # of a table that is not ours to read, nothing is said
        before, after = (list(_prints(session, databases, name)) for name in (start, database))
    sent = [statement for step in leg.steps for statement in step.statements if statement.seconds is not None]
    new = _new_on_server(databases, database, sent)
    stayed = leg.versions_before == leg.versions_after
    moved = all(map(_draws_nothing, (s for s in sent if s.committed)))
    rows = tuple(_changed_rows(before, after)) if stayed else ()
    return Remains(
        rows=rows,
        sequences=tuple(_moved(before, after)) if stayed and moved and not rows else (),
        files=tuple(_files(sent)),
        **{kind: tuple(name for other, name in new if other == kind) for kind in dict(new)},
    )


def _prints(session: Session, databases: Databases, database: str) -> Iterator[Prints]:
    for number in numbers(session):
        with databases.connect(database_of(database, number)) as connection:
            yield row_prints(connection, version_table(session, number))


def _changed_rows(before: Sequence[Prints], after: Sequence[Prints]) -> Iterator[RowChange]:
    """Yield the tables of both whose rows differ; a table that is new is a changed object."""
    for one, other in zip(before, after, strict=True):
        for name in sorted(one.keys() & other.keys()):
            if one[name] != other[name] and " " in one[name] and " " in other[name]:
                counts = (int(value.split(" ", 1)[0]) for value in (one[name], other[name]))
                yield RowChange(schema=name[0], table=name[1], expected=next(counts), found=next(counts))


def _moved(before: Sequence[Prints], after: Sequence[Prints]) -> Iterator[SequenceMove]:
    for one, other in zip(before, after, strict=True):
        for name in sorted(one.keys() & other.keys()):
            if one[name] != other[name] and " " not in one[name] + other[name]:
                numbers = (int(value) if value else None for value in (one[name], other[name]))
                yield SequenceMove(schema=name[0], name=name[1], before=next(numbers), after=next(numbers))


def _draws_nothing(statement: Statement) -> bool:
    """Tell whether a statement that was committed can have moved no sequence."""
    return effect(tokens(statement.sql)) in (Effect.NOTHING, Effect.SCHEMA) and not _DRAWS.search(statement.sql)


def _new_on_server(databases: Databases, database: str, sent: Sequence[Statement]) -> list[tuple[str, str]]:
    with databases.connect(database) as connection, connection.cursor() as cursor:
        cursor.execute(_NEW_ON_SERVER, (database,))
        found: list[tuple[Any, ...]] = cursor.fetchall()
    named = {word for statement in sent for word in re.findall(r'[^\s"\';,()]+', statement.sql)}
    return [(kind, name) for kind, name in found if name in named or name in {word.lower() for word in named}]


def _files(sent: Sequence[Statement]) -> Iterator[str]:
    """Yield the files that statements which came back have written on the server."""
    for statement in sent:
        for found in _WRITES_FILE.finditer(statement.sql):
            yield (found[1] or found[2]).replace("''", "'")
