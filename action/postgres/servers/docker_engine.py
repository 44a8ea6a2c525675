"""The Docker engine: how it is reached, and how an image gets there."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from threading import Thread
from urllib.parse import urlsplit

import docker
from docker.errors import APIError, DockerException, ImageNotFound
from docker.models.images import Image
from docker.utils import parse_repository_tag
from requests.exceptions import RequestException
from urllib3.exceptions import HTTPError

from action.errors import PostgresError
from action.postgres.servers.interface import ServerWanted
from action.repository.regular import reason
from action.supervisor.signals import STOP

_DEFAULT = "unix:///var/run/docker.sock"
_ANSWERS_WITHIN = 60
"""Seconds, for each answer of the engine and for each piece of a long one."""
_LOOK = 0.1
"""Seconds."""
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


def image_of(client: docker.DockerClient, wanted: ServerWanted) -> Image:
    """Return an image, pulled where the engine does not have it; raises DockerError."""
    try:
        return client.images.get(wanted.name)
    except ImageNotFound:
        _pull(client, wanted)
    return client.images.get(wanted.name)


def _pull(client: docker.DockerClient, wanted: ServerWanted) -> None:
    """Pull in a thread of its own, which nobody waits for where the run ends: the engine is silent for long."""
    pulling = _Pull(client, wanted.name)
    pulling.start()
    deadline = time.monotonic() + _PULLED_WITHIN
    while pulling.is_alive():
        pulling.join(_LOOK)
        if STOP.is_asked or wanted.unwanted.is_set() or time.monotonic() > deadline:
            raise _not_pulled(wanted.name, f"it took more than {_PULLED_WITHIN:.0f} seconds")
    if pulling.error is not None:
        raise _not_pulled(wanted.name, pulling.error)


class _Pull(Thread):
    """A pull; ``error`` is what the engine says against it."""

    def __init__(self, client: docker.DockerClient, name: str) -> None:
        super().__init__(name="pull", daemon=True)
        self._client, self._image = client, name
        self.error: str | None = None

    def run(self) -> None:
        """Read the engine's answer to its end."""
        repository, tag = parse_repository_tag(self._image)
        try:
            for line in self._client.api.pull(repository, tag=tag or "latest", stream=True, decode=True):
                if "error" in line:
                    self.error = str(line["error"])
        except (DockerException, RequestException, HTTPError, OSError) as error:
            self.error = explained(error)


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
