"""What revisions that are watched closely have sent and run, and whether two runs have sent the same."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from action.postgres.sql_tokens import Effect, Tokens, effect, tokens
from action.session.events import Event, StatementSent, StepDone, StepStarted

_SHOWN = 60
"""Lines of a diff of statements that are kept."""
_LONGEST = 2_000
"""Characters of a statement that are compared for people."""


@dataclass(frozen=True, slots=True)
class SentStatement:
    """A statement, as text and as its tokens."""

    sql: str
    tokens: Tokens
    effect: Effect


@dataclass(slots=True)
class Sent:
    """What one run of one revision has sent."""

    statements: list[SentStatement] = field(default_factory=list)
    """Without queries of the catalog."""
    lines: frozenset[int] = frozenset()
    """The lines of its file that ran."""
    finished: bool = False

    def of(self, *effects: Effect) -> list[SentStatement]:
        """Return the statements with one of these effects."""
        return [statement for statement in self.statements if statement.effect in effects]


class SentByRevision:
    """Listens to runs, and keeps what the watched revisions have sent; the last run of each counts."""

    def __init__(self, watched: Sequence[str]) -> None:
        self.watched = frozenset(watched)
        self.steps: list[str] = []
        """Every revision that was started, in order."""
        self._found: dict[str, Sent] = {}
        self._now: Sent | None = None

    def __call__(self, event: Event) -> None:
        """Take in one event."""
        match event:
            case StepStarted(revision=revision):
                self.steps.append(revision)
                self._now = Sent() if revision in self.watched else None
                if self._now is not None:
                    self._found[revision] = self._now
            case StatementSent(sql=sql, values=values) if self._now is not None:
                found = tokens(sql, values)
                if (seen := effect(found)) is not Effect.NOTHING:
                    self._now.statements.append(SentStatement(sql, found, seen))
            case StepDone(lines=lines) if self._now is not None:
                self._now.lines, self._now.finished = frozenset(lines), True
                self._now.statements = _with_lost_defaults(self._now.statements)
            case _:
                pass

    def of(self, revision: str) -> Sent | None:
        """Return what a revision has sent; None where it did not run to its end."""
        found = self._found.get(revision)
        return found if found is not None and found.finished else None


def _with_lost_defaults(statements: list[SentStatement]) -> list[SentStatement]:
    """Return the statements, of which a default that fills a new column counts as data where it does not stay."""
    pairs = {pair for one in statements for pair in pairwise(one.tokens)}
    if not pairs & {("drop", "default"), ("set", "default")}:
        return statements
    return [
        SentStatement(one.sql, one.tokens, Effect.DATA)
        if one.tokens[:1] == ("alter",) and {"add", "default"} <= set(one.tokens)
        else one
        for one in statements
    ]


def same_statements(old: Sent, new: Sent, again: Sent | None = None) -> bool:
    """Return whether two runs have sent the same; what differs between ``old`` and ``again`` does not count."""
    return _same(old.statements, new.statements, again.statements if again else None)


def same_with(effects: Collection[Effect], old: Sent, new: Sent, again: Sent | None = None) -> bool:
    """Return whether two runs have sent the same statements with these effects; ``again`` as above."""
    return _same(old.of(*effects), new.of(*effects), None if again is None else again.of(*effects))


def alike(old: Sent, new: Sent) -> bool:
    """Return whether two runs may differ only in values that every run makes anew."""
    shapes = ([len(one.tokens) for one in sent.statements] for sent in (old, new))
    return next(shapes) == next(shapes)


def _same(old: Sequence[SentStatement], new: Sequence[SentStatement], again: Sequence[SentStatement] | None) -> bool:
    third: Sequence[SentStatement | None] = [None] * len(old) if again is None or len(again) != len(old) else again
    return len(old) == len(new) and all(
        _alike(one.tokens, other.tokens, None if varied is None else varied.tokens)
        for one, other, varied in zip(old, new, third, strict=True)
    )


def _alike(old: Tokens, new: Tokens, again: Tokens | None) -> bool:
    if old == new:
        return True
    if again is None or not len(old) == len(new) == len(again):
        return False
    return all(one == other or one != varied for one, other, varied in zip(old, new, again, strict=True))


def diff_of(old: Sent, new: Sent) -> str:
    """Return the unified diff of the statements of two runs."""
    before, after = (
        [line for one in sent.statements for line in f"{one.sql.strip()[:_LONGEST]};".splitlines()]
        for sent in (old, new)
    )
    lines = list(difflib.unified_diff(before, after, lineterm=""))[2:]  # without names of files
    more = [f"[{len(lines) - _SHOWN} more lines]"] if len(lines) > _SHOWN else []
    return "\n".join(lines[:_SHOWN] + more)
