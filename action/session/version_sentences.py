"""The sentences for a run that left a version table elsewhere than at the heads."""

from __future__ import annotations

from collections.abc import Sequence

from checks.recording.obstacles import Obstacle, ObstacleKind

_SHOWN = 20
"""Rows of a version table in a sentence."""


def not_at_heads(
    rows: Sequence[str],
    details: str,
    swallowed_in: str | None,
    surplus: Sequence[str] = (),
    *,
    whose: str = "the scratch database's version table",
) -> Obstacle:
    """Return the obstacle of an env.py that ran without an error, but left our version table elsewhere.

    ``swallowed_in`` is the revision whose exception env.py did not raise; ``surplus`` are rows that Alembic itself
    does not leave; ``whose`` names the version table.
    """
    message = f"env.py ran without an error, but {whose} holds {_held(rows)}."
    if swallowed_in is not None:
        why = f"Revision {swallowed_in} raised an exception, and env.py swallowed it."
        remedy = "Re-raise the exception in env.py, so that a deploy stops."
    elif surplus:
        why = f"{details}. Alembic itself leaves only the heads there, so other code wrote to the version table."
        remedy = "Remove the code that writes to the version table from the migrations, env.py or the `init` command."
    else:
        why = (
            "The migrations ran somewhere else, or their transaction was never committed "
            "(SQLAlchemy 2.0: a statement before context.begin_transaction() opens a transaction that nobody commits)."
        )
        remedy = "Check how env.py gets its connection, and what commits it."
    return Obstacle(kind=ObstacleKind.NOT_AT_HEADS, message=message, why=why, remedy=remedy, details=details)


def heads_unknown(rows: Sequence[str], named: Sequence[str], reason: str) -> Obstacle:
    """Return the obstacle of a run of which the version files do not tell where it should have ended.

    ``named`` are the heads that Alembic itself names.
    """
    heads = ", ".join(named) or "none"
    return Obstacle(
        kind=ObstacleKind.NOT_AT_HEADS,
        message=f"The heads cannot be read from the version files. {reason}",
        why=f"The version table holds {_held(rows)}, but the heads that Alembic names are {heads}.",
        remedy="Write `revision`, `down_revision` and `depends_on` as literals, with another `revision` in each file.",
    )


def _held(rows: Sequence[str]) -> str:
    more = len(rows) - _SHOWN
    return ", ".join([*rows[:_SHOWN], *([f"{more} more"] if more > 0 else [])]) or "no revision"
