"""Starts a server in the background."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from threading import Event

from action.postgres.servers.interface import PostgresServer


@contextlib.contextmanager
def early(
    server: AbstractContextManager[PostgresServer], unwanted: Event | None = None
) -> Iterator[Callable[[], PostgresServer]]:
    """Enter a server's context manager in a thread at once; yield a function that waits for the server.

    That function raises the error of a server that did not start. The server stops at the end of the block, also when
    that function was never called: ``unwanted`` is set then, which ends a start that takes long.
    """
    with contextlib.ExitStack() as entered, ThreadPoolExecutor(1, "server") as thread:
        # The thread is joined before the server is left: an exit stack and an executor unwind in that order.
        coming = thread.submit(entered.enter_context, server)
        try:
            yield coming.result
        finally:
            if unwanted is not None:
                unwanted.set()
