"""Where the project's process finds the server."""

from __future__ import annotations

from action.postgres.servers.interface import Address
from action.probe.protocol.requests import ServerPlace


def server_place(address: Address) -> ServerPlace:
    """Return an address as a request has it."""
    return {
        "host": address.host,
        "port": address.port,
        "user": address.user,
        "password": address.password,
        "parameters": dict(address.parameters),
    }
