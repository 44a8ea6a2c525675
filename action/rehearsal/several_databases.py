"""The databases of an env.py that migrates several at once: what holds for the first has to hold for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from action.postgres.databases import Databases
from action.postgres.version_table import version_rows
from action.probe.protocol.companions import database_of
from action.rehearsal.database_state import schema_of, version_table
from action.rehearsal.goals import Goal, unreached
from action.rehearsal.schema_difference import differing_objects
from action.session.event_parts import EngineFound
from action.session.session import Session
from action.session.version_sentences import heads_unknown, not_at_heads
from checks.plural import plural
from checks.recording.absent import Absent
from checks.recording.obstacles import Obstacle, ObstacleKind
from checks.recording.schema import ObjectChange, Schema
from checks.recording.tree import Environment


def engines(session: Session) -> tuple[EngineFound, ...]:
    """Return the databases that env.py migrates; none where that is a single one."""
    return session.found.engines if session.found else ()


def numbers(session: Session) -> list[int]:
    """Return the numbers of the databases that env.py migrates, that of the first one first."""
    return [engine.number for engine in engines(session)] or [0]


def as_one(session: Session, engine: int) -> Environment | None:
    """Return the environment as it is for one of the databases: with the version table of that one."""
    if session.environment is None:
        return None
    schema, name = version_table(session, engine)
    return replace(session.environment, version_table=name, version_table_schema=schema)


def schemas_of(session: Session, databases: Databases, database: str) -> list[Schema]:
    """Read the schema of every database that env.py migrates, the first one first."""
    return [schema_of(databases, database_of(database, number)) for number in numbers(session)]


def changed_in_all(
    before: Sequence[Schema], after: Sequence[Schema], *, without: tuple[str, str]
) -> tuple[ObjectChange, ...]:
    """Return the objects that differ between two readings of every database, but for the version table."""
    pairs = zip(before, after, strict=True)
    return tuple(change for one, other in pairs for change in differing_objects(one, other, without))


def rows_of_others(session: Session, databases: Databases, database: str) -> tuple[tuple[str, ...], ...]:
    """Return the rows of the version table of each database but the first."""
    found = []
    for engine in engines(session)[1:]:
        with databases.connect(database_of(database, engine.number)) as connection:
            found.append(version_rows(connection, *version_table(session, engine.number)))
    return tuple(found)


def others_not_at_heads(session: Session, others: Sequence[tuple[str, ...]], goal: Goal) -> Obstacle | None:
    """Return why the run does not count for one of the other databases; None where each has reached the goal."""
    named = session.environment.heads if session.environment else ()
    for engine, rows in zip(engines(session)[1:], others, strict=True):
        found = unreached(goal, rows, named)
        if isinstance(found, Absent):
            return heads_unknown(rows, named, found.reason)
        if found is not None:
            whose = f"the version table of {engine.name}"
            return not_at_heads(rows, found.text, None, found.surplus, whose=whose)
    return None


def describes_one(session: Session, setting: str) -> Obstacle | None:
    """Return why a setting that creates one database is no base for several; None for one."""
    found = engines(session)
    if not found:
        return None
    names = ", ".join(engine.name for engine in found)
    return Obstacle(
        kind=ObstacleKind.NO_BASE,
        message=f"`{setting}` creates one database, but env.py migrates {plural(len(found), 'database')}: {names}.",
        why="The other databases would be empty, unlike the deployed ones.",
        remedy=f"Remove `{setting}`, so that the migrations create all of them.",
    )
