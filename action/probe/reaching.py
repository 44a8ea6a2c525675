"""Reaching the process that launched the project's command."""

from __future__ import annotations

import contextlib
import json
import socket
from typing import List, NamedTuple, Optional

from .protocol.event_fields import ObstacleFields


class Pipes(NamedTuple):
    """The ends of the pipes to the session."""

    fd_in: int
    fd_out: int
    launcher: socket.socket
    """Kept open: the launcher ends the command when it is closed."""


def take_pipes(path: str) -> Optional[Pipes]:
    """Ask for the pipes; None where another process has them."""
    launcher = socket.socket(socket.AF_UNIX)
    try:
        launcher.connect(path)
        launcher.sendall(b'{"do": "take"}\n')
        _, found, _, _ = socket.recv_fds(launcher, 1, 2)
    except OSError:
        return None
    fds: List[int] = list(found)
    return Pipes(fds[0], fds[1], launcher) if len(fds) == 2 else None


def report(path: str, found: ObstacleFields) -> None:
    """Say why a process of the command ends."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as launcher:
        launcher.connect(path)
        launcher.sendall(json.dumps({"do": "report", "obstacle": found}).encode("utf-8", "replace") + b"\n")
