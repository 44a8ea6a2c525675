"""The models against the migrated database, as two schemas read from a server, and what autogenerate makes of them."""

from __future__ import annotations

from dataclasses import dataclass, field

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
