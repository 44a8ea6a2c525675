"""What came of a deploy that was stopped half-way and then run again, on copies of the deployed database."""

from __future__ import annotations

from dataclasses import dataclass

from checks.recording.legs import Leg, Statement
from checks.recording.places import Frame
from checks.recording.remains import RowChange
from checks.recording.schema import ObjectChange


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """A commit of the deploy that made statements of a revision, or its row in the version table, permanent."""

    number: int
    """How many commits the server had acknowledged with it; 0 for one that changes the version table alone."""
    revision: str
    """The revision under way."""
    statements: tuple[Statement, ...] = ()
    """What it made permanent, without queries; in autocommit a single one."""
    torn: tuple[str, ...] = ()
    """The revisions of which statements are permanent by then, and the row in the version table is not."""

    @property
    def frames(self) -> tuple[Frame, ...]:
        """Return the lines of Python that it is for; empty where they are not known."""
        return self.statements[-1].frames if self.statements else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """One stop of the deploy, and the upgrade that ran again on what it left."""

    stop: Commit
    """The last commit before the stop."""
    during: Statement | None = None
    """The statement that was interrupted while the server was at work on it; None for a stop right after a commit."""
    again: Leg | None = None
    """The second upgrade; None where ``reason`` says why it did not run."""
    differs: tuple[ObjectChange, ...] = ()
    """Where that reached the heads. Before: an undisturbed deploy. After: the second upgrade."""
    rows: tuple[RowChange, ...] = ()
    reason: str = ""
    """Why it says nothing: a sentence for the report."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replays:
    """The commits of a deploy, and the stops at which it was cut."""

    commits: tuple[Commit, ...] = ()
    """In their order."""
    replays: tuple[Replay, ...] = ()
    left_out: tuple[Commit, ...] = ()
    """Stops beyond the most that a run makes, at lines that no other stop is at."""
    repeated: int = 0
    """How many more commits of the same lines were not stopped after."""
    alone: tuple[str, ...] = ()
    """The revisions to judge that the deploy did not run: the base has them already."""
