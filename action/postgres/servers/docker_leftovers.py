"""Containers of runs, and their removal also when a run is killed: by its parent process, or by the next run."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import suppress

import docker
from docker.errors import APIError, DockerException, NotFound
from docker.models.containers import Container
from requests.exceptions import RequestException

from action.errors import PostgresError
from action.postgres.servers.docker_engine import engine
from action.postgres.servers.docker_place import processes_of, started, this_process
from action.supervisor.notes import Notes, tell

PREFIX = "alembic-checks-"
_RUN, _IN, _AMONG, _PROCESS = (f"alembic-checks.{name}" for name in ("run", "in", "among", "process"))
"""Labels: the container's name; the container that its run is in; whose numbers its process has; its process."""
_KEPT = "alembic-checks.kept"
_LATE = 1.0
"""Seconds in which the engine may still make a container that a killed run has asked for."""


def labels(name: str, own: Container | None, *, kept: bool) -> dict[str, str]:
    """Return the labels of a container of this run; one that is kept has none by which the next run finds it."""
    if kept:
        return {_KEPT: name}
    inside = str(own.id) if own is not None else ""
    return {_RUN: name, _IN: inside, _AMONG: processes_of(), _PROCESS: this_process()}


def announce(name: str) -> None:
    """Tell the run's parent of a container that is about to be made."""
    tell("containers", name, {})


def outlives(name: str) -> None:
    """Tell the run's parent that a container is to stay, or is gone."""
    tell("containers", name, None)


def remove(client: docker.DockerClient, name: str) -> bool:
    """End and remove a container with its volumes; return whether the engine has none of that name any more."""
    try:
        client.containers.get(name).remove(force=True, v=True)
    except NotFound:
        return True
    except APIError as error:
        return error.status_code == 409  # its removal is under way
    except (DockerException, RequestException):
        return False
    return True


def remove_all(notes: Notes) -> list[str]:
    """Remove the containers of a run that was killed; return those that stay, as a sentence lists them."""
    try:
        with engine("") as client:
            deadline = time.monotonic() + _LATE
            waiting = list(notes.containers)
            while waiting and time.monotonic() < deadline:
                waiting = [name for name in waiting if not _is_there(client, name)]
                time.sleep(0.05 if waiting else 0)
            left = [name for name in notes.containers if not remove(client, name)]
    except PostgresError:
        left = list(notes.containers)
    return [f"the container {name}" for name in left]


def _is_there(client: docker.DockerClient, name: str) -> bool:
    with suppress(DockerException, RequestException):
        client.containers.get(name)
        return True
    return False


def sweep(client: docker.DockerClient) -> None:
    """Remove the containers of runs that have ended."""
    with suppress(DockerException, RequestException):
        for container in client.containers.list(all=True, filters={"label": _RUN}, ignore_removed=True):
            if _has_ended(client, container.labels):
                remove(client, str(container.name))


def _has_ended(client: docker.DockerClient, about: Mapping[str, str]) -> bool:
    """Return whether a run is known to have ended."""
    if about.get(_AMONG) == processes_of():
        pid, _, start = about.get(_PROCESS, "").partition(" ")
        return not (pid.isdecimal() and start and started(int(pid)) == start)
    inside = about.get(_IN)
    if not inside:
        return False
    try:
        return str(client.containers.get(inside).status) != "running"
    except NotFound:
        return True
