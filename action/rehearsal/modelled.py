"""The database that was made of the models, and what was read of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from action.postgres.databases import Databases
from action.postgres.sameness import compare_spellings
from action.probe.protocol.companions import database_of
from action.session.event_parts import TableMapped
from checks.comparison.spellings import undecided_spellings
from checks.recording.expressions import Compared, Spelling
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
    mapped: tuple[TableMapped, ...] = ()
    """Every table with the classes that map it; none where the project's SQLAlchemy does not tell."""
    _answers: dict[Spelling, Compared] = field(default_factory=dict)
    """What the server made of each pair that it was asked about, for every schema that the models are compared with."""

    def with_spellings(self, migrated: Schema) -> Modelled:
        """Add what the server makes of the expressions that have another text in a migrated schema."""
        undecided = undecided_spellings(replace(self.models, migrated=migrated))
        new = [spelling for spelling in undecided if spelling not in self._answers]
        if new:
            with self.databases.connect(database_of(self.database, self.engine)) as connection:
                self._answers.update({found.spelling: found for found in compare_spellings(connection, new)})
        spellings = (*self.models.spellings, *(self._answers[spelling] for spelling in undecided))
        return replace(self, models=replace(self.models, spellings=spellings))
