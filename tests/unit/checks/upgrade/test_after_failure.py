"""What a deploy that fails leaves behind, in sentences."""

from __future__ import annotations

import pytest

from checks.recording.legs import Leg, LegName
from checks.recording.remains import Remains, RowChange, SequenceMove
from checks.upgrade.after_failure import after_failure, by_hand, what_stays

BACK = "A failed deploy rolls back what it has changed, and the version table is still at a."
HALF = "A failed deploy stops halfway: it has changed the rows of public.book, but the version table is still at a. "
RERUN = "The next deploy reruns the whole revision over what this one left behind."
MOVES = tuple(SequenceMove(schema="public", name=f"s{n}", before=n, after=n + 1) for n in range(1, 6))
SENTENCES = {
    "many sequences": (
        Remains(sequences=MOVES),
        f"{BACK} Not rolled back: the sequence public.s1 went from 1 to 2, the sequence public.s2 went from 2 to 3, "
        "the sequence public.s3 went from 3 to 4 and 2 more.",
    ),
    "objects of the server": (
        Remains(databases=("reports",), roles=("clerk", "guard"), tablespaces=("fast",)),
        f"{BACK} Not rolled back: the database reports exists; the role clerk exists; the role guard exists; "
        "the tablespace fast exists.",
    ),
    "files": (
        Remains(files=("/tmp/a", "/tmp/b"), written=("c.csv",)),
        f"{BACK} Not rolled back: the server wrote the files /tmp/a, /tmp/b; the migration wrote the file c.csv.",
    ),
    "rows": (
        Remains(rows=(RowChange(schema="public", table="book", expected=1, found=1),)),
        HALF + RERUN,
    ),
    "nothing": (
        Remains(),
        "A failed deploy changes nothing: everything is rolled back, and the version table is still at a.",
    ),
}


def failed(remains: Remains) -> Leg:
    before = ("a",)
    return Leg(
        name=LegName.BASE_TO_HEADS, target=("b",), versions_before=before, versions_after=before, remains=remains
    )


@pytest.mark.parametrize("name", SENTENCES)
def test_each_kind_of_what_stays_has_its_clause(name: str) -> None:
    remains, sentence = SENTENCES[name]
    assert after_failure(failed(remains)) == sentence


def test_rows_with_other_values_are_listed_and_nothing_is_to_be_dropped() -> None:
    leg = failed(SENTENCES["rows"][0])
    assert [(one.title, one.text) for one in what_stays(leg)] == [
        ("Changed rows", "table public.book has other values")
    ]
    assert list(by_hand(leg)) == []


def test_objects_of_the_server_are_dropped_by_hand() -> None:
    (snippet,) = by_hand(failed(SENTENCES["objects of the server"][0]))
    assert snippet.text == "DROP DATABASE reports;\nDROP ROLE clerk;\nDROP ROLE guard;\nDROP TABLESPACE fast;"
