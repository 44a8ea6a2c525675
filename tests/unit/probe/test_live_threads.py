"""Which threads of a project keep it from being forked."""

from __future__ import annotations

import logging
import os
import queue
import threading
from logging.handlers import QueueHandler, QueueListener
from typing import Any

import pytest

from action.probe.live_threads import log_queues_at_rest, unsafe_threads


@pytest.mark.parametrize("kind", [queue.Queue, queue.SimpleQueue])
def test_a_thread_that_writes_the_log_does_not_count_and_a_fork_can_log(kind: Any) -> None:
    before, over = unsafe_threads(), threading.Event()
    records = kind()
    logger = logging.Logger("library")
    logger.addHandler(QueueHandler(records))
    listener = QueueListener(records, logging.NullHandler())
    listener.start()
    other = threading.Thread(target=over.wait, daemon=True)
    try:
        assert unsafe_threads() == before
        other.start()
        assert unsafe_threads() == before + 1
        with log_queues_at_rest():
            child = os.fork()
        logger.error("both may log")
        if child == 0:
            os._exit(7)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
    finally:
        over.set()
        listener.stop()
    other.join()
