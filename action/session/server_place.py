"""Where the server is, as a request says it."""

from __future__ import annotations

from action.postgres.servers.interface import Address
from action.probe.protocol.requests import ServerPlace


def place_of(address: Address) -> ServerPlace:
    """Return an address as the probe takes it."""
    return {
        "host": address.host,
        "port": address.port,
        "user": address.user,
        "password": address.password,
        "parameters": dict(address.parameters),
    }
