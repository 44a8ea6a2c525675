"""Say what a deploy that fails leaves behind, as it was observed, and how to undo that by hand."""

from __future__ import annotations

from collections.abc import Iterator

from checks.comparison.drop_lines import drop_lines
from checks.failure_texts import SQL_SHOWN
from checks.findings import Snippet
from checks.plural import listed, plural
from checks.recording.legs import Leg
from checks.recording.remains import RowChange, SequenceMove
from checks.recording.schema import Fate, ObjectChange
from checks.sql import identifier

_RERUN = "The next deploy reruns the whole revision over what this one left behind."
_UNDO = "If it has happened, undo it by hand before the next deploy"
_FATES = {Fate.CAME: "new", Fate.WENT: "gone", Fate.CHANGED: "changed"}
_KINDS = {"databases": "DATABASE", "roles": "ROLE", "tablespaces": "TABLESPACE"}


def after_failure(leg: Leg) -> str:
    """Return what a deploy that fails here leaves behind, as observed in the scratch database and on its server."""
    stays = list(_not_rolled_back(leg))
    return f"{_state(leg)} Not rolled back: {'; '.join(stays)}." if stays else _state(leg)


def _state(leg: Leg) -> str:
    """Return how much of it is committed, and where the version table is."""
    version = f"at {', '.join(leg.versions_after)}" if leg.versions_after else "empty"
    half = "A failed deploy stops halfway: it has"
    if leg.left_behind:
        done = plural(len(leg.left_behind), "statement")
        return f"{half} committed {done} of this revision, but the version table is {version}. {_RERUN}"
    if leg.changed:
        done = plural(len(leg.changed), "database object")
        return f"{half} changed {done}, but the version table is still {version}. {_RERUN}"
    if leg.remains.rows:
        tables = listed([f"{one.schema}.{one.table}" for one in leg.remains.rows])
        return f"{half} changed the rows of {tables}, but the version table is still {version}. {_RERUN}"
    if leg.versions_after != leg.versions_before:
        return (
            f"A failed deploy leaves the version table {version}: the revisions before this one are committed, this "
            "one is not."
        )
    if any(_not_rolled_back(leg)):
        return f"A failed deploy rolls back what it has changed, and the version table is still {version}."
    return f"A failed deploy changes nothing: everything is rolled back, and the version table is still {version}."


def _not_rolled_back(leg: Leg) -> Iterator[str]:
    """Yield a clause for each kind of what no rollback undoes."""
    remains = leg.remains
    if remains.sequences:
        yield listed([_move(one) for one in remains.sequences])
    for kind in _KINDS:
        yield from (f"the {kind[:-1]} {name} exists" for name in getattr(remains, kind))
    for who, files in (("server", remains.files), ("migration", remains.written)):
        if files:
            yield f"the {who} wrote the {'file' if len(files) == 1 else 'files'} {listed(files)}"


def _move(one: SequenceMove) -> str:
    since = "" if one.before is None else f"from {one.before} "
    return f"the sequence {one.schema}.{one.name} went {since}to {one.after}"


def what_stays(leg: Leg) -> Iterator[Snippet]:
    """Yield what is committed: the statements, or else the objects and the tables."""
    if leg.left_behind:
        yield Snippet(title="Already committed", text=";\n".join(leg.left_behind)[:SQL_SHOWN], language="sql")
        return
    if leg.changed:
        yield Snippet(title="Changed objects", text="\n".join(map(_change, leg.changed))[:SQL_SHOWN])
    if leg.remains.rows:
        yield Snippet(title="Changed rows", text="\n".join(map(_rows, leg.remains.rows))[:SQL_SHOWN])


def _change(change: ObjectChange) -> str:
    key, after = change.key, change.after
    invalid = after is not None and after.kind == "index" and after.attributes.get("valid") is False
    return f"{key.kind} {'.'.join(key.path)} is {_FATES[change.fate]}{', and invalid' if invalid else ''}"


def _rows(change: RowChange) -> str:
    table = f"table {change.schema}.{change.table}"
    if change.found == change.expected:
        return f"{table} has other values"
    return f"{table} has {plural(change.found, 'row')} instead of {change.expected}"


def by_hand(leg: Leg) -> Iterator[Snippet]:
    """Yield the SQL that drops what a failed deploy has left, where all of it is undone by that."""
    if leg.remains.rows:
        return
    lines = drop_lines(leg.changed, lambda key: True)
    if lines is None:
        return
    for kind, word in _KINDS.items():
        lines += [f"DROP {word} {identifier(name)};" for name in getattr(leg.remains, kind)]
    if lines:
        yield Snippet(title=_UNDO, text="\n".join(lines), language="sql")
