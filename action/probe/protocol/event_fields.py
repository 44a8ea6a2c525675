"""The fields of the events that have many: what the probe fills in, typed as action/session/events.py checks it."""

from __future__ import annotations

from typing import Dict, List, Optional, Tuple, TypedDict

OF_THE_PACKAGES = "while Alembic and SQLAlchemy were imported"
"""The ``note`` of a failure of these packages, before anything of the project ran."""
OUTSIDE_OF_APPLICATION = "needs the context of an application"
"""The text of an obstacle, where that is what env.py needs."""


class FrameFields(TypedDict):
    """A line of the project's own Python."""

    path: str
    """Relative to the repository's root."""
    line: int
    function: str


class RevisionFields(TypedDict):
    """A revision as Alembic has it."""

    revision: str
    path: str
    """Relative to the repository's root; absolute when it lies outside."""
    down_revisions: List[str]
    depends_on: List[str]
    branch_labels: List[str]


class GraphFields(TypedDict):
    """The revision graph as Alembic has it, and the folders that it comes from."""

    heads: List[str]
    revisions: List[RevisionFields]
    version_locations: List[str]
    """Absolute."""
    recursive: bool


class GivenFields(TypedDict):
    """What env.py gives to Alembic of the models of a database."""

    metadata_given: bool
    tables: int


class EngineFields(GivenFields):
    """One of several databases that env.py migrates."""

    number: int
    key: str
    """What tells it from the others: its host, port and name."""
    name: str
    """As env.py calls it."""
    version_table: str
    version_table_schema: Optional[str]


class FactsFields(GraphFields):
    """What a MigrationContext shows of the tree."""

    driver: str
    unseen: List[Tuple[str, int]]
    version_table: str
    version_table_schema: Optional[str]
    transaction_per_migration: bool
    engines: List[EngineFields]
    """Where it migrates several databases."""


class EnvironmentFields(FactsFields, GivenFields):
    """What one run of env.py showed."""

    way_in: str
    """How it was run, in a sentence; empty where that was as ``alembic upgrade`` does."""


class ObstacleFields(TypedDict, total=False):
    """Why the project could not be run; which fields there are beside ``kind`` depends on it."""

    kind: str
    text: str
    error: str
    traceback: str
    path: Optional[str]
    line: Optional[int]
    module: str
    also: List[str]
    """Further modules that are missing."""
    settings: Dict[str, Optional[str]]
    maybe: List[str]
    code: object
    """Of ``SystemExit``, which may hold anything."""
    denied: Optional[str]
    decides: Dict[str, str]
    """Variables that decide which database is used, each with the value to give."""
    configured: bool
    offline: bool
    driver_mismatch: bool
    x_args: List[str]
    """Of ``-x``, the names that env.py looks for."""
    note: str
    """Why no application was found that env.py could run in; or when another failure came, in words."""
    command: str
    """The project's own command, where that was run."""


class WantedFields(TypedDict):
    """A variable that the project needs."""

    name: str
    value: Optional[str]
    """One that is accepted, with ``{url}`` and its like still in it; None where none is known."""
    refused: Optional[str]
    """What is wrong with the value that it has; None where it is not set."""


class ErrorFields(TypedDict):
    """What the server, or the migration's own Python, said."""

    error: str
    message: object
    """A text, but for drivers that put something else there."""
    sqlstate: Optional[str]
    detail: object
    hint: object


class FaultFields(TypedDict):
    """What the server or the machine failed with."""

    kind: str
    """One of ``fault_kinds``."""
    text: str
    """What the driver or the system said."""


class HiddenFields(TypedDict):
    """An object that a filter of env.py hides."""

    kind: str
    schema: str
    table: str
    name: str
    extra: bool
    """Whether the filter was asked about an object of the database that the models lack."""


class DescriptionFields(TypedDict):
    """What is on the metadata, as (schema, name) pairs."""

    tables: List[Tuple[str, str]]
    enums: List[Tuple[str, str]]
    sequences: List[Tuple[str, str]]
    views: List[Tuple[str, str]]
    schemas: List[str]


class LiteralFields(TypedDict):
    """A default that a model gives as a string."""

    schema: str
    table: str
    column: str
    words: str
    refused: bool
    """Whether PostgreSQL refuses it for the type of the column."""


class ColumnFactsFields(TypedDict):
    """What only the models say of their columns, each a (schema, table, column)."""

    supplied: List[Tuple[str, str, str]]
    """With a default in Python."""
    fetched: List[Tuple[str, str, str]]
    """With ``FetchedValue``."""
    literals: List[LiteralFields]


class ColumnUseFields(TypedDict):
    """What maps a column of a table, or names it otherwise."""

    column: str
    owner: str
    """A class; empty where no class maps the table, so that its ``Table`` does."""
    attribute: str
    """Empty where the class names the column without mapping it."""
    statements: List[str]
    """Which statements of the class name the column though the code does not ask for it: ``SELECT``, ``INSERT``,
    ``UPDATE``, and ``RETURNING`` for the one of an INSERT."""


class MappedTableFields(TypedDict):
    """A table of the metadata, by the classes that map it."""

    schema: str
    table: str
    classes: List[str]
    uses: List[ColumnUseFields]


class ModelsFields(DescriptionFields, ColumnFactsFields):
    """What the models describe, and whether a database could be made of it."""

    mapped: List[MappedTableFields]
    """Every table; none where the mappers of this SQLAlchemy are not known."""
    unbuilt: Optional[object]
    left_out: List[str]
    default_schema: str
    include_schemas: bool
    hidden: List[HiddenFields]


class UnimportedFileFields(TypedDict):
    """A file that nobody imported, with the tables that it declares beside those of the metadata."""

    path: str
    """Relative to the repository's root."""
    line: int
    """Of the first of the tables."""
    module: str
    """The name by which env.py can import it."""
    tables: List[str]


class UnimportedFields(TypedDict):
    """Which files that may declare tables were imported, and which others do declare some."""

    loaded: List[str]
    files: List[UnimportedFileFields]
    error: Optional[object]
    """Why they could not be searched."""


class FailingFields(TypedDict):
    """A statement of ``upgrade()`` that fails where all others run."""

    first: int
    """Its first line."""
    last: int
    error: str


class CandidateFields(TypedDict):
    """The migration that autogenerate writes."""

    path: str
    content: str
    revision: str
    empty: bool
    error: Optional[object]
    locations: Dict[str, Tuple[str, int, str]]
    """``schema.table`` and ``schema.table.column`` to path, line and name of the class or table."""
    operations: List[str]
    hooks: Optional[object]
    more: List[Tuple[str, str]]
    """Path and content of the further files, where a hook of env.py splits the migration."""
    failing: List[FailingFields]
    """Where it could not be applied."""
