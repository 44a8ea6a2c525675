"""Where a server is, in the words of a request."""

from __future__ import annotations

from action.postgres.servers.interface import Address
from action.probe.protocol.requests import ServerPlace


def place_of(address: Address) -> ServerPlace:
    """Return the place and the login of a server."""
    return {
        "host": address.host,
        "port": address.port,
        "user": address.user,
        "password": address.password,
        "parameters": dict(address.parameters),
    }
