"""Where this process is, as a Docker engine sees it: in which container, and how a container is reached from here."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docker
from docker.errors import APIError, NotFound
from docker.models.containers import Container

from action.postgres.servers.docker_engine import remote_host

PORT = "5432/tcp"
LOOPBACK = "127.0.0.1"
# Docker mounts a container's host name and its like from a folder with its id, whatever its control groups show.
_MOUNTED = re.compile(r"/containers/([0-9a-f]{64})/")
_SHORT_ID = re.compile(r"[0-9a-f]{12}")
_BOOT = "/proc/sys/kernel/random/boot_id"
_ENDED = ("Z", "X")
"""States of a process that only its number is left of."""
_WITHOUT_ADDRESS = ("host", "none")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """How a new container is reached from here."""

    network: str | None = None
    """The network that this process is on, which the container joins; None where its port is published instead."""
    host: str = LOOPBACK
    """Where a published port is reached."""

    @property
    def options(self) -> dict[str, Any]:
        """Return the options of a container that is reached so."""
        if self.network is not None:
            return {"network": self.network}
        # Of an engine on another machine no loopback address is reached.
        return {"ports": {PORT: (LOOPBACK if self.host == LOOPBACK else "0.0.0.0", None)}}

    def address_of(self, container: Container) -> tuple[str, int]:
        """Return the host and the port of the server in a container that runs; raises LookupError without one."""
        container.reload()
        found = container.attrs["NetworkSettings"]
        if self.network is None:
            return self.host, int(found["Ports"][PORT][0]["HostPort"])
        host = str(found["Networks"][self.network]["IPAddress"])
        if not host:
            raise LookupError(self.network)
        return host, 5432


def place_of(own: Container | None) -> Place:
    """Return how a new container is reached from our own one, or from this machine."""
    networks = own.attrs["NetworkSettings"]["Networks"] if own is not None else {}
    for name, about in networks.items():
        if name not in _WITHOUT_ADDRESS and about.get("IPAddress"):
            return Place(network=name)
    return Place(host=remote_host() or LOOPBACK)


def own_container(client: docker.DockerClient) -> Container | None:
    """Return the container that this process is in, where the engine knows it."""
    for found in _own_ids():
        try:
            return client.containers.get(found)
        except (NotFound, APIError):
            continue
    return None


def _own_ids() -> list[str]:
    try:
        mounted = _MOUNTED.findall(Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="replace"))
    except OSError:
        mounted = []
    name = socket.gethostname()
    return [*dict.fromkeys(mounted), *([name] if _SHORT_ID.fullmatch(name) else [])]


def processes_of() -> str:
    """Return a name for the processes that have their numbers from the same kernel, in the same namespace, as ours."""
    try:
        return f"{Path(_BOOT).read_text(encoding='utf-8').strip()} {Path('/proc/self/ns/pid').readlink()}"
    except OSError:
        return socket.gethostname()


def started(pid: int) -> str:
    """Return when a process started, to tell it from a later one with its number; empty when it is gone."""
    try:
        state, *rest = (
            Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        )
        return "" if state in _ENDED else rest[18]
    except (OSError, ValueError, IndexError):
        if sys.platform == "linux":
            return ""
    asked = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return asked.stdout.strip()


def this_process() -> str:
    """Return the number and the start of this process, as a label has it."""
    return f"{os.getpid()} {started(os.getpid())}"
