"""What the probe answers to the request to load the project."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from action.session.events import EnvironmentFound, Event, FaultMet, ImportEnded, ObstacleMet, VersionsFound
from checks.recording.tree import Engine, Environment


@dataclass(slots=True)
class LoadAnswer:
    """What the probe sent while it loaded the project."""

    versions: VersionsFound | None = None
    environment: EnvironmentFound | None = None
    obstacle: ObstacleMet | None = None
    fault: FaultMet | None = None
    threads: int = 0

    def __call__(self, event: Event) -> None:
        """Take in one event."""
        match event:
            case VersionsFound():
                self.versions = event
            case EnvironmentFound():
                self.environment = event
            case ObstacleMet():
                self.obstacle = event
            case FaultMet():
                self.fault = self.fault or event
            case ImportEnded(threads=threads):
                self.threads = threads
            case _:
                pass


def environment_of(
    versions: VersionsFound, found: EnvironmentFound, notes: Sequence[str | None] = (), filled: str | None = None
) -> Environment:
    """Return what the probe found, as the recording holds it.

    ``notes`` say how it was run, and ``filled`` which variables come from the repository's examples.
    """
    return Environment(
        python=versions.python,
        python_version=versions.python_version,
        alembic=versions.alembic,
        sqlalchemy=versions.sqlalchemy,
        driver=found.driver,
        heads=found.heads,
        metadata_given=found.metadata_given,
        tables=found.tables,
        unseen=found.unseen,
        version_table=found.version_table,
        version_table_schema=found.version_table_schema,
        transaction_per_migration=found.transaction_per_migration,
        engines=tuple(
            Engine(
                name=engine.name,
                metadata_given=engine.metadata_given,
                tables=engine.tables,
                version_table=engine.version_table,
                version_table_schema=engine.version_table_schema,
            )
            for engine in found.engines
        ),
        folder_note=" ".join(filter(None, (*notes, found.way_in))) or None,
        settings_note=filled,
    )
