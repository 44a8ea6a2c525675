"""Chooses the servers of a run: a table of the ways to get one, and those for the settings."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager

from action.postgres.servers import docker_image, embedded, external
from action.postgres.servers.interface import PostgresServer, ServerWanted, Way
from action.settings import Settings

WAYS: Mapping[str, Way] = {"external": external, "embedded": embedded, "docker_image": docker_image}
"""Each way by the ``kind`` of its servers. To add one, write a module with ``provide`` and add a line here."""


def provided(wanted: ServerWanted) -> AbstractContextManager[PostgresServer]:
    """Return a context manager for a server: entering it starts it, or logs in to it.

    Entering raises PostgresError.
    """
    return WAYS[way_of(wanted)].provide(wanted)


def way_of(wanted: ServerWanted) -> str:
    """Return the name of the way to a server."""
    if wanted.url is not None:
        return "external"
    return "docker_image" if wanted.image is not None else "embedded"


def may_be_several(settings: Settings) -> bool:
    """Return whether a run may start several of each: cheap ones, that nobody wants to look at afterwards."""
    return not settings.keep and [way_of(wanted) for wanted in wanted_by(settings)] == ["embedded"]


def wanted_by(settings: Settings) -> tuple[ServerWanted, ...]:
    """Return the servers that the settings describe, at least one: the first is the report's own."""
    if settings.database_url is not None:
        return (ServerWanted(url=settings.database_url.get_secret_value()),)
    keep, superuser = settings.keep, settings.superuser
    majors = dict.fromkeys(int(version.split(".")[0]) for version in settings.postgres)
    installed = [ServerWanted(major=major, keep=keep, superuser=superuser) for major in majors]
    images = [ServerWanted(image=image, keep=keep, superuser=superuser) for image in settings.postgres_image]
    return (*installed, *images) or (ServerWanted(keep=keep, superuser=superuser),)
