"""The literal table of what the probe can do with an imported project: a function for each request on a database."""

from __future__ import annotations

from typing import Any, Callable, Dict, Type

from . import candidate, migrate
from .loaded import LoadedProject
from .protocol import requests
from .protocol.requests import LegRequest

OPERATIONS: Dict[Type[LegRequest], Callable[[LoadedProject, Any], None]] = {
    requests.Upgrade: migrate.upgrade,
    requests.Downgrade: migrate.downgrade,
    requests.CreateSchema: migrate.create,
    requests.Initialize: migrate.initialize,
    requests.BuildModels: migrate.build_models,
    requests.WriteCandidate: candidate.write,
    requests.ApplyMigration: candidate.apply,
}


def perform(project: LoadedProject, request: LegRequest) -> None:
    """Do what one request asks, on its database."""
    project.point(request.database)
    OPERATIONS[type(request)](project, request)
