"""One run of the migrations: its steps, their statements, and how it failed."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from checks.recording.obstacles import Obstacle
from checks.recording.places import Frame
from checks.recording.schema import ObjectChange


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One statement that a migration sent."""

    sql: str
    frames: tuple[Frame, ...] = ()
    """The project's own frames that led to it, outermost first: the version file, then its helpers."""
    seconds: float | None = None
    """None when it never came back."""
    transaction: int | None = None
    """Ordinal of its transaction in the leg; None in autocommit."""
    committed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateAll:
    """A migration called ``MetaData.create_all``."""

    frames: tuple[Frame, ...]
    tables: int
    """How many tables of the project's own metadata it covers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One revision applied, or tried."""

    revision: str
    seconds: float | None
    """None when it did not finish."""
    statements: tuple[Statement, ...] = ()
    create_all: tuple[CreateAll, ...] = ()


class FailureKind(enum.StrEnum):
    """How a leg broke off."""

    DATABASE = "database"
    """The server refused a statement."""
    PYTHON = "python"
    """The migration's own Python raised."""
    TIMEOUT = "timeout"
    DIED = "died"


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """The end of a leg that did not reach its goal."""

    kind: FailureKind
    message: str
    """The server's or the exception's own words."""
    revision: str | None = None
    """None when it failed outside any revision, such as in env.py itself."""
    statement: Statement | None = None
    frames: tuple[Frame, ...] = ()
    """The project's frames of the exception, outermost first."""
    error: str = ""
    """The exception's class name."""
    sqlstate: str | None = None
    detail: str | None = None
    hint: str | None = None
    blocked_by: str | None = None
    """On a time-out: what the statement waited for, in the server's words."""
    traceback: str = ""


class LegName(enum.StrEnum):
    """From where to where a leg leads."""

    EMPTY_TO_HEADS = "empty-to-heads"
    EMPTY_TO_BASE = "empty-to-base"
    CREATE_BASE = "create-base"
    """The base schema made without its migrations, which cannot start from an empty database."""
    BASE_TO_HEADS = "base-to-heads"
    """What a deploy does."""


class MadeBy(enum.StrEnum):
    """How the database came about that a leg starts from."""

    MIGRATIONS = "migrations"
    INIT_COMMAND = "init-command"
    """The command of the setting ``init``."""
    MODELS = "models"
    """``create_all`` of the base's models, and a stamp."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """One run of the tree's migrations from one state of the database to another."""

    name: LegName
    target: tuple[str, ...]
    """The heads that it was to reach."""
    steps: tuple[Step, ...] = ()
    failure: Failure | None = None
    obstacle: Obstacle | None = None
    """Set where env.py, not a migration, kept the leg from running."""
    versions_before: tuple[str, ...] = ()
    versions_after: tuple[str, ...] = ()
    """The rows of the version table as our own connection read them afterwards."""
    left_behind: tuple[str, ...] = ()
    """After a failure: what is now in the database that was not there when the failing revision began, in words."""
    changed: tuple[ObjectChange, ...] = ()
    """After a failure that left the version table as it was: the other objects that are not as before."""
    seconds: float = 0.0
    made_by: MadeBy = MadeBy.MIGRATIONS
