"""What the end-to-end tests stand on: a Docker engine, or a reason why they cannot run."""

from __future__ import annotations

import gc
import os
import warnings
from collections.abc import Iterator

import docker
import pytest
from docker.errors import DockerException

REQUIRE_DOCKER = "ALEMBIC_CHECKS_REQUIRE_DOCKER"


def connect() -> docker.DockerClient | str:
    """Connect to the engine that DOCKER_HOST or the default socket names, or return why that failed."""
    with warnings.catch_warnings():
        # The client leaves its socket open when there is no engine; collected here, that is no warning later.
        warnings.simplefilter("ignore", ResourceWarning)
        try:
            return docker.from_env()
        except DockerException as error:
            reason = str(error)
        gc.collect()
        return reason


@pytest.fixture(scope="session")
def docker_engine() -> Iterator[docker.DockerClient]:
    """Skip the test without an engine, or fail it where ALEMBIC_CHECKS_REQUIRE_DOCKER is set."""
    engine = connect()
    if isinstance(engine, str):
        if os.environ.get(REQUIRE_DOCKER):
            pytest.fail(f"no Docker engine: {engine}", pytrace=False)
        pytest.skip(f"no Docker engine: {engine}")
    yield engine
    engine.close()
