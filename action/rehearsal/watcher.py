"""What a rehearsal calls to show its progress, whoever shows it."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol


class Watcher(Protocol):
    """Shows the progress of a rehearsal."""

    def phase(self, name: str) -> AbstractContextManager[None]:
        """Show a phase while the block runs."""

    def advance(self, done: int, total: int, noun: str) -> None:
        """Show how far the phase under way is."""
