"""Chooses the way in which a run gets its server: a table of all ways, and the one for the settings."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager

from action.postgres.servers import embedded, external
from action.postgres.servers.interface import PostgresServer, ServerWanted, Way
from action.settings import Settings

WAYS: Mapping[str, Way] = {"external": external, "embedded": embedded}
"""Each way by the ``kind`` of its servers. To add one, write a module with ``provide`` and add a line here."""


def chosen_server(settings: Settings) -> AbstractContextManager[PostgresServer]:
    """Return a context manager for the server that the settings ask for: entering it starts it, or logs in to it.

    Entering raises PostgresError.
    """
    return WAYS[way_of(settings)].provide(wanted_by(settings))


def way_of(settings: Settings) -> str:
    """Return the name of the way that the settings choose."""
    return "external" if settings.database_url is not None else "embedded"


def may_be_several(settings: Settings) -> bool:
    """Return whether a run may start several servers: cheap ones, that nobody wants to look at afterwards."""
    return way_of(settings) == "embedded" and not settings.keep


def wanted_by(settings: Settings) -> ServerWanted:
    """Return the server that the settings describe."""
    url, version = settings.database_url, settings.postgres_version
    return ServerWanted(
        url=url.get_secret_value() if url is not None else None,
        major=int(version.split(".")[0]) if version else None,
        keep=settings.keep,
        superuser=settings.superuser,
    )
