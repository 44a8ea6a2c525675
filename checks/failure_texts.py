"""Say where a run of the migrations failed, and with which error."""

from __future__ import annotations

from checks.recording.legs import Failure, FailureKind
from checks.recording.places import Frame
from checks.recording.tree import TreeRecording

SQL_SHOWN = 4_000
"""Most characters of SQL in one snippet."""


def place(recording: TreeRecording, failure: Failure) -> tuple[str | None, int | None]:
    """Return the path and line of the version file that led to the failure.

    Where no line is known, return that of ``revision =``. Return (None, None) for an error of Alembic itself, and for
    one outside any revision.
    """
    if failure.error == "CommandError" and failure.revision is None:
        return None, None  # Alembic's own refusal: the line of env.py that called it is not the one to change
    frames = frames_to(failure)
    if frames:
        return frames[0].path, own_line(frames)
    revision = next((r for r in recording.graph.revisions if r.id == failure.revision), None)
    return (revision.path, revision.line) if revision else (None, None)


def frames_to(failure: Failure) -> tuple[Frame, ...]:
    """Return the project's frames that led to a failure, outermost first: those of its statement where there is one."""
    return (failure.statement.frames if failure.statement else ()) or failure.frames


def own_line(frames: tuple[Frame, ...]) -> int:
    """Return the line of ``upgrade()``; where it only calls the function for one of several databases, that one's."""
    first, *others = frames
    inner = next((frame for frame in others[:1] if frame.path == first.path), first)
    return inner.line if inner.function.startswith(f"{first.function}_") else first.line


def error_text(failure: Failure) -> str:
    """Return the first line of the error, of an exception after its class; without a message the class alone."""
    first = failure.first_line or failure.error
    has_class = failure.kind is FailureKind.PYTHON and failure.error not in ("", first.rstrip("."))
    return f"{failure.error}: {first}" if has_class else first


def server_error(failure: Failure) -> str:
    """Return the server's error as psql prints it."""
    lines = [f"ERROR:  {failure.sqlstate}: {failure.message}"]
    lines += [f"DETAIL:  {failure.detail}"] if failure.detail else []
    lines += [f"HINT:  {failure.hint}"] if failure.hint else []
    return "\n".join(lines)


def frame_text(frame: Frame) -> str:
    """Return a line of Python with its function."""
    return f"{frame.path}:{frame.line} in {frame.function}"
