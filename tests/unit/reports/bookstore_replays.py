"""The pull request's revision that commits in parts, as it was recorded when its deploy was stopped half-way."""

from __future__ import annotations

from checks.recording.legs import Leg, LegName, Statement, Step
from checks.recording.places import Frame
from checks.recording.remains import RowChange
from checks.recording.replays import Commit, Replay, Replays
from checks.recording.schema import Attribute, ObjectChange, SchemaObject
from tests.unit.reports.bookstore_revisions import PUBLISHER, REVIEW

_FILE = f"migrations/versions/{REVIEW}_add_review_table.py"


def _sent(line: int, sql: str) -> Statement:
    frame = Frame(path=_FILE, line=line, function="upgrade")
    return Statement(sql=sql, frames=(frame,), seconds=0.01, committed=True)


_INDEX = _sent(26, "CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_book_title ON book (title)")
_GENRES = _sent(27, "INSERT INTO genre (name) VALUES ('Crime'), ('Poetry'), ('Travel')")
_TORN = (REVIEW,)
STEPS = (Step(revision=REVIEW, seconds=0.09, statements=(_INDEX, _GENRES)),)


def _index(*, valid: bool) -> SchemaObject:
    attributes: dict[str, Attribute] = {"valid": valid, "definition": "USING btree (title)"}
    return SchemaObject(kind="index", schema="public", table="book", name="ix_book_title", attributes=attributes)


def torn() -> Replays:
    """Return three stops: after the first and the last, the next upgrade makes something else."""
    before = Commit(number=1, revision=REVIEW, torn=_TORN)
    built = Commit(number=2, revision=REVIEW, statements=(_INDEX,), torn=_TORN)
    filled = Commit(number=3, revision=REVIEW, statements=(_GENRES,), torn=_TORN)
    again = Leg(name=LegName.AGAIN, target=_TORN, versions_before=(PUBLISHER,), versions_after=_TORN)
    invalid = ObjectChange(before=_index(valid=True), after=_index(valid=False))
    rows = RowChange(schema="public", table="genre", expected=3, found=6)
    return Replays(
        commits=(built, filled, Commit(number=5, revision=REVIEW)),
        replays=(
            Replay(stop=before, during=_INDEX, again=again, differs=(invalid,)),
            Replay(stop=built, again=again),
            Replay(stop=filled, again=again, rows=(rows,)),
        ),
    )
