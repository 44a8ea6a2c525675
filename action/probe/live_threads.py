"""The threads of the project: those that make a fork unsafe, and those that only write its log."""

from __future__ import annotations

import contextlib
import queue
import sys
import threading
from typing import Any, Iterator, Optional


def unsafe_threads() -> int:
    """Return how many threads of others may hold a lock, or have work, that a forked process would wait for."""
    others = [thread for thread in threading.enumerate() if thread is not threading.current_thread()]
    return sum(_log_queue(thread) is None for thread in others)


@contextlib.contextmanager
def log_queues_at_rest() -> Iterator[None]:
    """Fork within this: no thread then has the lock of a queue of log records, which the child writes to."""
    with contextlib.ExitStack() as stack:
        for thread in threading.enumerate():
            mutex = getattr(_log_queue(thread), "mutex", None)
            if mutex is not None:
                stack.enter_context(mutex)
        yield


def _log_queue(thread: threading.Thread) -> Optional[Any]:
    """Return the queue of a thread that does nothing but to write log records, as Litestar has one; else None."""
    handlers: Any = sys.modules.get("logging.handlers")
    listener = getattr(getattr(thread, "_target", None), "__self__", None)
    if handlers is None or not isinstance(listener, handlers.QueueListener):
        return None
    return listener.queue if type(listener.queue) in (queue.Queue, queue.SimpleQueue) else None
