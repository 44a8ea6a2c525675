"""What a rehearsal saw, as plain values: the only input of every check, and a file that can be judged again later."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field

from checks.schema import Schema

RECORDING_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppression:
    """One ``# alembic-checks: ignore[rule] reason`` comment of a version file."""

    rules: tuple[str, ...]
    reason: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One version file, read without running it."""

    id: str
    path: str
    """Relative to the repository's root."""
    line: int
    """Of ``revision = …``."""
    down_revision_line: int
    down_revisions: tuple[str, ...] = ()
    depends_on: tuple[str, ...] = ()
    branch_labels: tuple[str, ...] = ()
    message: str = ""
    """First line of the module's docstring."""
    created: str | None = None
    """``Create Date`` of the docstring, as written."""
    down_revision_text: str = ""
    """The source line that assigns ``down_revision``, as written."""
    suppressions: tuple[Suppression, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A version file whose revision could not be read statically."""

    path: str
    line: int | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """The revisions of a tree, in file order; may hold duplicates, cycles and dangling parents."""

    revisions: tuple[Revision, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """How the checked-out tree differs from the base that it will be merged into."""

    base: str
    """The base as the user named it, such as ``origin/main``."""
    base_sha: str
    merge_base_sha: str
    base_graph: Graph
    """At the base as it is now."""
    fork_graph: Graph
    """At the merge base: what the working tree started from."""
    merged_graph: Graph
    """The working tree's version files merged into the base's: what will be there after the merge."""
    new: tuple[str, ...] = ()
    """Revisions that the working tree adds, parents first."""
    removed: tuple[str, ...] = ()
    edited: tuple[str, ...] = ()
    """Revisions of the merge base whose file differs (by bytes) in the working tree."""


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
class Frame:
    """A line of the project's Python."""

    path: str
    line: int
    function: str


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
    seconds: float = 0.0
    made_by: str = "migrations"
    """How the leg's start was made: ``migrations``, or ``create_all and stamp``, or ``init command``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hidden:
    """An object that env.py's ``include_object`` or ``include_name`` keeps out of autogenerate."""

    kind: str
    """``table``, ``column``, ``index``, ``unique_constraint`` or ``foreign_key_constraint``."""
    schema: str
    table: str
    name: str
    """Equal to ``table`` for a table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """The migration that Alembic's autogenerate writes for the drift."""

    path: str
    """Where it would go, relative to the repository's root."""
    content: str
    revision: str
    empty: bool
    """True when autogenerate saw nothing to do."""
    added: tuple[str, ...] = ()
    """Lines of ``content`` that autogenerate did not write."""
    hooks_failed: str | None = None
    """Why the project's post-write hooks did not run; None when they did, or there are none."""
    error: str | None = None
    """Why it could not be applied to a copy of the migrated database; None when it ran."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Models:
    """Where the models and the database are compared: two real schemas and what counts in them."""

    migrated: Schema
    modelled: Schema | None
    """None when ``create_all`` failed; see ``unbuilt``."""
    unbuilt: str | None = None
    left_out: tuple[str, ...] = ()
    """Indexes and constraints of the models that could not be built because their name is taken, with the reason."""
    tables: tuple[tuple[str, str], ...] = ()
    """(schema, name) of every table on the metadata, the schema resolved."""
    enums: tuple[tuple[str, str], ...] = ()
    """(schema, name) of every named type that the metadata creates: enums and domains."""
    sequences: tuple[tuple[str, str], ...] = ()
    """(schema, name) of every stand-alone sequence on the metadata."""
    views: tuple[tuple[str, str], ...] = ()
    """(schema, name) of metadata tables that are views in the migrated database."""
    schemas: tuple[str, ...] = ()
    """The schemas that count: the default one, those of the models, or all with ``include_schemas``."""
    default_schema: str = "public"
    hidden: tuple[Hidden, ...] = ()
    locations: dict[str, Frame] = field(default_factory=dict)
    """``schema.table`` and ``schema.table.column`` to the line of the model that declares it, where known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """Everything about the models against the migrated database."""

    head: Models
    base: Models | None = None
    """The same at the base commit, when it was needed and could be had."""
    base_missing: str | None = None
    """Why there is no ``base`` although one was named; None where it was not needed."""
    candidate: Candidate | None = None
    candidate_missing: str | None = None
    """Why autogenerate gave no file."""
    repaired: Schema | None = None
    """The migrated schema after the candidate ran on a copy of it."""
    autogenerate: tuple[str, ...] = ()
    """Autogenerate's own operations, rendered; the only source when ``head.modelled`` is None."""
    base_autogenerate: tuple[str, ...] | None = None
    """The same at the base commit, where that is the only source; None when it was not needed or could not be had."""


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
