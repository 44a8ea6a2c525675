"""The sessions of several trees, one after the other: the next one imports its project while one is at work."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Sequence

from action.session.session import Session

_AT_ONCE = 2


@contextlib.contextmanager
def in_turn(sessions: Sequence[Session]) -> Iterator[Iterator[Session]]:
    """Start the first sessions, and yield an iterator that ends each as it goes on to the next.

    No more than two run, and no more than there are processors: each holds a whole project in memory.
    """
    most = min(_AT_ONCE, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)
    with contextlib.ExitStack() as stack:
        for session in sessions[:most]:
            stack.enter_context(session)
        yield _turns(sessions, most, stack)


def _turns(sessions: Sequence[Session], most: int, stack: contextlib.ExitStack) -> Iterator[Session]:
    for number, session in enumerate(sessions):
        yield session
        session.end()
        for following in sessions[number + most : number + most + 1]:
            stack.enter_context(following)
