"""A container from its start until the server in it takes connections."""

from __future__ import annotations

import time
from contextlib import closing, suppress
from threading import Event, Thread

import psycopg2
from docker.errors import APIError, DockerException, NotFound
from docker.models.containers import Container

from action.postgres.servers.connection import connected
from action.postgres.servers.docker_engine import WITHOUT, DockerError, explained
from action.postgres.servers.docker_place import LOOPBACK, Place
from action.postgres.servers.interface import Address, ServerWanted
from action.supervisor.signals import STOP

_READY_WITHIN = 180.0
"""Seconds; the official image takes two or three, one that fills a database first takes more."""
_POLL = 0.02
_LOG_TAIL = 4000
"""Bytes."""
_LIKE_THE_OFFICIAL = "Check that it is an image of PostgreSQL that reads POSTGRES_PASSWORD, as the official image does."
_MACHINES = {"x86_64": "amd64", "aarch64": "arm64"}
"""What images call a machine, by what an engine calls it."""


def started(container: Container, wanted: ServerWanted, place: Place, password: str) -> tuple[Address, int]:
    """Start a container; return the login of the server in it and the server's version, when it takes connections.

    Raises DockerError with the end of its log.
    """
    image = wanted.name
    with closing(_Output(container)) as output:
        try:
            container.start()
        except NotFound:
            raise _ended(container, image, "") from None
        except APIError as error:
            raise DockerError(
                f"The image {image} could not be started.",
                why=f"Docker says: {explained(error).rstrip('.')}.",
                remedy=f"{_LIKE_THE_OFFICIAL} {WITHOUT}",
            ) from None
        return _ready(container, wanted, output, (place, password))


class _Output:
    """What a container prints: the end of it, and whether the container has ended."""

    def __init__(self, container: Container) -> None:
        self._tail = bytearray()
        self.has_ended = Event()
        # Before it starts: a container that ends is removed with its log.
        self._stream = container.attach(stream=True)
        self._thread = Thread(target=self._read, name="container", daemon=True)
        self._thread.start()

    def _read(self) -> None:
        with suppress(Exception):  # the end of the engine, or of our own reading
            for piece in self._stream:
                self._tail += piece
                del self._tail[:-_LOG_TAIL]
        self.has_ended.set()

    @property
    def tail(self) -> str:
        """Return the last lines."""
        return bytes(self._tail).decode(errors="replace").strip()

    def close(self) -> None:
        """Stop reading."""
        with suppress(DockerException, OSError, AttributeError):
            self._stream.close()
        self._thread.join(5)


def _ready(container: Container, wanted: ServerWanted, output: _Output, way: tuple[Place, str]) -> tuple[Address, int]:
    """Wait for the server; the one that the official image starts first, to prepare the data, has only a socket."""
    deadline, last, image = time.monotonic() + _READY_WITHIN, "", wanted.name
    while time.monotonic() < deadline and not (STOP.is_asked or wanted.unwanted.is_set()):
        try:
            address = _login(container, *way)
            with connected(address) as connection:
                return address, connection.server_version
        except (psycopg2.Error, NotFound, LookupError) as error:
            last = str(error).strip()
        if output.has_ended.wait(_POLL):
            raise _ended(container, image, output.tail)
    raise DockerError(
        f"The image {image} gave no PostgreSQL within {_READY_WITHIN:.0f} seconds.",
        why=f"The last attempt to log in: {last}",
        remedy=f"{_LIKE_THE_OFFICIAL} {WITHOUT}",
        details=output.tail,
    )


def _login(container: Container, place: Place, password: str) -> Address:
    host, port = place.address_of(container)
    return Address(
        host=host,
        port=port,
        user="postgres",
        password=password,
        parameters=(("sslmode", "disable"), *((("hostaddr", host),) if host == LOOPBACK else ())),
        is_complete=True,
    )


def _ended(container: Container, image: str, log: str) -> DockerError:
    lines = log.splitlines()[-3:]
    said = "\n".join(("The end of its log:", *lines)) if lines else "Its log is empty."
    return DockerError(
        f"The container of the image {image} ended before PostgreSQL took connections.",
        why=f"{_other_machine(container)}{said}",
        remedy=f"{_LIKE_THE_OFFICIAL} {WITHOUT}",
        details=log,
    )


def _other_machine(container: Container) -> str:
    """Return a sentence where the image is for another kind of machine than this one."""
    with suppress(DockerException):
        assert container.client is not None
        image = container.client.images.get(container.attrs["Image"]).attrs["Architecture"]
        engine = str(container.client.info()["Architecture"])
        if image != _MACHINES.get(engine, engine):
            return f"The image is for {image}, and this machine is {_MACHINES.get(engine, engine)}. "
    return ""
