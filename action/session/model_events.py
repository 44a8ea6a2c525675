"""What the probe answers about the models: what they describe, and the migration that autogenerate writes for them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass

from action.session.event_parts import FailingLines, HiddenObject, LiteralWords, TableMapped, UnimportedFile
from action.session.limits import MOST, STRICT, Below, Count, File, Files, Pairs, Text, Texts, Triples, Words


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class UnimportedFound:
    """Which files that may declare tables were imported, and which others declare some."""

    event: Literal["unimported"] = "unimported"
    loaded: Annotated[tuple[Below, ...], Field(max_length=MOST)]
    files: Annotated[tuple[UnimportedFile, ...], Field(max_length=MOST)]
    error: Words = None
    """Why they could not be searched."""


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class ModelsBuilt:
    """What the models describe, and whether the database could be made of it."""

    event: Literal["models"] = "models"
    unbuilt: Words
    """Why it could not."""
    left_out: Texts
    tables: Pairs
    enums: Pairs
    sequences: Pairs
    views: Pairs
    schemas: Texts
    default_schema: Text
    include_schemas: bool
    supplied: Triples
    fetched: Triples
    literals: Annotated[tuple[LiteralWords, ...], Field(max_length=MOST)]
    hidden: Annotated[tuple[HiddenObject, ...], Field(max_length=MOST)]
    mapped: Annotated[tuple[TableMapped, ...], Field(max_length=MOST)]
    """Every table; none where the mappers of the project's SQLAlchemy are not known."""


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class CandidateWritten:
    """The migration that autogenerate writes, and whether it could be applied."""

    event: Literal["candidate"] = "candidate"
    path: Text
    content: File
    revision: Text
    empty: bool
    error: Words
    locations: dict[Text, tuple[Below, Count, Text]]
    operations: Texts = ()
    hooks: Words = None
    """Why the project's post-write hooks did not run."""
    more: Files = ()
    """Path and content of the further files."""
    failing: FailingLines = ()
    """The statements that fail, where it could not be applied."""


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class MigrationApplied:
    """Whether a migration that was given as text could be applied."""

    event: Literal["applied"] = "applied"
    error: Words
    failing: FailingLines = ()
