"""The database that was made of the models, and what was read of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from action.postgres.databases import Databases
from action.postgres.sameness import compare_spellings
from action.probe.protocol.companions import database_of
from checks.comparison.spellings import undecided_spellings
from checks.recording.models import Models
from checks.recording.schema import Schema


@dataclass(frozen=True, slots=True)
class Modelled:
    """A database of the models, with what is compared of it."""

    databases: Databases
    database: str
    engine: int
    """The number of the one that is meant, where env.py migrates several."""
    models: Models

    def with_spellings(self, migrated: Schema) -> Modelled:
        """Add what the server makes of the expressions that have another text in a migrated schema."""
        undecided = undecided_spellings(replace(self.models, migrated=migrated))
        if not undecided:
            return self
        with self.databases.connect(database_of(self.database, self.engine)) as connection:
            spellings = (*self.models.spellings, *compare_spellings(connection, undecided))
        return replace(self, models=replace(self.models, spellings=spellings))
