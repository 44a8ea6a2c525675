"""The PostgreSQL server that a run used."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerUsed:
    """A server that the migrations ran on."""

    version: str
    """The version as users write it, such as ``17.2``."""
    kind: str
    """How the run obtained the server: ``embedded``, ``docker_image`` or ``external``."""
    detail: str = ""
    """Where the server came from, and how to connect when it keeps running; one line."""
    left: tuple[str, ...] = ()
    """Scratch databases that could not be dropped, on a server that is not ours."""
