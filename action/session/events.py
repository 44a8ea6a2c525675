"""Every event that may come from the probe, as a type that is checked before anything of it is believed.

The probe's end is action/probe/protocol/wire.py, with a method for each event; docs/protocol.md lists them.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import AfterValidator, Field
from pydantic.dataclasses import dataclass

from action.probe.protocol.fault_kinds import FaultKind
from action.session.event_parts import (
    EngineFound,
    Lines,
    RevisionLoaded,
    WantedVariable,
)
from action.session.limits import MOST, STRICT, Below, Count, Pairs, Seconds, Text, Texts, Words, not_empty
from action.session.model_events import CandidateWritten, MigrationApplied, ModelsBuilt, UnimportedFound


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class VersionsFound:
    """What runs there, and how many drivers could be tried."""

    event: Literal["versions"] = "versions"
    drivers: Annotated[int, Field(ge=1, le=10)]
    python: Text
    """Path of the interpreter."""
    python_version: Text
    alembic: Text
    sqlalchemy: Text


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class EnvironmentFound:
    """What one run of env.py showed."""

    event: Literal["environment"] = "environment"
    driver: Text
    heads: Texts
    revisions: Annotated[tuple[RevisionLoaded, ...], Field(max_length=MOST)]
    version_locations: Texts
    """Absolute."""
    recursive: bool
    metadata_given: bool
    tables: Count
    unseen: Annotated[tuple[tuple[Text, Count], ...], Field(max_length=MOST)]
    version_table: Text
    version_table_schema: Text | None
    transaction_per_migration: bool
    engines: Annotated[tuple[EngineFound, ...], Field(max_length=100)] = ()
    """Where it migrates several databases."""
    way_in: Text = ""
    """How it was run, in a sentence; empty where that was as ``alembic upgrade`` does."""
    strays: Texts = ()
    """Modules of the project that come from another checkout, or from an installed copy that differs from this one."""


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class UsesFound:
    """Which files of the project use which: imported, read, or sharing a MetaData, which has a name of its own."""

    event: Literal["uses"] = "uses"
    files: dict[Text, Texts]


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class ObstacleMet:
    """Why the project could not be run; which fields are set beside ``kind`` depends on it."""

    event: Literal["obstacle"] = "obstacle"
    kind: Literal[
        "missing-module", "missing-settings", "load-failed", "exited", "never-ran", "other-database", "escaped",
        "graph", "init-failed", "same-database", "missing-x-args", "own-config", "no-config", "other-scripts",
        "command-ended",
    ]  # fmt: skip
    text: Words = None
    error: Words = None
    traceback: Words = None
    path: Below | None = None
    line: Count | None = None
    module: Text = ""
    also: Texts = ()
    """Further modules that are missing."""
    settings: dict[Text, Words] = Field(default_factory=dict)
    """Variables, each with what is wrong with its value; None for one that is not set."""
    maybe: Texts = ()
    """Names in the message that may be variables which are not set."""
    code: Words = None
    denied: Text | None = None
    """A file that the project's user may not use."""
    decides: dict[Text, Text] = Field(default_factory=dict)
    """Variables that decide which database is used, each with the value to give; or Alembic's ``sqlalchemy.url``."""
    configured: bool = False
    offline: bool = False
    driver_mismatch: bool = False
    x_args: Texts = ()
    """Of ``alembic -x``, the names that env.py looks for."""
    note: Text = ""
    """Why no application was found that env.py could run in."""
    command: Text = ""
    """The project's own command, where that was run."""


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class MissingFound:
    """Which variables the project lacks that failed to load."""

    event: Literal["missing"] = "missing"
    settings: Annotated[tuple[WantedVariable, ...], Field(max_length=1000)]
    loads: bool
    """Whether it loads with the values that were tried."""


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class ImportEnded:
    """The import is over, whether or not it worked."""

    event: Literal["loaded"] = "loaded"
    threads: Count
    """How many it left running beside the main one."""


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class LegStarted:
    """A leg runs in this process."""

    event: Literal["started"] = "started"
    pid: Annotated[int, Field(ge=2, le=2**22)]


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class StepStarted:
    """A revision starts."""

    event: Literal["step"] = "step"
    revision: Text


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class StepDone:
    """The revision under way is done."""

    event: Literal["step-done"] = "step-done"
    seconds: Seconds
    lines: Annotated[tuple[Count, ...], Field(max_length=MOST)] = ()
    """Those of its file that ran; only of a revision that is watched closely."""


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class StatementSent:
    """A statement goes to the server now."""

    event: Literal["statement"] = "statement"
    sql: Text
    frames: Lines
    transaction: Count | None
    """None in autocommit."""
    values: Pairs = ()
    """Names of its parameters with digests of their values; only of a revision that is watched closely."""
    shown: tuple[Texts, Count, Count] | None = None
    """The SQL that can be copied, how many further rows it has, and how many placeholders are left in it."""


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class StatementDone:
    """The statement under way came back."""

    event: Literal["statement-done"] = "statement-done"
    seconds: Seconds


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class StatementFailed:
    """The server refused the statement under way; the migration may catch the error."""

    event: Literal["statement-failed"] = "statement-failed"
    error: Words
    message: Words
    sqlstate: Words
    detail: Words = None
    hint: Words = None


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class TransactionCommitted:
    """A transaction was committed."""

    event: Literal["commit"] = "commit"
    transaction: Count


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class VersionStamped:
    """The version table names the revision under way."""

    event: Literal["stamped"] = "stamped"
    transaction: Count | None
    """None in autocommit."""


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class LegStopped:
    """The leg's process ends now, after the commit that the request names."""

    event: Literal["stopped"] = "stopped"


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class CreateAllCalled:
    """A migration calls ``create_all``."""

    event: Literal["create-all"] = "create-all"
    frames: Lines
    tables: Count
    """How many of them are the models' own."""


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class LegFailed:
    """An exception ended the leg."""

    event: Literal["failed"] = "failed"
    revision: Text | None
    frames: Lines
    traceback: Words
    error: Words
    message: Words
    sqlstate: Words
    detail: Words = None
    hint: Words = None
    variables: Texts = ()
    """Those that the exception says are not set."""
    written: Texts = ()
    """Files that the revision has opened to be written, and that are there."""


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class FaultMet:
    """The server or the machine failed, which is not the project's doing; what came of it follows."""

    event: Literal["fault"] = "fault"
    kind: FaultKind
    text: Text


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class ProbeCrashed:
    """The probe itself failed."""

    event: Literal["crashed"] = "crashed"
    traceback: Annotated[Text, AfterValidator(not_empty)]


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class LegDone:
    """The leg did what was asked."""

    event: Literal["done"] = "done"


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class LegEnded:
    """The leg's process has ended, with this status of waitpid()."""

    event: Literal["ended"] = "ended"
    status: Annotated[int, Field(ge=0, le=0xFFFF)]


Answer: TypeAlias = (
    EnvironmentFound | MissingFound | UsesFound | LegDone | UnimportedFound | ModelsBuilt | CandidateWritten
    | MigrationApplied
)  # fmt: skip
"""What a request is for; ``ObstacleMet``, ``LegFailed`` or ``ProbeCrashed`` comes in its place."""
Event: TypeAlias = (
    Answer | VersionsFound | ObstacleMet | ImportEnded | LegStarted | StepStarted | StepDone | StatementSent
    | StatementDone | StatementFailed | TransactionCommitted | VersionStamped | LegStopped | CreateAllCalled | FaultMet
    | LegFailed | ProbeCrashed | LegEnded
)  # fmt: skip
