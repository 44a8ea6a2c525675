"""One run of the migrations: its steps, their SQL statements, and how it failed."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field

from checks.recording.obstacles import Obstacle
from checks.recording.places import Frame
from checks.recording.remains import Remains
from checks.recording.schema import ObjectChange


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyableSql:
    """A statement of a new revision with its values, as it can be copied; secret values are ``'***'``."""

    statements: tuple[str, ...]
    """One, or of many rows of parameters the first."""
    more_rows: int = 0
    """How many rows it has beside those."""
    unwritten: int = 0
    """How many placeholders are left, because their values have no SQL literal."""
    reads_catalog: bool = False
    """Whether it only reads the catalog, as the reflection of a table does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One SQL statement of a migration."""

    sql: str
    frames: tuple[Frame, ...] = ()
    """The project's own stack frames, outermost first: the version file, then its helpers."""
    seconds: float | None = None
    """None when the statement did not return."""
    transaction: int | None = None
    """Number of its transaction within the run; None in autocommit."""
    committed: bool = False
    undone: bool = False
    """Whether its transaction, which went on, was rolled back to a savepoint before it."""
    copyable: CopyableSql | None = None
    """None where its revision is not new, or has sent more than is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateAll:
    """A call of ``MetaData.create_all`` in a migration."""

    frames: tuple[Frame, ...]
    tables: int
    """How many tables of the project's metadata the call covers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One revision that was applied, or that failed."""

    revision: str
    seconds: float | None
    """None when the revision did not finish."""
    statements: tuple[Statement, ...] = ()
    create_all: tuple[CreateAll, ...] = ()


class FailureKind(enum.StrEnum):
    """How a run of the migrations failed."""

    DATABASE = "database"
    """The server rejected a statement."""
    PYTHON = "python"
    """The migration's Python raised an exception."""
    TIMEOUT = "timeout"
    """The run did not finish within the time limit."""
    DIED = "died"
    """The project's process ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why a run of the migrations did not reach its goal."""

    kind: FailureKind
    message: str
    """The message of the server or the exception.

    After TIMEOUT a predicate without a full stop: ``did not finish within 600 seconds``, or what it waits for.
    """
    revision: str | None = None
    """None when the failure was outside any revision, such as in env.py."""
    statement: Statement | None = None
    frames: tuple[Frame, ...] = ()
    """The project's stack frames of the exception, outermost first."""
    error: str = ""
    """The exception's class name."""
    sqlstate: str | None = None
    detail: str | None = None
    hint: str | None = None
    later: str | None = None
    """Set where a migration caught this error: the statement that PostgreSQL then refused to run."""
    blocked_by: str | None = None
    """After TIMEOUT: the lock that the statement waited for and its holder, as the server reports them."""
    traceback: str = ""
    variables: tuple[str, ...] = ()
    """The environment variables that the migration reads, and that are not set."""

    @property
    def first_line(self) -> str:
        """Return the first line of the message; empty where it says nothing."""
        return next(iter(self.message.strip().splitlines()), "")


class LegName(enum.StrEnum):
    """The start and the end of a run of the migrations."""

    EMPTY_TO_HEADS = "empty-to-heads"
    EMPTY_TO_BASE = "empty-to-base"
    CREATE_BASE = "create-base"
    """Create the base schema without migrations, because they cannot start from an empty database."""
    BASE_TO_HEADS = "base-to-heads"
    """The same as a deploy."""
    UNDO = "undo"
    """The downgrade of one revision, on a copy of a database that it is the last one of."""
    REDO = "redo"
    """The upgrade to the same revision, after its downgrade."""
    STEP = "step"
    """The upgrade by one revision, on a copy of a database at its parents."""
    CUT = "cut"
    """The same as a deploy, up to a stop half-way."""
    AGAIN = "again"
    """The upgrade to the heads, on what a deploy left that was stopped half-way."""


ALONE = (LegName.STEP, LegName.UNDO, LegName.REDO)
"""The runs of one revision, whose database is thrown away."""
DEPLOYS = (LegName.BASE_TO_HEADS, LegName.EMPTY_TO_HEADS)
"""The runs that apply the new revisions as a deploy does, the closer one first."""


class MadeBy(enum.StrEnum):
    """How the database was created from which a run of the migrations starts."""

    MIGRATIONS = "migrations"
    SCHEMA_FILE = "schema-file"
    """The file of the setting ``schema``, a dump of production's schema."""
    INIT_COMMAND = "init-command"
    """The command of the setting ``init``."""
    MODELS = "models"
    """``create_all`` of the base's models, then ``alembic stamp``."""


class CodeOf(enum.StrEnum):
    """The commit whose code ran the migrations: its version files, env.py, and all that they import or read."""

    HEAD = "head"
    """The working tree's."""
    BASE = "base"
    """The merge base's: the code that made the deployed databases."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """One run of the migrations from one state of the database to another."""

    name: LegName
    target: tuple[str, ...]
    """The heads that the run should reach."""
    steps: tuple[Step, ...] = ()
    failure: Failure | None = None
    obstacle: Obstacle | None = None
    """Set where env.py, rather than a migration, prevented the run."""
    versions_before: tuple[str, ...] = ()
    versions_after: tuple[str, ...] = ()
    """The rows of the version table after the run, read by our own connection."""
    others_after: tuple[tuple[str, ...], ...] = ()
    """Where env.py migrates several databases: the rows of the version table of each but the first, after the run."""
    version_column: str | None = None
    """After a failure: the type of the version table's column, such as ``character varying(32)``, where it exists."""
    left_behind: tuple[str, ...] = ()
    """After a failure: the SQL statements of the failing revision that were committed."""
    changed: tuple[ObjectChange, ...] = ()
    """After a failure with an unchanged version table: the other objects that changed."""
    remains: Remains = field(default_factory=Remains)
    """After a failed deploy."""
    seconds: float = 0.0
    made_by: MadeBy = MadeBy.MIGRATIONS
    code: CodeOf = CodeOf.HEAD

    @property
    def succeeded(self) -> bool:
        """Return whether the run reached its target."""
        return self.failure is None and self.obstacle is None

    @property
    def said(self) -> str:
        """Return the first line of what kept it from its target, without a full stop."""
        reason = self.failure or self.obstacle
        lines = reason.message.strip().splitlines() if reason is not None else []
        return lines[0].rstrip(".") if lines else "it did not finish"
