"""Two spellings of an expression, and what the server made of them."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import NamedTuple


class ExpressionKind(enum.StrEnum):
    """What the expression belongs to; ``definition``s are more than one expression."""

    DEFAULT = "default"
    GENERATED = "generated"
    CHECK = "check"
    INDEX = "index"
    """The definition of an index, from USING to the end."""
    EXCLUSION = "exclusion"
    """The definition of an exclusion constraint."""


class Equivalence(enum.StrEnum):
    """Whether two spellings mean the same."""

    SAME = "same"
    """The planner makes one expression of both."""
    UNPROVEN = "unproven"
    """The planner keeps two expressions, and no sample of values tells them apart."""
    DIFFERENT = "different"


class Spelling(NamedTuple):
    """An expression in the migrated database and its counterpart in the models, as the catalogs have them."""

    kind: ExpressionKind
    schema: str
    table: str
    column: str
    """Empty but for ``DEFAULT`` and ``GENERATED``."""
    found: str
    wanted: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What the server made of two spellings."""

    spelling: Spelling
    sameness: Equivalence
    witness: str | None = None
    """Values of columns that tell the two apart, and how; None where none were needed or found."""
