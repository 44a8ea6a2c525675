"""What a proposed migration's title says of its undo."""

from __future__ import annotations

import pytest

from checks.drift.undo_facts import undo_facts
from checks.recording.absent import Absent
from checks.recording.models import Candidate, TriedUndo
from checks.recording.schema import ObjectChange, Schema, SchemaObject
from tests.unit.checks.schemas import alone, index, table

BOOK = table("book", index("ix", "USING btree (id)"))[1]
MOOD, MORE = (alone("enum", "mood", values=values) for values in (("sad",), ("sad", "ok", "glad")))
TYPES = tuple(alone("enum", name, values=("a",)) for name in "abcd")


def change(before: SchemaObject | None, after: SchemaObject | None) -> ObjectChange:
    return ObjectChange(before=before, after=after)


def invalid() -> SchemaObject:
    return SchemaObject(
        kind="index", schema="public", table="book", name="ix", attributes={**BOOK.attributes, "valid": False}
    )


@pytest.mark.parametrize(
    ("tried", "facts"),
    [
        (None, ()),
        (TriedUndo(), ("applies, undoes, applies again",)),
        (
            TriedUndo(left=(change(MOOD, MORE),)),
            (
                "applies, undoes, applies again",
                "undoing leaves enum value public.mood.ok, enum value public.mood.glad",
            ),
        ),
        (
            TriedUndo(left=tuple(change(None, item) for item in TYPES)),
            (
                "applies, undoes, applies again",
                "undoing leaves enum public.a, enum public.b, enum public.c and 1 more",
            ),
        ),
        (
            TriedUndo(left=(change(BOOK, None), change(invalid(), BOOK))),
            (
                "applies, undoes, applies again",
                "undoing leaves another valid of index public.book.ix",
                "undoing does not restore index public.book.ix",
            ),
        ),
        (
            TriedUndo(failure='column "x" does not exist\nLINE 1'),
            ("applies", 'downgrade() fails: column "x" does not exist'),
        ),
        (
            TriedUndo(left=(change(None, MOOD),), again_failure='type "mood" already exists'),
            (
                "applies, undoes",
                "undoing leaves enum public.mood",
                'upgrade() fails after downgrade(): type "mood" already exists',
            ),
        ),
        (
            TriedUndo(again=(change(None, MOOD),)),
            ("applies, undoes, applies again", "the second upgrade() differs in enum public.mood"),
        ),
        (Absent(reason="it died"), ("applies", "downgrade() did not run, because it died")),
    ],
)
def test_the_facts_are_what_was_observed(tried: TriedUndo | Absent | None, facts: tuple[str, ...]) -> None:
    candidate = Candidate(path="x.py", content="", revision="x", empty=False, repaired=Schema(), undo=tried)
    assert undo_facts(candidate) == facts
