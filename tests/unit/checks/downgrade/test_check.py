"""Check `downgrade`, on recordings made by hand: what could not be judged, and what counts as what."""

from __future__ import annotations

from dataclasses import replace

import pytest

from checks.check import Outcome
from checks.downgrade.check import run
from checks.findings import Severity, Status
from checks.made_base import BETTER_BASE
from checks.policy import Policy
from checks.recording.absent import Absent
from checks.recording.legs import Failure, FailureKind, Leg, LegName, MadeBy
from checks.recording.obstacles import Obstacle, ObstacleKind
from checks.recording.revisions import Changes
from checks.recording.round_trips import RoundTrip
from checks.recording.schema import ObjectChange, SchemaObject
from checks.recording.tree import NO_BASE, Recording, TreeRecording
from tests.unit.checks.schemas import column
from tests.unit.reports import bookstore_recordings as recordings
from tests.unit.reports.bookstore_downgrades import NEW, RATING, STATES, UNIQUE, downgrades
from tests.unit.reports.bookstore_revisions import REVIEW

SKIPPED = Status.SKIPPED
OBSTACLE = Obstacle(kind=ObstacleKind.NOT_AT_HEADS, message="The version table is at b.")
STOPPED = replace(OBSTACLE, kind=ObstacleKind.LOAD_FAILED, message="env.py fails.")
RULES = {
    STATES: ["downgrade-loses", "downgrade-leaves", "upgrade-again-fails"],
    UNIQUE: ["downgrade-fails"],
    RATING: ["downgrade-missing"],
}


def tree(recording: Recording) -> TreeRecording:
    (found,) = recording.trees
    return found


GREEN, WRONG = tree(recordings.all_green()), tree(downgrades())
assert isinstance(GREEN.changes, Changes)
assert isinstance(GREEN.round_trips, tuple)
NOTHING_NEW = replace(GREEN.changes, new=(), merged_graph=GREEN.graph, base_graph=GREEN.graph, fork_graph=GREEN.graph)
(TRIP,) = GREEN.round_trips


def judged(recording: TreeRecording) -> Outcome:
    return run(recording, Policy())


def with_trip(**changed: object) -> TreeRecording:
    return replace(GREEN, round_trips=(replace(TRIP, **changed),))  # type: ignore[arg-type]


def reason(recording: TreeRecording) -> tuple[Status | None, str | None, bool, str | None]:
    outcome = judged(recording)
    return outcome.unjudged, outcome.reason, outcome.required, outcome.follows


def test_a_downgrade_that_puts_everything_back_has_no_finding() -> None:
    assert judged(GREEN) == Outcome()
    assert judged(with_trip(redo=None, is_as_before=True)) == Outcome()


def test_each_revision_has_its_own_findings() -> None:
    found = judged(WRONG).findings
    assert {id_: [f.rule for f in found if f.revision == id_] for id_ in RULES} == RULES
    assert [f for f in found if f.revision == REVIEW] == []


def test_what_the_base_has_already_is_a_notice() -> None:
    assert isinstance(WRONG.changes, Changes)
    old = replace(WRONG, changes=replace(WRONG.changes, new=(REVIEW,)))
    assert {f.severity for f in judged(old).findings} == {Severity.NOTICE}
    without_a_base = replace(WRONG, changes=NO_BASE)
    assert [f.rule for f in judged(without_a_base).findings] == [rule for rules in RULES.values() for rule in rules]
    assert {f.severity for f in judged(without_a_base).findings} == {Severity.ERROR, Severity.WARNING}


ABSENT = Absent(reason="The base main was not found.")
FAILED = replace(GREEN.legs[1], failure=Failure(kind=FailureKind.DATABASE, message="no", revision=REVIEW))


