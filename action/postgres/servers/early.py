"""A server that gets ready while something else is done."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager

from action.postgres.servers.interface import PostgresServer


@contextlib.contextmanager
def early(server: AbstractContextManager[PostgresServer]) -> Iterator[Callable[[], PostgresServer]]:
    """Start to enter a server's context manager at once, in a thread; yield what waits for it.

    What kept it from being there is raised to who waits. It is left at the block's end, also when nobody waited.
    """
    with contextlib.ExitStack() as entered, ThreadPoolExecutor(1, "server") as thread:
        # The thread is joined before the server is left: an exit stack and an executor unwind in that order.
        coming = thread.submit(entered.enter_context, server)
        yield coming.result
