"""Revisions that do not run again after they stopped half-way, each with what stands in the way and the way out."""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from checks.graph.algorithms import by_id
from checks.plural import listed, plural
from checks.recording.legs import DEPLOYS, Statement
from checks.recording.places import Frame
from checks.recording.replays import Replay, Replays
from checks.recording.revisions import Revision
from checks.recording.schema import ObjectChange
from checks.recording.tree import TreeRecording
from checks.replay.repeatable import finalizing


class Kind(enum.StrEnum):
    """What becomes of the second upgrade."""

    FAILS = "fails"
    INVALID = "invalid"
    """An index stays that PostgreSQL does not use."""
    SCHEMA = "schema"
    ROWS = "rows"


@dataclass(frozen=True, kw_only=True)
class TornRevision:
    """A revision, and the stops in it after which the next upgrade has one kind of trouble."""

    recording: TreeRecording
    replays: Replays
    revision: str
    kind: Kind
    stops: tuple[Replay, ...]
    """Those with the trouble, in their order."""

    @property
    def first(self) -> Replay:
        """Return the first stop with the trouble."""
        return self.stops[0]

    @property
    def at(self) -> Statement | None:
        """Return the statement that it was stopped after, or in."""
        return statement_of(self.first)

    @property
    def file(self) -> Revision | None:
        """Return the version file."""
        return by_id(self.recording.graph).get(self.revision)

    @cached_property
    def committed(self) -> tuple[Statement, ...]:
        """Return the statements that are permanent before the revision's row in the version table is."""
        return tuple(s for one in self.replays.commits if self.revision in one.torn for s in one.statements)

    def done(self, stop: Replay) -> tuple[Statement, ...]:
        """Return those that were permanent at a stop, with the one that was interrupted."""
        found = [s for one in self.replays.commits if self.revision in one.torn and 0 < one.number <= stop.stop.number
                 for s in one.statements]  # fmt: skip
        return (*found, *((stop.during,) if stop.during is not None else ()))

    def rest(self, stop: Replay) -> tuple[Statement, ...]:
        """Return what an undisturbed deploy sent after a stop, without queries."""
        every = [s for one in self.replays.commits for s in one.statements if (s.sql, s.frames) in self._own]
        done = Counter((s.sql, s.frames) for s in self.done(stop) if s is not stop.during)
        rest = []
        for statement in every:
            key = statement.sql, statement.frames
            done[key] -= 1
            if done[key] < 0:
                rest.append(statement)
        return tuple(rest)

    @cached_property
    def _own(self) -> set[tuple[str, tuple[Frame, ...]]]:
        """Return the statements of the revision in a deploy, each with the lines of Python that sent it."""
        steps = [step for leg in self.recording.legs if leg.name in DEPLOYS for step in leg.steps]
        return {(s.sql, s.frames) for step in steps if step.revision == self.revision for s in step.statements}


def torn_revisions(recording: TreeRecording, replays: Replays) -> Iterator[TornRevision]:
    """Yield each revision with each kind of trouble that its stops have."""
    found: dict[tuple[str, Kind], list[Replay]] = {}
    for replay in replays.replays:
        for kind in kinds_of(replay):
            found.setdefault((_revision_of(replay), kind), []).append(replay)
    for (revision, kind), stops in found.items():
        yield TornRevision(recording=recording, replays=replays, revision=revision, kind=kind, stops=tuple(stops))


def kinds_of(replay: Replay) -> list[Kind]:
    """Return the trouble of the upgrade after a stop; none where it made what an undisturbed deploy makes."""
    again = replay.again
    if again is None or (again.failure is None and again.obstacle is not None):
        return []
    if again.failure is not None:
        return [Kind.FAILS]
    found = [Kind.INVALID] if any(map(is_invalid, replay.differs)) else []
    found += [Kind.SCHEMA] if not all(map(is_invalid, replay.differs)) else []
    return found + ([Kind.ROWS] if replay.rows else [])


def is_invalid(change: ObjectChange) -> bool:
    """Tell whether an index is not valid that an undisturbed deploy makes otherwise, or not at all."""
    after = change.after
    return after is not None and after.kind == "index" and after.attributes.get("valid") is False


def statement_of(replay: Replay) -> Statement | None:
    """Return the statement that a deploy was stopped after, or in."""
    return replay.during or next(iter(replay.stop.statements[-1:]), None)


def line_of(statement: Statement | None) -> int | None:
    """Return the line of the version file that sent a statement."""
    return statement.frames[0].line if statement is not None and statement.frames else None


def lines_of(statements: Sequence[Statement]) -> str:
    """Return ``line 12`` or ``lines 12 and 14``; empty where none is known."""
    lines = sorted({line for line in map(line_of, statements) if line is not None})
    if not lines:
        return ""
    *others, last = map(str, lines)
    if not others:
        return f"line {last}"
    return f"lines {', '.join(others)} and {last}" if len(lines) <= 4 else f"lines {listed(list(map(str, lines)), 3)}"


def stopped_at(replay: Replay) -> str:
    """Return where a deploy was stopped: ``while line 14 built an index``, ``after line 12``."""
    line = line_of(statement_of(replay))
    where = f"line {line}" if line is not None else "the statement"
    if replay.during is not None:
        return f"while {where} {'detached a partition' if finalizing(replay.during.sql) else 'built an index'}"
    count = len(replay.stop.statements)
    return (
        f"after {where} was committed"
        if count < 2
        else f"after {plural(count, 'statement')} up to {where} were committed"
    )


def _revision_of(replay: Replay) -> str:
    torn = replay.stop.torn
    failed = replay.again.failure.revision if replay.again is not None and replay.again.failure is not None else None
    if failed is not None and (failed in torn or not torn):
        return failed
    return torn[-1] if torn else replay.stop.revision
