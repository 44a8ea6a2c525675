"""What a rehearsal saw, as plain values: the only input of every check, and a file that can be judged again later."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field

from checks.recording.models import Drift
from checks.recording.places import Frame
from checks.recording.revisions import Changes, Graph

RECORDING_VERSION = 1


class ObstacleKind(enum.StrEnum):
    """Why a tree could not be rehearsed, or only in part."""

    MISSING_MODULE = "missing-module"
    MISSING_SETTINGS = "missing-settings"
    LOAD_FAILED = "load-failed"
    """env.py, or what it imports, raised."""
    EXITED = "exited"
    """env.py ended the process, such as by ``sys.exit(0)``."""
    NEVER_RAN = "never-ran"
    """env.py finished without ever running migrations."""
    OTHER_DATABASE = "other-database"
    """env.py connects to something that is not PostgreSQL."""
    ESCAPED = "escaped"
    """A connection went past the redirect to a server that is not ours; it was refused."""
    NOT_AT_HEADS = "not-at-heads"
    """env.py ran without an error, but our database's version table is not at the heads."""
    GRAPH = "graph"
    """Alembic itself cannot read the revision graph; check ``heads`` tells why."""
    TIMEOUT = "timeout"
    DIED = "died"
    """The project's process ended without a word (a signal, ``os._exit``)."""
    NO_SERVER = "no-server"
    """PostgreSQL could not be had."""
    NO_BASE = "no-base"
    """The base's database could not be made, neither by its migrations nor from its models."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """What kept the project from being rehearsed, told so that its owner can mend it."""

    kind: ObstacleKind
    message: str
    why: str = ""
    remedy: str = ""
    path: str | None = None
    line: int | None = None
    details: str = ""
    """The project's own traceback or last output."""

    @property
    def text(self) -> str:
        """Return what, why and what to do, a paragraph each."""
        return "\n".join(part for part in (self.message, self.why, self.remedy) if part)

    @property
    def is_project_code(self) -> bool:
        """Tell whether the project's own code failed to load (exit code 5) rather than could not be judged."""
        return self.kind in (
            ObstacleKind.MISSING_MODULE,
            ObstacleKind.MISSING_SETTINGS,
            ObstacleKind.LOAD_FAILED,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """What the probe learnt inside the project's own interpreter."""

    python: str
    """Path of the interpreter."""
    python_version: str
    alembic: str
    sqlalchemy: str
    driver: str
    """Such as ``psycopg2 2.9.13``."""
    heads: tuple[str, ...] = ()
    """As Alembic itself computes them."""
    metadata_given: bool = True
    """False where env.py hands over ``target_metadata = None``."""
    tables: int = 0
    """Tables on the metadata that env.py hands to Alembic."""
    unseen: tuple[tuple[str, int], ...] = ()
    """Metadata that env.py imports but does not hand over: (where it lives, how many tables only it has)."""
    version_table: str = "alembic_version"
    version_table_schema: str | None = None
    transaction_per_migration: bool = False


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """The tree driven from one state of the database to another, once."""

    name: str
    """``empty to heads``, ``empty to base`` or ``base to heads``."""
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
    changed: tuple[str, ...] = ()
    """After a failure that left the version table as it was: what else is not as before, by the catalog, in words."""
    seconds: float = 0.0
    made_by: str = "migrations"
    """How the leg's start was made: ``migrations``, or ``create_all and stamp``, or ``init command``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeRecording:
    """Everything that was seen of one Alembic environment."""

    path: str
    """Its configuration file, relative to the repository's root, with ``:section`` when it is not the default."""
    version_locations: tuple[str, ...] = ()
    """Relative to the repository's root."""
    graph: Graph = field(default_factory=Graph)
    """As checked out."""
    changes: Changes | None = None
    changes_missing: str | None = None
    """Why there are none: no base was named, or it could not be read."""
    base_expected: bool = False
    """Whether there should be one: it was named, or this is a pull request. Without it something is left unjudged."""
    environment: Environment | None = None
    obstacle: Obstacle | None = None
    legs: tuple[Leg, ...] = ()
    drift: Drift | None = None
    drift_missing: str | None = None
    """Why there is none, when it is not for ``obstacle`` or a failed leg."""
    output: str = ""
    """The end of what the project itself printed."""
    seconds: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """All that a run saw."""

    recording_version: int = RECORDING_VERSION
    trees: tuple[TreeRecording, ...]
    server_version: str = ""
    server_kind: str = ""
    server_detail: str = ""
    seconds: dict[str, float] = field(default_factory=dict)
