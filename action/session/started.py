"""The sessions of several trees, started in order and few at once: each holds a whole project in memory."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from action.session.session import Session


class StartedSessions:
    """Hands out started sessions in order, to any number of threads, and starts the next when one is given back.

    A context manager that ends all of them. A thread that has started a session has to live as long as the session:
    the kernel ends the project's process with the thread that started it.
    """

    def __init__(self, sessions: Sequence[Session], at_once: int) -> None:
        self._sessions, self._at_once = sessions, at_once
        self._started = self._taken = 0
        self._is_open = True
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        """Start the first ones: the interpreters import Alembic while we read and boot."""
        try:
            for _ in range(self._at_once):
                self._start_next()
        except BaseException:
            self._end_all()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end_all()

    def take(self) -> int | None:
        """Return the number of the next session, which is started; None after the last one, or when they are closed."""
        with self._lock:
            if not self._is_open or self._taken == len(self._sessions):
                return None
            self._taken += 1
            return self._taken - 1

    def give_back(self, number: int) -> None:
        """End a session, and start the next that is not started."""
        self._sessions[number].end()
        with self._lock:
            if self._is_open:
                self._start_next()

    def close(self) -> None:
        """Hand out no more."""
        self._is_open = False

    def _start_next(self) -> None:
        if self._started < len(self._sessions):
            self._started += 1
            self._sessions[self._started - 1].__enter__()

    def _end_all(self) -> None:
        for session in self._sessions[: self._started]:
            session.end()
