"""The steps of a leg, built from the events of the probe."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from action.postgres.secret_values import masked
from action.postgres.sql_tokens import Effect, effect, tokens
from action.rehearsal.savepoints import Savepoints
from action.rehearsal.watcher import Watcher
from action.session.event_parts import Line
from action.session.events import (
    CreateAllCalled,
    Event,
    FaultMet,
    LegFailed,
    ObstacleMet,
    ProbeCrashed,
    StatementDone,
    StatementFailed,
    StatementSent,
    StepDone,
    StepStarted,
    TransactionCommitted,
)
from action.session.model_events import CandidateWritten, MigrationApplied, ModelsBuilt
from checks.recording.legs import CopyableSql, CreateAll, Statement, Step
from checks.recording.places import Frame

ABORTED = "25P02"
"""SQLSTATE of every statement in a transaction that an earlier error has aborted."""
Built = ModelsBuilt | CandidateWritten | MigrationApplied


@dataclass(slots=True)
class Collector:
    """Takes in the events of one leg, one after the other."""

    watcher: Watcher | None = None
    total: int = 0
    """How many revisions the leg has, as far as known: for the watcher alone."""
    steps: list[Step] = field(default_factory=list)
    failed: LegFailed | None = None
    obstacle: ObstacleMet | None = None
    crashed: ProbeCrashed | None = None
    fault: FaultMet | None = None
    """The first; it counts when the leg then fails."""
    answer: Built | None = None
    """What was asked for, of a leg that is more than its steps."""
    aborted: tuple[Statement, StatementFailed] | None = None
    """The statement that failed last, and its error, until its transaction goes on."""
    _revision: str | None = None
    _statements: list[Statement] = field(default_factory=list)
    _create_all: list[CreateAll] = field(default_factory=list)
    _savepoints: Savepoints = field(default_factory=Savepoints)

    def __call__(self, event: Event) -> None:
        """Take in one event."""
        match event:
            case StepStarted(revision=revision):
                self._start_step(revision)
            case StatementSent():
                self._statements.append(_statement(event))
            case StatementDone(seconds=seconds):
                self._end_statement(seconds)
            case StatementFailed():
                self._refuse(event)
            case CreateAllCalled(frames=frames, tables=tables):
                self._create_all.append(CreateAll(frames=frames_of(frames), tables=tables))
            case TransactionCommitted(transaction=transaction):
                self._commit(transaction)
            case StepDone(seconds=seconds):
                self._close_step(seconds)
            case LegFailed():
                self.failed = event
            case ObstacleMet():
                self.obstacle = event
            case FaultMet():
                self.fault = self.fault or event
            case ProbeCrashed():
                self.crashed = event
            case ModelsBuilt() | CandidateWritten() | MigrationApplied():
                self.answer = event
            case _:
                pass  # of the import, or of the session's own business

    def _start_step(self, revision: str) -> None:
        self._revision, self._statements, self._create_all = revision, [], []
        self._savepoints = Savepoints()
        if self.watcher is not None:
            done = len(self.steps) + 1
            self.watcher.advance(done, max(self.total, done), "revisions")

    def _end_statement(self, seconds: float) -> None:
        autocommit = self._statements[-1].transaction is None
        self._statements[-1] = replace(self._statements[-1], seconds=seconds, committed=autocommit)
        self._go_back(self._statements[-1])
        if self.aborted is not None and self.aborted[0].transaction == self._statements[-1].transaction:
            self.aborted = None  # it was rolled back to a savepoint

    def _go_back(self, last: Statement) -> None:
        stay = self._savepoints.take(last.sql, last.transaction, len(self._statements))
        for number in range(len(self._statements) if stay is None else stay, len(self._statements) - 1):
            if self._statements[number].transaction == last.transaction:
                self._statements[number] = replace(self._statements[number], undone=True)

    def _refuse(self, failed: StatementFailed) -> None:
        if failed.sqlstate != ABORTED and self._statements[-1].transaction is not None:
            self.aborted = self._statements[-1], failed

    def _commit(self, transaction: int) -> None:
        self._statements = [committed(s, transaction) for s in self._statements]
        self.steps = [
            replace(step, statements=tuple(committed(s, transaction) for s in step.statements))
            if any(s.transaction == transaction for s in step.statements)
            else step
            for step in self.steps
        ]

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
        last = self._statements[-1] if revision and self._statements else None
        if revision is not None:
            self._close_step(None)
        return revision, last if last is not None and last.seconds is None else None


def _statement(event: StatementSent) -> Statement:
    return Statement(
        sql=event.sql, frames=frames_of(event.frames), transaction=event.transaction, copyable=_copyable(event)
    )


def _copyable(event: StatementSent) -> CopyableSql | None:
    if event.shown is None:
        return None
    statements, more_rows, unwritten = event.shown
    found = tokens(event.sql)
    reads = effect(found) is Effect.NOTHING and ("from" in found or found[:1] == ("show",))
    return CopyableSql(
        statements=tuple(map(masked, statements)), more_rows=more_rows, unwritten=unwritten, reads_catalog=reads
    )


def committed(statement: Statement, transaction: int) -> Statement:
    """Return the statement, committed when it came back in that transaction, which has not undone it."""
    if statement.transaction == transaction and statement.seconds is not None and not statement.undone:
        return replace(statement, committed=True)
    return statement


def frames_of(lines: Iterable[Line]) -> tuple[Frame, ...]:
    """Return the lines of an event as the recording holds them."""
    return tuple(Frame(path=line.path, line=line.line, function=line.function) for line in lines)
