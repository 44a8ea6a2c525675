"""Which commits a run of the migrations makes, heard from its events: where a deploy can die half-way."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from action.rehearsal.savepoints import Savepoints
from action.rehearsal.steps import frames_of
from action.session.events import (
    Event,
    StatementDone,
    StatementFailed,
    StatementSent,
    StepStarted,
    TransactionCommitted,
    VersionStamped,
)
from checks.recording.legs import Statement
from checks.recording.replays import Commit
from checks.sql import LEADING

_COMMENTS = re.compile(LEADING)
_READS = re.compile(
    r"(?:SHOW|SET|RESET|EXPLAIN|BEGIN|START|COMMIT|END|ROLLBACK|ABORT|SAVEPOINT|RELEASE|LOCK|DISCARD|ANALYZE|VACUUM)\b"
    r"|SELECT\s+(?:pg_catalog\.)?(?:set_config|pg_advisory\w*|pg_try_advisory\w*|version|current_\w+)\b"
    r"|(?:SELECT|TABLE|VALUES)\b(?=.*\bFROM\b)(?!.*\b(?:INTO|setval|nextval)\b)",
    re.IGNORECASE | re.DOTALL,
)


def writes(sql: str) -> bool:
    """Tell whether a statement may leave something in the database, other than a query or a setting."""
    begin = _COMMENTS.match(sql)
    return not _READS.match(sql, begin.end() if begin else 0)


@dataclass(slots=True)
class CommitPoints:
    """Takes in the events of one run."""

    commits: list[Commit] = field(default_factory=list)
    revisions: list[str] = field(default_factory=list)
    """Those that the run has started."""
    _count: int = 0
    _revision: str = ""
    _open: dict[int, list[tuple[str, Statement]]] = field(default_factory=dict)
    _stamping: dict[int, list[str]] = field(default_factory=dict)
    _savepoints: Savepoints = field(default_factory=Savepoints)
    _sent: Statement | None = None
    _permanent: dict[str, bool] = field(default_factory=dict)
    """Revisions with permanent statements: whether their row in the version table is permanent, too."""

    def __call__(self, event: Event) -> None:
        """Take in one event."""
        match event:
            case StepStarted(revision=revision):
                self._revision = revision
                self.revisions.append(revision)
                self._permanent.pop(revision, None)
            case StatementSent():
                self._sent = Statement(sql=event.sql, frames=frames_of(event.frames), transaction=event.transaction)
            case StatementDone():
                self._done()
            case StatementFailed():
                self._sent = None
            case VersionStamped(transaction=None):
                self._take(0, [], [self._revision])
            case VersionStamped(transaction=int(number)):
                self._stamping.setdefault(number, []).append(self._revision)
            case TransactionCommitted(transaction=number):
                self._count += 1
                self._take(self._count, self._open.pop(number, []), self._stamping.pop(number, []))
            case _:
                pass

    def _done(self) -> None:
        sent, self._sent = self._sent, None
        if sent is None:
            return
        self._count += sent.transaction is None
        if not writes(sent.sql):
            self._go_back(sent)
            return
        if sent.transaction is None:
            self._take(self._count, [(self._revision, sent)], [])
        else:
            self._open.setdefault(sent.transaction, []).append((self._revision, sent))

    def _go_back(self, sent: Statement) -> None:
        """Forget what a rollback to a savepoint has undone."""
        written = self._open.get(sent.transaction, []) if sent.transaction is not None else []
        stay = self._savepoints.take(sent.sql, sent.transaction, len(written))
        if stay is not None:
            del written[stay:]

    def _take(self, number: int, written: list[tuple[str, Statement]], stamped: list[str]) -> None:
        if not written and not stamped:
            return
        self._permanent |= {revision: False for revision, _ in written} | dict.fromkeys(stamped, True)
        self.commits.append(
            Commit(
                number=number,
                revision=self._revision,
                statements=tuple(statement for _, statement in written),
                torn=tuple(revision for revision, is_stamped in self._permanent.items() if not is_stamped),
            )
        )
