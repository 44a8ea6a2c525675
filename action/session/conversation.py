"""What is believed of the probe, which runs beside hostile code: every event is checked first.

Any code of the project's can write on the probe's pipe. So an event is data of known type and size, in an order in
which the probe sends it, or the probe is not believed any more. What it says may be a lie; it never trips us up.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, TypeAdapter, ValidationError

from action.session import events as wire
from action.session.events import Event

_EVENT: TypeAdapter[Any] = TypeAdapter(
    Annotated[
        wire.Versions
        | wire.Environment
        | wire.Obstacle
        | wire.Loaded
        | wire.Started
        | wire.Step
        | wire.Timed
        | wire.Statement
        | wire.Commit
        | wire.CreateAll
        | wire.Failed
        | wire.Crashed
        | wire.Result
        | wire.Ended,
        Field(discriminator="event"),
    ]
)
_RESULTS: dict[str, TypeAdapter[Any]] = {
    "pending": TypeAdapter(wire.Pending),
    "models": TypeAdapter(wire.Models),
    "candidate": TypeAdapter(wire.Candidate),
    "apply": TypeAdapter(wire.Applied),
}


class Malformed(Exception):
    """The bytes are no event, or not one that can come at this point."""


class Conversation:
    """The events that answer one request."""

    def __init__(self, do: str) -> None:
        self._do = do
        self._in_step = self._in_statement = self._broken_off = False

    def take(self, line: bytes) -> Event:
        """Return the event that a line holds; raises Malformed."""
        try:
            event: Event = _EVENT.validate_json(line)
            if event["event"] == "result" and self._do in _RESULTS and not self._broken_off:
                event = _RESULTS[self._do].validate_json(line)
        except ValidationError as error:
            raise Malformed from error
        self._follow(event["event"])
        return event

    def _follow(self, name: str) -> None:
        needed = {"statement": self._in_step, "statement-done": self._in_statement, "step-done": self._in_step}
        if not needed.get(name, True):
            raise Malformed
        if name in ("step", "step-done"):
            self._in_step, self._in_statement = name == "step", False
        elif name in ("statement", "statement-done"):
            self._in_statement = name == "statement"
        elif name in ("failed", "obstacle", "crashed"):
            self._broken_off = True
