"""What a container is started with, by what its image says."""

from __future__ import annotations

import pytest
from docker.models.images import Image

from action.postgres.servers.docker_boot import command, environment
from action.postgres.servers.tuning import options


def image(**config: object) -> Image:
    return Image(attrs={"Config": config})


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        (["postgres"], ["postgres", *options()]),
        (None, ["postgres", *options()]),
        (["postgres", "-D", "/etc/postgresql"], ["postgres", "-D", "/etc/postgresql", *options()]),
        (["-c", "shared_preload_libraries=age"], ["-c", "shared_preload_libraries=age", *options()]),
        (["/usr/lib/postgresql/17/bin/postgres"], ["/usr/lib/postgresql/17/bin/postgres", *options()]),
        (["/opt/scripts/run.sh"], ["/opt/scripts/run.sh"]),
    ],
)
def test_the_command_of_the_image_is_kept_and_tuned(own: list[str] | None, expected: list[str]) -> None:
    assert command(image(Cmd=own)) == expected


def test_what_the_image_says_of_initdb_stays() -> None:
    given = environment(image(Env=["PATH=/bin", "POSTGRES_INITDB_ARGS=--data-checksums"]), "secret")
    assert given == {
        "POSTGRES_PASSWORD": "secret",
        "POSTGRES_USER": "postgres",
        "POSTGRES_DB": "postgres",
        "POSTGRES_HOST_AUTH_METHOD": "scram-sha-256",
        "POSTGRES_INITDB_ARGS": "--data-checksums --auth-host=scram-sha-256 --no-sync",
    }
