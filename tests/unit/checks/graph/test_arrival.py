"""What recorded migration runs prove, and what they leave open."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from checks.graph.arrival import unproven
from checks.graph.completeness import incomplete
from checks.graph.no_revisions import no_revisions
from checks.recording.absent import Absent
from checks.recording.deployed import TOGETHER
from checks.recording.legs import Leg, LegName, Step
from checks.recording.revisions import Unreadable
from checks.recording.tree import Environment, TreeRecording
from tests.unit.checks.dsl import graph, tree


def environment(*heads: str) -> Environment:
    return Environment(python="/p", python_version="3.12", alembic="1", sqlalchemy="2", driver="d", heads=heads)


def leg(name: LegName, *applied: str, rows: tuple[str, ...] = (), **more: Any) -> Leg:
    steps = tuple(Step(revision=id_, seconds=0.1) for id_ in applied)
    return Leg(name=name, target=rows, steps=steps, versions_after=rows, **more)


WHOLE = replace(
    tree("a; b<-a"),
    environment=environment("b"),
    legs=(leg(LegName.EMPTY_TO_HEADS, "a", "b", rows=("b",)),),
)
APART = replace(
    tree("a; b<-a", base="a"),
    environment=environment("b"),
    deployed=TOGETHER,
    legs=(
        leg(LegName.EMPTY_TO_BASE, "a", rows=("a",)),
        leg(LegName.BASE_TO_HEADS, "b", rows=("b",), versions_before=("a",)),
    ),
)


def legs(recording: TreeRecording, **changed: Any) -> TreeRecording:
    """Return the recording with the last run changed."""
    return replace(recording, legs=(*recording.legs[:-1], replace(recording.legs[-1], **changed)))


@pytest.mark.parametrize("recording", [WHOLE, APART], ids=["whole", "apart"])
def test_runs_that_prove_everything(recording: TreeRecording) -> None:
    assert unproven(recording) is None


def test_a_head_that_another_depends_on_has_no_row_of_its_own() -> None:
    recording = replace(
        tree("a; b<-a; c+b"),
        environment=environment("c"),
        legs=(leg(LegName.EMPTY_TO_HEADS, "a", "b", "c", rows=("c",)),),
    )
    assert unproven(recording) is None


@pytest.mark.parametrize(
    ("recording", "reason"),
    [
        (replace(WHOLE, environment=None), "The interpreter that ran the migrations is not known."),
        (replace(WHOLE, environment=environment("a")), "Alembic has the heads a, but the version files have b."),
        (replace(WHOLE, legs=()), "No migration run reached b."),
        (legs(WHOLE, versions_after=()), "No migration run reached b."),
        (legs(WHOLE, versions_after=("a",)), "No migration run reached b."),
        (legs(WHOLE, target=()), "No migration run reached b."),
        (
            legs(WHOLE, steps=WHOLE.legs[0].steps[:1]),
            "No migration run applied b: the databases that it ran on count it as applied already.",
        ),
        (
            legs(WHOLE, steps=(Step(revision="a", seconds=0.1), Step(revision="b", seconds=None))),
            "No migration run reached b.",
        ),
        (replace(APART, legs=APART.legs[:1]), "No migration run reached b from the base."),
        (replace(APART, legs=APART.legs[1:]), "No migration run reached the base's a."),
        (legs(APART, versions_before=()), "The new revisions did not start from the base's schema."),
        (
            legs(APART, steps=()),
            "No migration run applied b: the databases that it ran on count it as applied already.",
        ),
    ],
)
def test_what_is_left_open(recording: TreeRecording, reason: str) -> None:
    assert unproven(recording) == reason


def test_an_edited_revision_has_to_run_from_empty_as_well() -> None:
    assert not isinstance(APART.changes, Absent)
    edited = replace(APART, changes=replace(APART.changes, reworked=("a",)))
    assert unproven(edited) == "No migration run applied a to an empty database."
    again = leg(LegName.EMPTY_TO_HEADS, "a", "b", rows=("b",))
    assert unproven(replace(edited, legs=(*edited.legs, again))) is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("new", ()),
        ("removed", ("z",)),
        ("fork_graph", graph("")),
        ("base_graph", graph("")),
        ("merged_graph", graph("a")),
        ("merged_graph", graph("b")),
    ],
)
def test_a_comparison_that_lacks_a_part_is_incomplete(field: str, value: Any) -> None:
    assert not isinstance(APART.changes, Absent)
    assert incomplete(APART.changes, APART.graph) is None
    reason = incomplete(replace(APART.changes, **{field: value}), APART.graph)
    assert reason is not None
    assert reason.startswith("The comparison with origin/main is incomplete: it does not account for ")


def test_no_revisions_are_told_from_files_that_cannot_be_read() -> None:
    empty = replace(WHOLE, graph=graph(""))
    assert no_revisions(empty) == (
        "Alembic found no revisions in `migrations/versions`. Create the first one with `alembic revision`, or set "
        "`version_locations` in the Alembic config to the folder that has them."
    )
    broken = replace(graph(""), unreadable=(Unreadable(path="v/a.py", line=None, reason="SyntaxError"),))
    assert (no_revisions(WHOLE), no_revisions(replace(WHOLE, graph=broken))) == (None, None)
