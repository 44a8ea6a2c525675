"""What the findings of one revision have in common: where it is, whose it is, and the place of a statement."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypedDict

from checks.called_from import called_from
from checks.failure_texts import SQL_SHOWN, frame_text, own_line
from checks.findings import Severity, Snippet
from checks.graph.algorithms import by_id
from checks.judged import is_old
from checks.recording.legs import Statement
from checks.recording.losses import Loss
from checks.recording.tree import TreeRecording

NO_BASE = "The revision is compared with the one before it, because no base is known."


class Placed(TypedDict):
    """The fields of a finding that say where it is and whose."""

    path: str | None
    line: int | None
    revision: str
    old: bool
    called_from: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedLoss:
    """One revision whose losses are judged."""

    recording: TreeRecording
    loss: Loss
    base: str
    """The name of the base, such as ``main``; empty where no base is known."""

    @property
    def has_base(self) -> bool:
        """Return whether there is a base, so that a release is known to run."""
        return bool(self.base)

    @property
    def is_old(self) -> bool:
        """Return whether the base has the revision already."""
        return is_old(self.recording, self.loss.revision)

    @property
    def models_unread(self) -> str:
        """Return why the models of the base could not be read."""
        return self.loss.models_unknown.strip().rstrip(".") or "they were not built"

    @property
    def named(self) -> str:
        """Return the revision as the subject of a sentence."""
        return f"Revision {self.loss.revision}"

    def weighed(self, severity: Severity) -> Severity:
        """Return a notice in place of the severity, where the base has the revision already."""
        return Severity.NOTICE if self.is_old else severity

    def place(self, statement: Statement | None) -> tuple[str | None, int | None]:
        """Return path and line of what sent a statement; where that is not known, of the revision."""
        if statement is not None and statement.frames:
            return statement.frames[0].path, own_line(statement.frames)
        revision = by_id(self.recording.graph).get(self.loss.revision)
        return (revision.path, revision.line) if revision else (None, None)

    def place_of(self, statement: Statement | None) -> Placed:
        """Return the fields of a finding that say where it is and whose."""
        path, line = self.place(statement)
        frames = () if statement is None else statement.frames
        return {
            "path": path,
            "line": line,
            "revision": self.loss.revision,
            "old": self.is_old,
            "called_from": called_from(self.recording.graph, self.loss.revision, frames),
        }

    def evidence(self, statement: Statement | None) -> Iterator[Snippet]:
        """Yield the statement, and the calls that led to it where it is in a helper."""
        if statement is None:
            return
        yield Snippet(title="Statement", text=statement.sql.strip()[:SQL_SHOWN], language="sql")
        if len(statement.frames) > 1:
            yield Snippet(title="Called through", text="\n".join(map(frame_text, statement.frames)))


def dotted(*names: str) -> str:
    """Return the full name of an object, such as ``public.book.isbn``."""
    return ".".join(name for name in names if name)
