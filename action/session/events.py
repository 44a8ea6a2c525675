"""The types of the events that may come from the probe, each checked before anything is believed of it."""

from __future__ import annotations

from typing import Annotated, Any, Literal, NotRequired, TypeAlias

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, with_config
from typing_extensions import TypedDict

Event: TypeAlias = dict[str, Any]

_MOST = 1_000_000
"""Entries in one list: names of tables, say."""


def _printable(text: str) -> str:
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}")  # neither PostgreSQL nor a terminal takes it


def _said(text: str) -> str:
    return text.strip() or "It said nothing."


def _relative(path: str) -> str:
    if path.startswith("/") or ".." in path.split("/"):
        raise ValueError("not below the repository's root")
    return path


def _as_text(value: Any) -> Any:
    return value if value is None or isinstance(value, str) else str(value)


Text: TypeAlias = Annotated[str, AfterValidator(_printable)]
Words: TypeAlias = Annotated[Text | None, BeforeValidator(_as_text)]
"""What some exception says: a driver's may hold anything in place of a text."""
Below: TypeAlias = Annotated[Text, AfterValidator(_relative)]
Count: TypeAlias = Annotated[int, Field(ge=0, le=2**31 - 1)]
Seconds: TypeAlias = Annotated[float, Field(ge=0, le=1e9, allow_inf_nan=False)]
Texts: TypeAlias = Annotated[list[Text], Field(max_length=_MOST)]
Pairs: TypeAlias = Annotated[list[tuple[Text, Text]], Field(max_length=_MOST)]
_checked = with_config(ConfigDict(strict=True, extra="ignore"))


@_checked
class Place(TypedDict):
    """A line of the project's own Python."""

    path: Below
    line: Count
    function: Text


Frames: TypeAlias = Annotated[list[Place], Field(max_length=50)]


@_checked
class Versions(TypedDict):
    """What runs there."""

    event: Literal["versions"]
    drivers: Annotated[int, Field(ge=1, le=10)]
    python: Text
    python_version: Text
    alembic: Text
    sqlalchemy: Text


@_checked
class Environment(TypedDict):
    """What one run of env.py taught."""

    event: Literal["environment"]
    driver: Text
    heads: Texts
    metadata_given: bool
    tables: Count
    unseen: Annotated[list[tuple[Text, Count]], Field(max_length=_MOST)]
    version_table: Text
    version_table_schema: Text | None
    transaction_per_migration: bool


@_checked
class Obstacle(TypedDict):
    """Why the project could not be run; which further keys there are depends on the kind."""

    event: Literal["obstacle"]
    kind: Literal[
        "missing-module", "missing-settings", "load-failed", "exited", "never-ran", "other-database", "escaped", "graph"
    ]  # fmt: skip
    text: NotRequired[Words]
    error: NotRequired[Words]
    traceback: NotRequired[Words]
    path: NotRequired[Below | None]
    line: NotRequired[Count | None]
    module: NotRequired[Text]
    settings: NotRequired[dict[Text, Words]]
    maybe: NotRequired[Texts]
    code: NotRequired[Words]
    denied: NotRequired[Text | None]
    configured: NotRequired[bool]
    offline: NotRequired[bool]
    driver_mismatch: NotRequired[bool]


@_checked
class Loaded(TypedDict):
    """The import is over."""

    event: Literal["loaded"]
    threads: Count


@_checked
class Started(TypedDict):
    """A leg runs in this process."""

    event: Literal["started"]
    pid: Annotated[int, Field(ge=2, le=2**22)]


@_checked
class Step(TypedDict):
    """A revision starts."""

    event: Literal["step"]
    revision: Text


@_checked
class Timed(TypedDict):
    """The statement, or the revision, under way is done."""

    event: Literal["statement-done", "step-done"]
    seconds: Seconds


@_checked
class Statement(TypedDict):
    """A statement is sent to the server."""

    event: Literal["statement"]
    sql: Text
    frames: Frames
    transaction: Count | None


@_checked
class Commit(TypedDict):
    """A transaction is committed."""

    event: Literal["commit"]
    transaction: Count


@_checked
class CreateAll(TypedDict):
    """A migration calls ``create_all``."""

    event: Literal["create-all"]
    frames: Frames
    tables: Count


@_checked
class Failed(TypedDict):
    """An exception ended the leg."""

    event: Literal["failed"]
    revision: Text | None
    frames: Frames
    traceback: Words
    error: Words
    message: Words
    sqlstate: Words
    detail: NotRequired[Words]
    hint: NotRequired[Words]


@_checked
class Crashed(TypedDict):
    """The probe itself broke off."""

    event: Literal["crashed"]
    traceback: Annotated[Text, AfterValidator(_said)]


@_checked
class Result(TypedDict):
    """What was asked for; the keys depend on the request."""

    event: Literal["result"]


@_checked
class Ended(TypedDict):
    """The leg's process has ended, with this status of waitpid()."""

    event: Literal["ended"]
    status: Annotated[int, Field(ge=0, le=0xFFFF)]


@_checked
class Pending(Result):
    """The revisions that are still to be applied."""

    pending: Texts
    error: NotRequired[Words]


@_checked
class Hidden(TypedDict):
    """What a filter of env.py hides."""

    kind: Text
    schema: Text
    table: Text
    name: Text


@_checked
class Models(Result):
    """What the models describe."""

    unbuilt: Words
    left_out: Texts
    tables: Pairs
    enums: Pairs
    sequences: Pairs
    views: Pairs
    schemas: Texts
    default_schema: Text
    include_schemas: bool
    hidden: Annotated[list[Hidden], Field(max_length=_MOST)]


@_checked
class Candidate(Result):
    """The migration that autogenerate writes."""

    path: Text
    content: Text
    revision: Text
    empty: bool
    error: Words
    locations: dict[Text, tuple[Below, Count, Text]]
    operations: NotRequired[Texts]
    hooks: NotRequired[Words]


@_checked
class Applied(Result):
    """Whether a migration that was given as text runs."""

    error: Words
