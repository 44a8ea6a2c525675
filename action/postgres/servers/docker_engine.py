"""The Docker engine: how it is reached, and how an image gets there."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from urllib.parse import urlsplit

import docker
from docker.errors import APIError, DockerException, ImageNotFound
from docker.models.images import Image
from docker.utils import parse_repository_tag
from requests.exceptions import RequestException

from action.errors import PostgresError
from action.repository.regular import reason
from action.supervisor.signals import STOP

_DEFAULT = "unix:///var/run/docker.sock"
_ANSWERS_WITHIN = 60
"""Seconds, for each answer of the engine and for each piece of a long one."""
_PULLED_WITHIN = 900.0
"""Seconds; an image with PostGIS has 250 MB."""
WITHOUT = "Or remove `postgres-image`, and set `database-url` to a server that the job starts."


class DockerError(PostgresError):
    """The engine, or the image, gave no server."""


@contextmanager
def engine(image: str) -> Iterator[docker.DockerClient]:
    """Connect to the engine that DOCKER_HOST names, or to the machine's own; raises DockerError."""
    place = os.environ.get("DOCKER_HOST") or _DEFAULT
    refused = _refusal(place)
    if refused is None:
        try:
            client = docker.from_env(timeout=_ANSWERS_WITHIN)
        except (DockerException, RequestException) as error:
            refused = explained(error)
        else:
            with closing(client):
                yield client
            return
    raise DockerError(
        f"The image {image} could not be started: no Docker engine was reached.",
        why=f"{place}: {refused}.",
        remedy=f"Start Docker, or mount its socket into the container of this job. {WITHOUT}",
    )


def _refusal(place: str) -> str | None:
    """Return why the socket of the engine cannot be used; the SDK would leave it open and wrap the reason."""
    url = urlsplit(place)
    if url.scheme != "unix":
        return None
    with socket.socket(socket.AF_UNIX) as looking:
        looking.settimeout(_ANSWERS_WITHIN)
        try:
            looking.connect(url.path or f"/{url.netloc}")
        except OSError as error:
            return reason(error)
    return None


def remote_host() -> str | None:
    """Return the machine of an engine that is reached over the network; None for the engine of this one."""
    url = urlsplit(os.environ.get("DOCKER_HOST") or _DEFAULT)
    return url.hostname if url.scheme in ("tcp", "http", "https", "ssh") else None


def image_of(client: docker.DockerClient, name: str) -> Image:
    """Return an image, pulled where the engine does not have it; raises DockerError."""
    try:
        return client.images.get(name)
    except ImageNotFound:
        _pull(client, name)
    return client.images.get(name)


def _pull(client: docker.DockerClient, name: str) -> None:
    repository, tag = parse_repository_tag(name)
    deadline = time.monotonic() + _PULLED_WITHIN
    try:
        for line in client.api.pull(repository, tag=tag or "latest", stream=True, decode=True):
            if "error" in line:
                raise _not_pulled(name, str(line["error"]))
            if STOP.is_asked or time.monotonic() > deadline:
                raise _not_pulled(name, f"it took more than {_PULLED_WITHIN:.0f} seconds")
    except (APIError, RequestException) as error:
        raise _not_pulled(name, explained(error)) from None


def _not_pulled(name: str, why: str) -> DockerError:
    return DockerError(
        f"The image {name} could not be pulled.",
        why=f"Docker says: {why.rstrip('.')}.",
        remedy="Check the name and the tag. For a private image, run `docker login` and `docker pull` in an earlier "
        f"step of the job. {WITHOUT}",
    )


def explained(error: Exception) -> str:
    """Return what the engine says of an error, in one line."""
    said = error.explanation if isinstance(error, APIError) and error.explanation else str(error)
    return " ".join(str(said).split())
