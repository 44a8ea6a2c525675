"""Tells the revisions of which the schema shows everything that they do: what undoes them leaves nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from action.postgres.sql_tokens import tokens
from action.repository.inside import read_inside
from action.version_files.changed_code import past_sqlalchemy
from action.version_files.meaning import meaning
from checks.recording.legs import Statement

_VERBS = {"create", "alter", "drop"}
_KINDS = {"table", "index", "unique", "type", "sequence", "view", "schema"}


def is_seen_whole(statements: Iterable[Statement], file: Path, root: Path) -> bool:
    """Return whether a revision sent nothing but statements whose effect ``read_schema`` reads.

    False too where its code has a way to send statements that SQLAlchemy does not see.
    """
    return all(_is_of_schema(statement.sql) for statement in statements) and _goes_through_sqlalchemy(file, root)


def _is_of_schema(sql: str) -> bool:
    found = tokens(sql)
    verb, kind = found[:1], found[1:2]
    known = verb == ("comment",) or (set(verb) <= _VERBS and set(kind) <= _KINDS)
    return len(found) > 1 and known and ";" not in found


def _goes_through_sqlalchemy(file: Path, root: Path) -> bool:
    try:
        parts = meaning(read_inside(file, root))
    except OSError:
        return False
    return parts is not None and all(past_sqlalchemy(part) is None for part in parts.values())
