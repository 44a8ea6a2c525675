"""The literal table of what the probe can do with an imported project: a function for each request on a database."""

from __future__ import annotations

from typing import Any, Callable, Dict, Type

from . import candidate, given_files, migrate
from .loaded import LoadedProject
from .protocol import requests
from .protocol.requests import FindUnimported, LegRequest
from .unimported.sorting import find_unimported

OPERATIONS: Dict[Type[LegRequest], Callable[[LoadedProject, Any], None]] = {
    requests.Upgrade: migrate.upgrade,
    requests.Downgrade: migrate.downgrade,
    requests.CreateSchema: migrate.create,
    requests.Initialize: migrate.initialize,
    requests.BuildModels: migrate.build_models,
    requests.WriteCandidate: candidate.write,
    requests.ApplyMigration: given_files.apply,
}


def perform(project: LoadedProject, request: LegRequest) -> None:
    """Do what one request asks, on its database."""
    project.point(request.database, request.server)
    OPERATIONS[type(request)](project, request)


def search_unimported(project: LoadedProject, request: FindUnimported) -> None:
    """Send which tables files declare beside those of the metadata."""
    try:
        found = find_unimported(request.files, project.places.root, project.env_py, project.metadatas)
    except Exception as failure:
        found = {"loaded": [], "files": [], "error": "%s: %s" % (type(failure).__name__, failure)}
    project.wire.unimported(found)
