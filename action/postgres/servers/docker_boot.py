"""The start of a container with a server: made, tuned, waited for, and removed at the end whatever happens."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import docker
import psycopg2
from docker.errors import DockerException
from docker.models.images import Image
from requests.exceptions import RequestException

from action.postgres.servers import docker_leftovers, tuning
from action.postgres.servers.docker_engine import WITHOUT, DockerError, engine, explained, image_of
from action.postgres.servers.docker_place import own_container, place_of
from action.postgres.servers.docker_roles import make_roles, trust_extensions
from action.postgres.servers.docker_start import started
from action.postgres.servers.interface import Address, ServerWanted
from action.postgres.servers.ordinary_role import TRUSTED_SINCE
from action.postgres.servers.template import random_password


@dataclass(frozen=True, slots=True, kw_only=True)
class DockerServer:
    """A server of ours in a container; see interface.PostgresServer."""

    address: Address
    admin: Address
    version: str
    version_num: int
    detail: str
    role_is_ordinary: bool
    container: str
    """Its name."""
    kind: str = "docker_image"
    is_ours: bool = True


@contextmanager
def boot(wanted: ServerWanted) -> Iterator[DockerServer]:
    """Start a container of the wanted image, and remove it at the end of the block unless it is kept.

    Raises PostgresError when there is no engine, no such image, or when the server in it does not start.
    """
    image = wanted.name
    with engine(image) as client, ExitStack() as cleanup:
        try:
            server = _boot(client, wanted, cleanup)
        except (DockerException, RequestException, OSError, LookupError, psycopg2.Error) as error:
            raise DockerError(
                f"The image {image} could not be started.", why=f"{explained(error).rstrip('.')}.", remedy=WITHOUT
            ) from error
        if wanted.keep:
            cleanup.pop_all()
            docker_leftovers.outlives(server.container)
        yield server


def _boot(client: docker.DockerClient, wanted: ServerWanted, cleanup: ExitStack) -> DockerServer:
    docker_leftovers.sweep(client)
    image, own = image_of(client, wanted), own_container(client)
    place, password = place_of(own), random_password()
    container = f"{docker_leftovers.PREFIX}{secrets.token_hex(6)}"
    docker_leftovers.announce(container)
    cleanup.callback(_remove, client, container)
    made = client.containers.create(
        image,
        command(image),
        name=container,
        environment=environment(image, password),
        labels=docker_leftovers.labels(container, own, kept=wanted.keep),
        auto_remove=True,
        **place.options,
    )
    first, number = started(made, wanted, place, password)
    admin, address = make_roles(first, number, superuser=wanted.superuser)
    ordinary = admin != address and number >= TRUSTED_SINCE and not wanted.superuser
    if ordinary:
        trust_extensions(made, admin)
    version = f"{number // 10000}.{number % 10000}"
    return DockerServer(
        address=address,
        admin=admin,
        version=version,
        version_num=number,
        role_is_ordinary=ordinary,
        detail=f"PostgreSQL {version} from the image {wanted.name}"
        + ("" if ordinary or admin == address else "; migrations run as a superuser")
        + (_how_to_reach(address, container) if wanted.keep else ""),
        container=container,
    )


def _how_to_reach(address: Address, name: str) -> str:
    url = f"postgresql://{address.user}:{address.password}@{address.host}:{address.port}/{address.maintenance_database}"
    return f". Connect with: psql {url} . Remove it with: docker rm --force --volumes {name}"


def _remove(client: docker.DockerClient, name: str) -> None:
    if docker_leftovers.remove(client, name):
        docker_leftovers.outlives(name)


def command(image: Image) -> list[str]:
    """Return the command of the image with settings of ours; one that is not PostgreSQL's program stays as it is."""
    own = list(image.attrs["Config"].get("Cmd") or ["postgres"])
    takes_options = own[0].startswith("-") or own[0].rpartition("/")[2] == "postgres"
    return [*own, *tuning.options()] if takes_options else own


def environment(image: Image, password: str) -> dict[str, str]:
    """Return the variables that the official image, and those that are based on it, read."""
    given = dict(line.split("=", 1) for line in image.attrs["Config"].get("Env") or () if "=" in line)
    # Up to 13 the official image asks for MD5, which proves nothing of the server.
    initdb = f"{given.get('POSTGRES_INITDB_ARGS', '')} --auth-host=scram-sha-256 --no-sync".strip()
    return {
        "POSTGRES_PASSWORD": password,
        "POSTGRES_USER": "postgres",
        "POSTGRES_DB": "postgres",
        "POSTGRES_HOST_AUTH_METHOD": "scram-sha-256",
        "POSTGRES_INITDB_ARGS": initdb,
    }
