"""Write the SQL that the new revisions sent, in order, as one block that can be copied."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from checks.failure_texts import error_text
from checks.findings import NewSql
from checks.plural import plural
from checks.recording.absent import Absent
from checks.recording.legs import DEPLOYS, Leg, LegName, Statement, Step
from checks.recording.revisions import Revision
from checks.recording.tree import TreeRecording
from checks.sql import LEADING

_BEGINS = re.compile(LEADING + r"(?:BEGIN|START\s+TRANSACTION)\b", re.IGNORECASE | re.DOTALL)
_REPEATED = 5
"""Equal statements of one line, with other values, that are shown."""
_LONGEST = 1_000_000
"""Characters of a block."""
_ENDS = re.compile(
    LEADING + r"(COMMIT|END|ROLLBACK|ABORT)\b(?:\s+(?:WORK|TRANSACTION))?(?!\s+(?:TO|PREPARED)\b)"
    r"(\s+AND\s+CHAIN)?",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class _Sent:
    """A statement that is shown, or a comment in its place."""

    comments: tuple[str, ...]
    statement: Statement | None = None
    transaction: int | None = None


def new_sql(recording: TreeRecording) -> NewSql | None:
    """Return what the new revisions sent on their way from the base; None without a base, or where they sent none."""
    if isinstance(recording.changes, Absent):
        return None
    new = recording.changes.new
    for leg in sorted(recording.legs, key=lambda leg: leg.name is not LegName.BASE_TO_HEADS):
        steps = [step for step in leg.steps if step.revision in new]
        statements = [statement for step in steps for statement in step.statements]
        if leg.name in DEPLOYS and steps and _were_kept(statements):
            revisions = {revision.id: revision for revision in recording.graph.revisions}
            return NewSql(
                text=_capped("\n".join(_Block(leg, steps, revisions).lines()).strip() + "\n"),
                revisions=tuple(dict.fromkeys(step.revision for step in steps)),
                statements=sum(1 for one in statements if one.copyable is None or not one.copyable.reads_catalog),
            )
    return None


def _were_kept(statements: Sequence[Statement]) -> bool:
    return any(one.copyable is not None and not one.copyable.reads_catalog for one in statements)


class _Block:
    """The lines of the block of one run."""

    def __init__(self, leg: Leg, steps: Sequence[Step], revisions: dict[str, Revision]) -> None:
        self._leg, self._revisions = leg, revisions
        seen: dict[str, int] = {}
        self._parts: list[tuple[Step, int, list[_Sent]]] = []
        for step in steps:
            seen[step.revision] = seen.get(step.revision, 0) + 1
            self._parts.append((step, seen[step.revision], list(self._sent(step))))
        every = [one for _, _, part in self._parts for one in part]
        self._open: set[int] = set()
        self._by_driver: set[int] = set()
        """Transactions after an end of the migration's own: whether they are one is the driver's business."""
        self._last = {one.transaction: one for one in every if one.transaction is not None}
        self._committed = {one.transaction for step in steps for one in step.statements if one.committed}
        self._after: re.Match[str] | None = None
        """The last end of a transaction that was the migration's own, until one is begun otherwise."""
        self._goes_on = False
        """Whether the statement before was sent after that end."""
        self._is_begun = False
        """Whether the statement before, in autocommit, is the migration's own BEGIN."""

    def lines(self) -> Iterator[str]:
        """Yield the lines, a header for each revision."""
        yield _comment(
            "Statements that PostgreSQL received. Alembic's own statements for its version table are left out."
        )
        for step, number, part in self._parts:
            revision = self._revisions.get(step.revision)
            title = f"Revision {step.revision}{f': {revision.message}' if revision and revision.message else ''}"
            yield ""
            yield _comment(f"{title} (database {number})" if number > 1 else title)
            for one in part:
                yield from self._statement(one)
            yield from self._end(step)

    def _sent(self, step: Step) -> Iterator[_Sent]:
        """Yield the statements of a revision; of many from one line the first, and how many follow."""
        kept = [one for one in step.statements if one.copyable is None or not one.copyable.reads_catalog]
        left_out = len(step.statements) - len(kept)
        if not kept:
            yield _Sent(("No statements.",))
        for (_, frames), alike in itertools.groupby(kept, key=lambda one: (one.sql, one.frames)):
            group = list(alike)
            shown = [one for one in group if one.copyable is not None][:_REPEATED]
            # The failing statement is the last of its revision, and always of interest.
            shown += [one for one in group[len(shown) :] if one.seconds is None and one.copyable is not None]
            yield from (_Sent(self._comments(one), one, one.transaction) for one in shown)
            if len(group) > len(shown):
                where = f" from {frames[0].path}:{frames[0].line}" if frames else ""
                more = len(group) - len(shown)
                text = f"… {more:,} more statement{'s' * (more > 1)}{where}"
                yield _Sent((text,), transaction=group[-1].transaction)
        if left_out:
            yield _Sent((f"{plural(left_out, 'read')} of the catalog left out",))

    def _comments(self, statement: Statement) -> tuple[str, ...]:
        frames = statement.frames
        places = [f"{frame.path}:{frame.line}" for frame in frames[:1]]
        places += [f"{frame.path}:{frame.line} in {frame.function}()" for frame in frames[1:][-1:]]
        where = ", ".join(places) + (" (autocommit)" if statement.transaction is None else "")
        return (where.strip(), *self._failed(statement))

    def _failed(self, statement: Statement) -> Iterator[str]:
        failure = self._leg.failure
        if statement.seconds is not None:
            return
        last = failure is not None and failure.statement == statement
        yield f"Failed: {failure.first_line}" if last and failure is not None else "Failed"

    def _statement(self, sent: _Sent) -> Iterator[str]:
        yield from self._begin(sent.transaction)
        yield from (_comment(text) for text in sent.comments if text)
        copyable = sent.statement.copyable if sent.statement is not None else None
        if copyable is not None:
            yield from map(_ended, copyable.statements)
            if copyable.more_rows:
                yield _comment(f"… {copyable.more_rows:,} more row{'s' * (copyable.more_rows > 1)}")
            if copyable.unwritten:
                yield _comment(f"{plural(copyable.unwritten, 'value')} above cannot be written as SQL")
        yield from self._finish(sent)

    def _begin(self, number: int | None) -> Iterator[str]:
        if number is None or number in self._open:
            return
        if self._is_begun and not self._open:
            pass
        elif self._after is not None and not self._open:
            if not self._after[2]:  # AND CHAIN: the server begins the next one
                self._by_driver.add(number)
                if not self._goes_on:
                    word = self._after[1].upper()
                    yield _comment(f"After {word}: autocommit, or a transaction that the driver begins")
        else:
            yield "BEGIN;" + (" -- on another connection" if self._open else "")
        self._open.add(number)

    def _finish(self, sent: _Sent) -> Iterator[str]:
        number = sent.transaction
        ends = _ENDS.match(sent.statement.sql) if sent.statement is not None else None
        # What the driver makes of the first statement after such an end, it makes of those that follow.
        self._goes_on = ends is None and number in self._by_driver
        self._after = ends if number is not None and not self._goes_on else self._after
        alone = sent.statement if number is None else None
        self._is_begun = alone is not None and _BEGINS.match(alone.sql) is not None
        if number is None or sent is not self._last[number]:
            return
        self._open.discard(number)
        if ends or number in self._by_driver:
            return
        yield "COMMIT;" if number in self._committed else "ROLLBACK; -- not committed"

    def _end(self, step: Step) -> Iterator[str]:
        failure = self._leg.failure
        if failure is None or failure.revision != step.revision or failure.statement is not None:
            return
        if step is self._parts[-1][0]:
            yield _comment(f"The revision stopped here: {error_text(failure)}")


def _comment(text: str) -> str:
    """Return a text on one line, which nothing in it can end."""
    return f"-- {' '.join(text.split())}"


def _ended(sql: str) -> str:
    """Return a statement with a semicolon at its end, on a line of its own behind a comment."""
    text = sql.strip()
    last = text.rsplit("\n", 1)[-1]
    if text.endswith(";") or all(line.startswith("-- ") for line in text.splitlines()):
        return text
    return f"{text}\n;" if "--" in last else f"{text};"


def _capped(text: str) -> str:
    if len(text) <= _LONGEST:
        return text
    kept = text[:_LONGEST].rsplit("\n", 1)[0]
    more = text.count("\n") - kept.count("\n")
    return f"{kept}\n-- … {more:,} more lines\n"
