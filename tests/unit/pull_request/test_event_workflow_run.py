"""What becomes of the end of another workflow, by GitHub's own published examples."""

from __future__ import annotations

from typing import Any

import pytest

from action.pull_request.event import Situation, Target, Task, situation
from tests.unit.pull_request.examples import (
    HEAD,
    environ,
    payload,
)

BY_PULL_REQUEST = {"workflow_run.event": "pull_request", "workflow_run.head_branch": "changes"}


POSTED = Situation(
    event="workflow_run",
    task=Task.POST,
    target=Target(
        repository="octo-org/octo-repo",
        head_sha="3484a3fb816e0859fd6e1cea078d76385ff50625",
        head="octo-org:changes",
        run_id=289782451,
        run_attempt=1,
        key="test",
        workflow="2823525",
    ),
)


LISTED = {
    **BY_PULL_REQUEST,
    "workflow_run.head_sha": HEAD,
    "repository.id": 186853002,
}


def posted(**facts: Any) -> Situation:
    known = {field: getattr(POSTED.target, field) for field in Target.__dataclass_fields__}
    return Situation(event="workflow_run", task=Task.POST, target=Target(**(known | facts)))


WORKFLOW_RUNS = [
    ("workflow_run.completed", BY_PULL_REQUEST, POSTED),
    ("workflow_run.completed", {**BY_PULL_REQUEST, "workflow_run.event": "pull_request_target"}, POSTED),
    (
        "workflow_run.completed",
        {**BY_PULL_REQUEST, "workflow.id": None, "workflow_run.workflow_id": 12},
        posted(workflow="12"),
    ),
    (
        "workflow_run.completed",
        {**BY_PULL_REQUEST, "workflow.id": None, "workflow_run.workflow_id": None},
        posted(workflow=".github/workflows/test.yml"),
    ),
    ("workflow_run.completed", LISTED, posted(head_sha=HEAD, pull_request=2)),
    (
        "workflow_run.completed",
        {
            **BY_PULL_REQUEST,
            "workflow_run.pull_requests": [],
            "workflow_run.head_repository.full_name": "mallory/octo-repo",
            "workflow_run.head_repository.owner.login": "mallory",
            "workflow_run.run_attempt": 2,
        },
        posted(head="mallory:changes", is_fork=True, run_attempt=2),
    ),
    (
        "workflow_run.completed",
        {**BY_PULL_REQUEST, "workflow_run.head_repository": None},
        posted(head=None, is_fork=True),
    ),
    (
        "workflow_run.completed",
        {},
        Situation(
            event="workflow_run",
            task=Task.IGNORE,
            target=posted(head="octo-org:master").target,
            reason="The workflow was run by repository_dispatch, not by a pull request.",
        ),
    ),
    (
        "workflow_run.requested",
        BY_PULL_REQUEST,
        Situation(
            event="workflow_run",
            task=Task.IGNORE,
            target=POSTED.target,
            reason="The workflow has not ended yet, so there is no report.",
        ),
    ),
]


@pytest.mark.parametrize(("name", "changes", "expected"), WORKFLOW_RUNS)
def test_workflow_runs(name: str, changes: dict[str, Any], expected: Situation) -> None:
    assert situation(environ("workflow_run"), payload(name, changes)) == expected