@pytest.mark.parametrize(
    ("recording", "expected"),
    [
        (replace(GREEN, changes=ABSENT, judged=()), (SKIPPED, ABSENT.reason, True, "history")),
        (replace(GREEN, changes=NO_BASE, judged=(), base_expected=False), (SKIPPED, NO_BASE.reason, False, "history")),
        (replace(GREEN, changes=NOTHING_NEW, judged=(), round_trips=ABSENT), (None, None, True, None)),
        (
            replace(GREEN, obstacle=STOPPED),
            (Status.ERROR, "The migrations could not run: see upgrade.", True, "upgrade"),
        ),
        (
            replace(GREEN, legs=(GREEN.legs[0], FAILED), round_trips=ABSENT),
            (SKIPPED, "The migrations were not applied, so nothing could be undone: see upgrade.", True, "upgrade"),
        ),
        (replace(GREEN, round_trips=Absent(reason="It stopped.")), (SKIPPED, "It stopped.", True, None)),
        (replace(GREEN, round_trips=()), (SKIPPED, f"The downgrade of {REVIEW} did not run.", True, None)),
        (
            with_trip(undo=None, redo=None, reason="It could not be applied."),
            (SKIPPED, f"The downgrade of revision {REVIEW} was not judged. It could not be applied.", True, None),
        ),
        (
            with_trip(undo=replace(TRIP.undo, obstacle=OBSTACLE)),  # type: ignore[type-var]
            (SKIPPED, f"The downgrade of revision {REVIEW} could not run. The version table is at b.", True, None),
        ),
        (
            with_trip(redo=None),
            (SKIPPED, f"Revision {REVIEW} was not applied again after its downgrade().", True, None),
        ),
    ],
    ids=["no base", "none wanted", "nothing new", "no run", "failed", "stopped", "none", "alone", "obstacle", "again"],
)  # fmt: skip
def test_what_was_not_judged_is_said(
    recording: TreeRecording, expected: tuple[Status | None, str | None, bool, str | None]
) -> None:
    assert reason(recording) == expected
    assert judged(recording).findings == ()


def by_models(trip: RoundTrip) -> Outcome:
    """Judge it on a base database that was created from the models."""
    created = Leg(name=LegName.CREATE_BASE, target=(), made_by=MadeBy.MODELS)
    return judged(replace(GREEN, legs=(created, GREEN.legs[1]), round_trips=(trip,)))


def of_book(item: SchemaObject) -> SchemaObject:
    return replace(item, schema="public", table="book")


def test_a_base_of_models_proves_only_what_the_revision_itself_made() -> None:
    new, plain = of_book(column("note")), of_book(column("pages"))
    strict = replace(plain, attributes={**plain.attributes, "not_null": True})
    left = ObjectChange(before=None, after=new)
    outcome = by_models(replace(TRIP, changed=(left,), not_undone=(left,)))
    assert ([f.rule for f in outcome.findings], outcome.reason) == (["downgrade-leaves"], None)
    by_itself = ObjectChange(before=plain, after=strict)
    outcome = by_models(replace(TRIP, changed=(left,), not_undone=(by_itself,)))
    assert (outcome.findings, outcome.unjudged, outcome.reason) == (
        (),
        SKIPPED,
        f"The downgrade of revision {REVIEW} was not judged. The base database was created from the base's models "
        f"(create_all and stamp), so what it does not put back proves nothing about production.\n{BETTER_BASE}",
    )
    failure = Failure(kind=FailureKind.DATABASE, message='index "ix" does not exist', revision=REVIEW, sqlstate="42704")
    assert TRIP.undo is not None
    outcome = by_models(replace(TRIP, undo=replace(TRIP.undo, failure=failure), redo=None))
    assert (outcome.findings, outcome.unjudged) == ((), SKIPPED)


def test_an_enum_value_that_stays_is_no_finding_where_the_file_says_that_it_cannot_be_removed() -> None:
    old, new = (
        SchemaObject(kind="enum", schema="public", table=None, name="state", attributes={"values": v, "comment": None})
        for v in (("a",), ("a", "b"))
    )
    added = (ObjectChange(before=old, after=new),)
    trip = replace(TRIP, revision=RATING, changed=added, not_undone=added)
    assert WRONG.graph.revisions[-1] == NEW[2]
    message = f"downgrade() of revision {RATING} leaves value 'b' in enum public.state."
    warning = ("downgrade-leaves", Severity.WARNING, message, 1)
    for words, expected in (("", [warning]), ("PostgreSQL cannot remove it", [])):
        revision = replace(NEW[2], irreversible=words)
        graph = replace(WRONG.graph, revisions=(*WRONG.graph.revisions[:-1], revision))
        found = judged(replace(WRONG, graph=graph, round_trips=(trip,))).findings
        said = [(f.rule, f.severity, f.message, len(f.fixes)) for f in found]
        assert said == expected
