"""The steps of a leg, built from the events of the probe."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from action.rehearsal.watcher import Watcher
from checks.recording.legs import CreateAll, Statement, Step
from checks.recording.places import Frame

Event = dict[str, Any]


@dataclass(slots=True)
class Collector:
    """Builds the steps of a leg from the probe's events."""

    watcher: Watcher | None = None
    total: int = 0
    """How many revisions the leg has, as far as known: for the watcher alone."""
    steps: list[Step] = field(default_factory=list)
    failed: Event | None = None
    obstacle: Event | None = None
    result: Event = field(default_factory=dict)
    crash: str = ""
    _revision: str | None = None
    _statements: list[Statement] = field(default_factory=list)
    _create_all: list[CreateAll] = field(default_factory=list)

    def __call__(self, event: Event) -> None:
        """Take in one event."""
        handler = getattr(self, "_on_" + event["event"].replace("-", "_"), None)
        if handler is not None:
            handler(event)

    def _on_step(self, event: Event) -> None:
        self._revision, self._statements, self._create_all = event["revision"], [], []
        if self.watcher is not None:
            self.watcher.advance(len(self.steps) + 1, max(self.total, len(self.steps) + 1), "revisions")

    def _on_statement(self, event: Event) -> None:
        frames = frames_of(event["frames"])
        self._statements.append(Statement(sql=event["sql"], frames=frames, transaction=event["transaction"]))

    def _on_statement_done(self, event: Event) -> None:
        autocommit = self._statements[-1].transaction is None
        self._statements[-1] = replace(self._statements[-1], seconds=event["seconds"], committed=autocommit)

    def _on_create_all(self, event: Event) -> None:
        self._create_all.append(CreateAll(frames=frames_of(event["frames"]), tables=event["tables"]))

    def _on_step_done(self, event: Event) -> None:
        self._close_step(event["seconds"])

    def _on_commit(self, event: Event) -> None:
        number = event["transaction"]
        self._statements = [committed(s, number) for s in self._statements]
        self.steps = [
            replace(step, statements=tuple(committed(s, number) for s in step.statements))
            if any(s.transaction == number for s in step.statements)
            else step
            for step in self.steps
        ]

    def _on_failed(self, event: Event) -> None:
        self.failed = event

    def _on_obstacle(self, event: Event) -> None:
        self.obstacle = event

    def _on_result(self, event: Event) -> None:
        self.result = event

    def _on_crashed(self, event: Event) -> None:
        self.crash = event["traceback"]

    def _close_step(self, seconds: float | None) -> None:
        assert self._revision is not None
        self.steps.append(
            Step(
                revision=self._revision,
                seconds=seconds,
                statements=tuple(self._statements),
                create_all=tuple(self._create_all),
            )
        )
        self._revision = None

    def close(self) -> tuple[str | None, Statement | None]:
        """End the step under way, if there is one; return its revision and its last statement that never came back."""
        revision = self._revision
        hung = self._statements[-1] if revision and self._statements else None
        if revision is not None:
            self._close_step(None)
        return revision, hung if hung is not None and hung.seconds is None else None


def committed(statement: Statement, transaction: int) -> Statement:
    """Return the statement, committed when it came back in that transaction."""
    if statement.transaction == transaction and statement.seconds is not None:
        return replace(statement, committed=True)
    return statement


def frames_of(rows: Sequence[Event]) -> tuple[Frame, ...]:
    """Return frames from their rows on the wire."""
    return tuple(Frame(path=row["path"], line=row["line"], function=row["function"]) for row in rows)
