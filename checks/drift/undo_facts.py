"""Write what was observed of a proposed migration: whether it applies, undoes and applies again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from checks.comparison.by_table import tuple_of
from checks.recording.absent import Absent
from checks.recording.models import Candidate
from checks.recording.schema import Fate, ObjectChange

_SHOWN = 3


def undo_facts(candidate: Candidate) -> tuple[str, ...]:
    """Return the facts; none where the undo was not of interest."""
    tried = candidate.undo
    if tried is None:
        return ()
    if isinstance(tried, Absent):
        return ("applies", f"downgrade() did not run, because {tried.reason}")
    if tried.failure is not None:
        return ("applies", f"downgrade() fails: {_first_line(tried.failure)}")
    facts = ["applies, undoes"]
    if tried.again_failure is None:
        facts = ["applies, undoes, applies again"]
    facts += _left(tried.left)
    if tried.again_failure is not None:
        facts.append(f"upgrade() fails after downgrade(): {_first_line(tried.again_failure)}")
    if tried.again:
        facts.append(f"the second upgrade() differs in {_listed([_named(change) for change in tried.again])}")
    return tuple(facts)


def _left(changes: Sequence[ObjectChange]) -> Iterator[str]:
    kept = [text for change in changes for text in _kept(change)]
    lost = [_named(change) for change in changes if change.fate is Fate.WENT]
    if kept:
        yield f"undoing leaves {_listed(kept)}"
    if lost:
        yield f"undoing does not restore {_listed(lost)}"


def _kept(change: ObjectChange) -> Iterator[str]:
    if change.fate is Fate.CAME:
        yield _named(change)
    elif change.before is not None and change.after is not None:
        before, after = change.before, change.after
        values = tuple_of(after, "values") if change.key.kind == "enum" else ()
        added = [value for value in values if value not in tuple_of(before, "values")]
        yield from (f"enum value {'.'.join((*change.key.path, value))}" for value in added)
        if not added:
            names = ", ".join(name.replace("_", " ") for name in change.attributes)
            yield f"another {names} of {_named(change)}"


def _named(change: ObjectChange) -> str:
    return f"{change.key.kind} {'.'.join(change.key.path)}"


def _listed(names: Sequence[str]) -> str:
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _first_line(error: str) -> str:
    return error.strip().splitlines()[0] if error.strip() else "no message"
