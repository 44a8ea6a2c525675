"""A case of the corpora: models, and the SQL of a migrated database; and the models that most cases start from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Column, Integer, MetaData, Numeric, String, Table

Expected = tuple[str, str, str]
"""Weight, object and message of a change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Models, and how the migrated database came to be."""

    id: str
    build: Callable[[MetaData], Any]
    """Puts tables on the metadata; may return other metadatas to use instead."""
    sql: str = ""
    """What the migrations did, after ``create_all`` where ``created``."""
    created: bool = True
    changes: tuple[Expected, ...] = ()
    since: int = 12
    """The PostgreSQL major that the case needs."""

    _built: list[MetaData] = field(default_factory=list, repr=False, compare=False)

    def metadatas(self) -> Sequence[MetaData]:
        """Build the models, once: constraints and indexes belong to one table for good."""
        if not self._built:
            metadata = MetaData()
            made = self.build(metadata)
            self._built.extend(made if isinstance(made, list) else [metadata])
        return self._built


def book(*more: Any, name: str = "book", **options: Any) -> Callable[[MetaData], Any]:
    """Return a builder of a small table with more columns, constraints or indexes."""

    def build(metadata: MetaData) -> Table:
        return Table(
            name,
            metadata,
            Column("id", Integer, primary_key=True),
            Column("title", String(50), nullable=False),
            Column("price", Numeric(10, 2)),
            *more,
            **options,
        )

    return build
