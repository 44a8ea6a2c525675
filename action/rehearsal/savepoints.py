"""What a rollback to a savepoint has undone of the statements of a transaction, which itself goes on."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from checks.sql import LEADING

_NAME = r'("(?:[^"]|"")+"|[\w$]+)'
_SET = re.compile(rf"{LEADING}SAVEPOINT\s+{_NAME}", re.IGNORECASE | re.DOTALL)
_BACK = re.compile(
    rf"{LEADING}ROLLBACK(?:\s+(?:WORK|TRANSACTION))?\s+TO\s+(?:SAVEPOINT\s+)?{_NAME}", re.IGNORECASE | re.DOTALL
)


@dataclass(slots=True)
class Savepoints:
    """The savepoints of the transactions of one run, each with how many statements came before it."""

    _set: dict[int | None, list[tuple[str, int]]] = field(default_factory=dict)

    def take(self, sql: str, transaction: int | None, before: int) -> int | None:
        """Take in a statement that came back; return how many stay where it has undone those that follow them."""
        found = _SET.match(sql)
        if found is not None:
            self._set.setdefault(transaction, []).append((_folded(found[1]), before))
            return None
        back = _BACK.match(sql)
        known = self._set.get(transaction, [])
        if back is None or _folded(back[1]) not in (name for name, _ in known):
            return None
        while known[-1][0] != _folded(back[1]):
            known.pop()
        return known[-1][1]


def _folded(name: str) -> str:
    return name[1:-1].replace('""', '"') if name.startswith('"') else name.lower()
