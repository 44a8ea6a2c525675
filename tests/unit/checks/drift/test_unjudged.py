"""When check ``drift`` is skipped, or compares only a part of the models, and the reason that it gives."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from checks.check import Outcome
from checks.drift.check import run
from checks.findings import Status
from checks.policy import Policy
from checks.recording.absent import Absent
from checks.recording.legs import Failure, FailureKind, Leg, LegName
from checks.recording.obstacles import Obstacle, ObstacleKind
from checks.recording.tree import NOT_COMPARED
from tests.unit.checks.drift.recordings import ENVIRONMENT, NAMED, VERSIONS, recording
from tests.unit.checks.schemas import models, schema_of, table


def test_models_outside_of_target_metadata_leave_the_check_skipped() -> None:
    head = models(schema_of(VERSIONS, table("t"), table("theirs")), NAMED)
    tree = replace(recording(head), environment=replace(ENVIRONMENT, unseen=(("app.models.Base", 3),)))
    outcome = run(tree, Policy())
    assert [f.object for f in outcome.findings] == ["public.t.a", "public.t.b"]
    assert (outcome.unjudged, outcome.reason) == (
        Status.SKIPPED,
        "env.py imports models that are not in target_metadata: app.models.Base (3 tables). The check could not compare"
        " their tables. Add their metadata, such as target_metadata = [first.metadata, second.metadata].",
    )


OBSTACLE = Obstacle(kind=ObstacleKind.EXITED, message="env.py ended the process.")
NOT_RUN = "The migrations could not run: see upgrade."
FAILED = Leg(name=LegName.EMPTY_TO_HEADS, target=("x",), failure=Failure(kind=FailureKind.PYTHON, message="boom"))


@pytest.mark.parametrize(
    ("more", "status", "reason"),
    [
        ({"drift": NOT_COMPARED, "obstacle": OBSTACLE}, Status.SKIPPED, NOT_RUN),
        ({"drift": NOT_COMPARED, "obstacle": replace(OBSTACLE, kind=ObstacleKind.LOAD_FAILED)}, Status.ERROR, NOT_RUN),
        ({"drift": NOT_COMPARED, "legs": (replace(FAILED, failure=None, obstacle=OBSTACLE),)}, Status.SKIPPED, NOT_RUN),
        (
            {"environment": replace(ENVIRONMENT, metadata_given=False, tables=0)},
            Status.SKIPPED,
            "target_metadata in env.py is None, so there are no models to compare."
            " Set target_metadata to the metadata of your models. If the project has no models, leave this check out:"
            " `checks: heads,history,upgrade`.",
        ),
        (
            {"environment": replace(ENVIRONMENT, tables=0)},
            Status.SKIPPED,
            "target_metadata in env.py has no tables, because env.py does not import the models."
            " Import the modules that define the models in env.py.",
        ),
        (
            {"drift": NOT_COMPARED, "legs": (FAILED,)},
            Status.SKIPPED,
            "The migrations did not reach head, so there is no migrated database to compare the models with.",
        ),
        ({"drift": NOT_COMPARED}, Status.SKIPPED, "The models and the migrated database were not compared."),
        ({"drift": Absent(reason="No time was left.")}, Status.SKIPPED, "No time was left."),
    ],
)
def test_models_that_were_not_compared_have_the_reason(more: dict[str, Any], status: Status, reason: str) -> None:
    tree = replace(recording(), **more)
    assert run(tree, Policy()) == Outcome(unjudged=status, reason=reason)
