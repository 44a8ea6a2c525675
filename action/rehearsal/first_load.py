"""Import the project where env.py, or a module that it imports, needs tables that an empty database does not have."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

from action.postgres.databases import Databases
from action.postgres.schema_error import SchemaFileError
from action.postgres.schema_file import read_schema_file
from action.postgres.schema_loading import load_schema
from action.project.folders import relative
from action.rehearsal.base_sentences import init_ended, refused_file
from action.rehearsal.interruptions import load, not_interrupted
from action.session.obstacle_sentences import printed
from action.session.session import Session
from checks.recording.obstacles import Obstacle, ObstacleKind

HELPED = {ObstacleKind.LOAD_FAILED, ObstacleKind.EXITED, ObstacleKind.NEVER_RAN, ObstacleKind.DIED}
"""What an env.py that misses its tables can end in."""


@dataclass(frozen=True, slots=True)
class SchemaFile:
    """The file of the setting ``schema``."""

    path: Path
    root: Path
    """The repository's root, which the file has to be below."""

    @property
    def name(self) -> str:
        """Return its path relative to the repository, where it is in it."""
        return relative(self.path, self.root)

    def load(self, databases: Databases, database: str, timeout: float) -> Obstacle | None:
        """Load it into a database; return why it cannot be used."""
        try:
            load_schema(databases, database, read_schema_file(self.path, self.root), timeout)
        except SchemaFileError as error:
            return refused_file(self.name, error)
        return None


MadeByBase: TypeAlias = Callable[[], tuple[str, Obstacle | None] | None]
"""Returns a database that the base's code created with the init command, or why not; None where no base is known."""


@dataclass(frozen=True, slots=True)
class FirstLoad:
    """The settings that say how to create a database on which the project loads."""

    databases: Databases
    init: str | None = None
    schema: SchemaFile | None = None

    def load(self, session: Session, purpose: str) -> Obstacle | None:
        """Import the project, if need be on a database that the settings create; return what kept it from that.

        ``purpose`` goes into the names of the databases.
        """
        obstacle = self.on_empty(session, purpose)
        return obstacle if obstacle is None else self.on_created(session, purpose, obstacle)

    def on_empty(self, session: Session, purpose: str) -> Obstacle | None:
        """Import the project on an empty database; return what kept it from that."""
        return load(session, self.databases, purpose)

    def on_created(
        self, session: Session, purpose: str, first: Obstacle, made_by_base: MadeByBase = lambda: None
    ) -> Obstacle | None:
        """Import the project, which ``first`` kept from loading, on a database that the settings create."""
        if first.kind not in HELPED or not (self.init or self.schema):
            return first
        if self.schema is not None:
            database = self.databases.create(f"{purpose}_schema")
            refused = self.schema.load(self.databases, database, session.run.timeout)
            return refused or self._again(session, database)
        made = made_by_base()
        if made is not None:
            database, obstacle = made
            return obstacle or self._again(session, self.databases.create(f"{purpose}_init", template=database))
        return self._after_init(session, purpose, first)

    def _again(self, session: Session, database: str, init: str | None = None) -> Obstacle | None:
        return not_interrupted(self.databases, session.load_again(database, init))

    def _after_init(self, session: Session, purpose: str, first: Obstacle) -> Obstacle | None:
        obstacle = self._again(session, self.databases.create(f"{purpose}_init"), self.init)
        if obstacle is None:
            return None
        if obstacle.kind is ObstacleKind.TIMEOUT:
            how = f"did not finish within {session.run.timeout:g} seconds"
            return init_ended(how, printed(session.output))
        if obstacle.kind is ObstacleKind.INIT_FAILED:
            return with_reason(obstacle, first)
        return obstacle


def with_reason(obstacle: Obstacle, first: Obstacle) -> Obstacle:
    """Return the obstacle of an init command, with why it was run: env.py does not load on an empty database."""
    why = f"{obstacle.why}\nIt ran because env.py does not load on an empty database: {first.message}"
    return replace(obstacle, why=why, path=first.path, line=first.line, details=first.details)
