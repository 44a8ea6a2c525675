"""How a request ends, and what listens to it until then."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from action.session.events import Event, LegEnded
from action.session.process import ProbeProcess, wait_status_in_words

Listener = Callable[[Event], None]


def nothing() -> None:
    """Do nothing."""


@dataclass(slots=True)
class Ended:
    """How a request ended."""

    timed_out: bool = False
    died: str | None = None
    """How the process ended, in words; None when it answered."""
    out_of_memory: bool = False
    """Whether the kernel ended a process meanwhile because memory was full."""


def followed(process: ProbeProcess, events: Iterator[Event], listen: Listener) -> Ended:
    """Give each event to a listener, and return how the request ended."""
    for event in events:
        listen(event)
        if isinstance(event, LegEnded) and not process.is_answered:
            return Ended(died=wait_status_in_words(event.status))
    return Ended()
