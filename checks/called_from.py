"""The lines of a version file that led to an observation, for the comments that suppress a finding about it."""

from __future__ import annotations

from collections.abc import Iterable

from checks.graph.algorithms import by_id
from checks.recording.places import Frame
from checks.recording.revisions import Graph


def called_from(graph: Graph, revision: str | None, frames: Iterable[Frame]) -> tuple[int, ...]:
    """Return the lines of a revision's file among stack frames, each once, as they call each other."""
    own = by_id(graph).get(revision) if revision is not None else None
    if own is None:
        return ()
    return tuple(dict.fromkeys(frame.line for frame in frames if frame.path == own.path))
