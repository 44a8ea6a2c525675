"""What the findings of one revision have in common: where it is, whose it is, and the place of a statement."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from checks.findings import Severity, Snippet
from checks.graph.algorithms import by_id
from checks.recording.legs import Statement
from checks.recording.losses import Loss
from checks.recording.places import Frame
from checks.recording.tree import TreeRecording

_SQL_SHOWN = 4_000
"""Most characters of SQL in one snippet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedLoss:
    """One revision whose losses are judged."""

    recording: TreeRecording
    loss: Loss
    base: str
    """The name of the base, such as ``main``."""
    is_old: bool
    """Whether the base has the revision already."""

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
            return statement.frames[0].path, _own_line(statement.frames)
        revision = by_id(self.recording.graph).get(self.loss.revision)
        return (revision.path, revision.line) if revision else (None, None)

    def evidence(self, statement: Statement | None) -> Iterator[Snippet]:
        """Yield the statement, and the calls that led to it where it is in a helper."""
        if statement is None:
            return
        yield Snippet(title="Statement", text=statement.sql.strip()[:_SQL_SHOWN], language="sql")
        if len(statement.frames) > 1:
            lines = [f"{frame.path}:{frame.line} in {frame.function}" for frame in statement.frames]
            yield Snippet(title="Called through", text="\n".join(lines))


def _own_line(frames: tuple[Frame, ...]) -> int:
    """Return the line of ``upgrade()``; where it only calls the function for one of several databases, that one's."""
    first, *others = frames
    inner = next((frame for frame in others[:1] if frame.path == first.path), first)
    return inner.line if inner.function.startswith(f"{first.function}_") else first.line


def dotted(*names: str) -> str:
    """Return the full name of an object, such as ``public.book.isbn``."""
    return ".".join(name for name in names if name)
