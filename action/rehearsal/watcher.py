"""How a rehearsal tells what it is doing, without knowing who listens."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol


class Watcher(Protocol):
    """Whoever shows what is going on."""

    def phase(self, name: str) -> AbstractContextManager[None]:
        """Show a phase while the block runs."""

    def advance(self, done: int, total: int, noun: str) -> None:
        """Tell how far the phase under way is."""
