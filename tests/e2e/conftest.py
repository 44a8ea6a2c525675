"""What the end-to-end tests stand on: a Docker engine, or a reason why they cannot run; our image; a runner."""

from __future__ import annotations

import contextlib
import fcntl
import gc
import hashlib
import os
import tempfile
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import docker
import pytest
from docker.errors import APIError, DockerException

from tests.e2e import runner as standin

REQUIRE_DOCKER = "ALEMBIC_CHECKS_REQUIRE_DOCKER"
REPOSITORY = Path(__file__).parents[2]
IMAGES = "alembic-checks-test"
_KEPT_FOR = timedelta(days=1)


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


def context() -> list[Path]:
    """Return the files that .dockerignore lets into the image's build, and the Dockerfile."""
    lines = (REPOSITORY / ".dockerignore").read_text(encoding="utf-8").splitlines()
    named = [REPOSITORY / line.removeprefix("!") for line in lines if line.startswith("!")]
    files = [file for path in named for file in (path, *path.rglob("*")) if file.is_file() and file.suffix != ".pyc"]
    return [REPOSITORY / "Dockerfile", *sorted(files)]


@pytest.fixture(scope="session")
def image(docker_engine: docker.DockerClient) -> str:
    """Build the image of the working tree as the runner does, unless it is built already, and return its name."""
    digest = hashlib.sha256()
    for file in context():
        digest.update(f"{file.relative_to(REPOSITORY)}\0".encode() + file.read_bytes())
    tag = f"{IMAGES}:{digest.hexdigest()[:16]}"
    # One of the workers of pytest-xdist builds; the others find every layer made.
    with (Path(tempfile.gettempdir()) / f"{IMAGES}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        standin.prepare(REPOSITORY, tag)
        _remove_old(docker_engine, tag)
    return tag


def _remove_old(engine: docker.DockerClient, current: str) -> None:
    """Remove the images of earlier working trees that nobody has needed for a day."""
    for old in engine.images.list(IMAGES):
        if current not in old.tags and datetime.fromisoformat(old.attrs["Created"]) < datetime.now(UTC) - _KEPT_FOR:
            for tag in old.tags:
                with contextlib.suppress(APIError):  # in use
                    engine.images.remove(tag)


@pytest.fixture
def runner(image: str, tmp_path: Path) -> standin.Runner:
    """Return a runner of its own for the test, with our action."""
    return standin.Runner(tmp_path / "runner", REPOSITORY, image)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """Return the place of the workspace, which is still to be checked out, as a runner names it."""
    return tmp_path / "runner" / "bookstore" / "bookstore"
