"""Notes of the run for its parent process: what would be left if the run were killed now.

A note is made before the thing itself, and taken back when the thing is gone.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

Note: TypeAlias = Mapping[str, Any]
_sent: list[tuple[int, Notes]] = []
"""The pipe to the parent, where there is one, and what went through it so far: the parent may be killed first."""


@dataclass(slots=True)
class Notes:
    """What is there now, as the parent knows it, each under a name of its own."""

    folders: dict[str, Note] = field(default_factory=dict)
    servers: dict[str, Note] = field(default_factory=dict)
    """PostgreSQL servers of ours: ``pid``, and ``kept`` where one is to outlive the run."""
    containers: dict[str, Note] = field(default_factory=dict)
    """Containers with PostgreSQL servers of ours, by name."""
    databases: dict[str, Note] = field(default_factory=dict)
    """Scratch databases on a server that is not ours."""

    def take(self, line: bytes) -> None:
        """Take over a line of the run; one that was cut off when the run was killed says nothing."""
        with contextlib.suppress(ValueError, KeyError, TypeError):
            made = json.loads(line)
            kind: dict[str, Note] = getattr(self, made["kind"])
            if made["note"] is None:
                kind.pop(made["name"], None)
            else:
                kind[made["name"]] = made["note"]

    @property
    def kept(self) -> tuple[int, ...]:
        """Return the processes that are to outlive the run."""
        return tuple(note["pid"] for note in self.servers.values() if note.get("kept"))


def tell(kind: str, name: str, note: Note | None) -> None:
    """Tell the parent of something in a list of ``Notes``, or with None that it is gone; alone, do nothing."""
    for descriptor, notes in _sent:
        line = json.dumps({"kind": kind, "name": name, "note": note}).encode() + b"\n"
        notes.take(line)
        with contextlib.suppress(OSError):  # without its parent the run ends, by a signal
            os.write(descriptor, line)


def tell_through(descriptor: int) -> None:
    """Send notes through a pipe from now on."""
    _sent[:] = [(descriptor, Notes())]


def kept() -> tuple[int, ...]:
    """Return the processes that are to outlive the run, by its own notes."""
    return tuple(pid for _, notes in _sent for pid in notes.kept)
