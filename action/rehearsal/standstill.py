"""Notice a migration run that waits for itself: for a lock that another of its own connections holds."""

from __future__ import annotations

from contextlib import suppress

import psycopg2

from action.postgres.activity import Wait, waits_for_itself
from action.postgres.databases import Databases

LOOKS = 3
"""How many times in a row the same has to be seen: other code of the project's may still end the wait."""
MESSAGE = "waits for a lock that another connection of the same migration run holds"


class Standstill:
    """Looks at the server while the project's process is silent; call it with the processor time that it has used."""

    def __init__(self, databases: Databases, database: str) -> None:
        self._databases, self._database = databases, database
        self._before: tuple[list[Wait], int | None] = ([], None)
        self._count = 0
        self.found = False
        """Whether the run waits for itself."""

    def __call__(self, used: int | None) -> bool:
        """Return whether the run waits for itself, and will not end by itself."""
        waits: list[Wait] = []
        with suppress(psycopg2.Error):  # a server that is gone is noticed elsewhere
            waits = waits_for_itself(self._databases, self._database)
        same = bool(waits) and used is not None and self._before == (waits, used)
        self._before, self._count = (waits, used), self._count + 1 if same else 1
        self.found = same and self._count >= LOOKS
        return self.found
