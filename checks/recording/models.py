"""The models against the migrated database, as two schemas read from a server, and what autogenerate makes of them."""

from __future__ import annotations

from dataclasses import dataclass, field

from checks.recording.absent import Absent
from checks.recording.places import Frame
from checks.recording.schema import Schema


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
    repaired: Schema | Absent
    """The migrated schema after it ran on a copy of that database; absent where it could not be applied."""
    added: tuple[str, ...] = ()
    """Lines of ``content`` that autogenerate did not write."""
    hooks_failed: str | None = None
    """Why the project's post-write hooks did not run; None when they did, or there are none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Models:
    """Where the models and the database are compared: two real schemas and what counts in them."""

    migrated: Schema
    modelled: Schema | Absent
    """Absent where ``create_all`` failed."""
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
    base: Models | Absent | None = None
    """The same at the base commit; None where it was not needed."""
    candidate: Candidate | Absent | None = None
    """Absent where autogenerate gave no file; None where nothing differs."""
    autogenerate: tuple[str, ...] = ()
    """Autogenerate's own operations, rendered; the only source when ``head.modelled`` is absent."""
    base_autogenerate: tuple[str, ...] | None = None
    """The same at the base commit, where that is the only source; None when it was not needed or could not be had."""
