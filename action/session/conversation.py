"""What is believed of the probe, which runs beside hostile code: every event is checked first.

Any code of the project's can write on the probe's pipe. So an event is data of known type and size, in an order in
which the probe sends it, or the probe is not believed any more. What it says may be a lie; it never trips us up.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError

from action.probe.protocol.requests import Request, Upgrade
from action.session.events import (
    CreateAllCalled,
    EnvironmentFound,
    Event,
    FaultMet,
    ImportEnded,
    LegDone,
    LegEnded,
    LegFailed,
    LegStarted,
    LegStopped,
    MissingFound,
    ObstacleMet,
    ProbeCrashed,
    StatementDone,
    StatementFailed,
    StatementSent,
    StepDone,
    StepStarted,
    TransactionCommitted,
    UsesFound,
    VersionsFound,
    VersionStamped,
)
from action.session.model_events import CandidateWritten, MigrationApplied, ModelsBuilt, UnimportedFound

_EVENT: TypeAdapter[Event] = TypeAdapter(Annotated[Event, Field(discriminator="event")])


class Malformed(Exception):
    """The bytes are no event, or not one that can come at this point."""


class Conversation:
    """The events that answer one request."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self.is_answered = False
        """Whether what was asked for has come, or what comes in its place."""
        self.is_stopped = False
        """Whether the leg's process has ended itself as the request asked."""
        self._in_step = self._in_statement = False

    def take(self, line: bytes) -> Event:
        """Return the event that a line holds; raises Malformed."""
        try:
            event = _EVENT.validate_json(line)
        except ValidationError as error:
            raise Malformed from error
        if not self._can_come(event):
            raise Malformed
        return event

    def _can_come(self, event: Event) -> bool:
        """Tell whether an event can come at this point, and keep in mind that it has come."""
        match event:
            case StepStarted():
                self._in_step, self._in_statement = True, False
            case StepDone():
                in_step, self._in_step, self._in_statement = self._in_step, False, False
                return in_step
            case StatementSent():
                self._in_statement = True
                return self._in_step
            case StatementDone() | StatementFailed():
                in_statement, self._in_statement = self._in_statement, False
                return in_statement
            case (
                EnvironmentFound()
                | MissingFound()
                | LegDone()
                | UnimportedFound()
                | ModelsBuilt()
                | CandidateWritten()
                | MigrationApplied()
            ):
                self.is_answered = True
                return event.event == self._request.answer
            case VersionStamped():
                return self._in_step
            case LegStopped():
                return self._stop()
            case UsesFound():
                self.is_answered = self.is_answered or event.event == self._request.answer
            case ObstacleMet() | LegFailed() | ProbeCrashed():
                self.is_answered = True  # in place of what was asked for
            case VersionsFound() | ImportEnded() | LegStarted() | LegEnded():
                pass
            case TransactionCommitted() | CreateAllCalled() | FaultMet():
                pass
        return True

    def _stop(self) -> bool:
        """Keep in mind that the leg has ended itself; tell whether the request asks for that."""
        self.is_answered = self.is_stopped = True
        return isinstance(self._request, Upgrade) and self._request.stop_after > 0
