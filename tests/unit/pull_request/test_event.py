"""From an event to what is compared and where it is reported, by GitHub's own published examples."""

from __future__ import annotations

from typing import Any

import pytest

from action.base.wanted import BaseWanted
from action.errors import SettingsError
from action.pull_request.event import Situation, Target, Task, situation
from tests.unit.pull_request.examples import (
    BEFORE,
    FORK,
    GROUP,
    HEAD,
    PAYLOADS,
    PUSHED,
    SHA,
    environ,
    ignored,
    no_base,
    payload,
    pull,
    target,
)

CLOSED = "The pull request is closed, so there is nothing to merge."


REFUSED = Situation(
    event="pull_request_target",
    task=Task.REFUSE,
    target=target(head_sha=HEAD, pull_request=2, is_fork=True),
    reason="The pull request comes from a fork, and under pull_request_target its code would run in a job whose "
    "token can write. Use the event pull_request, or set run-fork-code-on-pull-request-target to true.",
)


PULL_REQUESTS = [
    ("pull_request", "pull_request.opened", {}, pull()),
    ("pull_request", "pull_request.synchronize", {}, pull()),
    # Nothing judged would be a green mark on the same commit.
    ("pull_request", "pull_request.labeled", {}, pull()),
    ("pull_request", "pull_request.opened", {"action": "edited"}, pull()),
    ("pull_request_review", "pull_request.opened", {"action": "submitted"}, pull("pull_request_review")),
    ("pull_request", "pull_request.opened", FORK, pull(is_fork=True)),
    ("pull_request", "pull_request.opened", {"pull_request.head.repo": None}, pull(is_fork=True)),
    ("pull_request", "pull_request.closed", {}, ignored("pull_request", CLOSED, head_sha=HEAD, pull_request=2)),
    (
        "pull_request",
        "pull_request.labeled",
        {"pull_request.state": "closed"},
        ignored("pull_request", CLOSED, head_sha=HEAD, pull_request=2),
    ),
    (
        "pull_request",
        "pull_request.opened",
        {"pull_request.base": None},
        no_base(
            "pull_request",
            "The event does not name the pull request's base.",
            head_sha=HEAD,
            pull_request=2,
        ),
    ),
    ("pull_request_target", "pull_request.opened", {}, pull("pull_request_target")),
    (
        "pull_request_target",
        "pull_request.opened",
        {"pull_request.head.repo.full_name": "CODERTOCAT/hello-world"},
        pull("pull_request_target"),
    ),
    ("pull_request_target", "pull_request.opened", FORK, REFUSED),
    ("pull_request_target", "pull_request.opened", {"pull_request.head.repo": None}, REFUSED),
    ("pull_request_target", "pull_request.opened", {"pull_request.head.repo": "x"}, REFUSED),
]


UNREADABLE_BEFORE = "The push does not name the commit of master before it, so there is no base."


PUSHES = [
    (
        {"before": BEFORE},
        Situation(
            event="push",
            base=BaseWanted(ref="master before this push", sha=BEFORE, moving=False),
            target=target(head_sha=PUSHED),
        ),
    ),
    (
        {"before": BEFORE, "forced": True},
        Situation(
            event="push",
            base=BaseWanted(ref="master before this push", sha=BEFORE, moving=False),
            target=target(head_sha=PUSHED),
        ),
    ),
    ({}, no_base("push", UNREADABLE_BEFORE, head_sha=PUSHED)),
    ({"before": "HEAD"}, no_base("push", UNREADABLE_BEFORE, head_sha=PUSHED)),
    (
        {"ref": "refs/heads/work/1", "before": BEFORE},
        Situation(event="push", base=BaseWanted(ref="master"), target=target(head_sha=PUSHED)),
    ),
    (
        {"ref": "refs/heads/work/1"},
        Situation(event="push", base=BaseWanted(ref="master"), target=target(head_sha=PUSHED)),
    ),
    (
        {"ref": "refs/tags/v1"},
        no_base("push", "refs/tags/v1 is not a branch, so it has no base.", head_sha=PUSHED),
    ),
]


@pytest.mark.parametrize(("event", "name", "changes", "expected"), PULL_REQUESTS)
def test_pull_requests(event: str, name: str, changes: dict[str, Any], expected: Situation) -> None:
    assert situation(environ(event), payload(name, changes)) == expected


@pytest.mark.parametrize("head", [FORK, {"pull_request.head.repo": None}])
def test_a_forks_code_is_run_where_it_was_asked_for(head: dict[str, Any]) -> None:
    found = situation(environ("pull_request_target"), payload("pull_request.opened", head), run_fork_code=True)
    assert found == pull("pull_request_target", is_fork=True)


def test_a_closed_forks_pull_request_is_no_refusal() -> None:
    found = situation(environ("pull_request_target"), payload("pull_request.closed", FORK))
    assert (found.task, found.reason) == (Task.IGNORE, CLOSED)


@pytest.mark.parametrize(("changes", "expected"), PUSHES)
def test_pushes(changes: dict[str, Any], expected: Situation) -> None:
    assert situation(environ("push"), payload("push.branch-created", changes)) == expected


def test_what_was_deleted_is_ignored() -> None:
    found = situation(environ("push"), payload("push.tag-deleted"))
    assert found == ignored("push", "refs/tags/simple-tag was deleted, so there is nothing to check.", head_sha=SHA)


def test_a_merge_group_is_compared_with_what_it_is_built_on() -> None:
    found = situation(environ("merge_group"), payload("merge_group.checks_requested"))
    assert found == Situation(
        event="merge_group",
        base=BaseWanted(ref="main", sha="380387fbc80638b734a49e1be1c4dfec1c01b33c", moving=False),
        target=target(head_sha=GROUP),
        reason="The merge group ends with pull request 104.",
    )


def test_a_merge_group_that_was_taken_apart() -> None:
    found = situation(environ("merge_group"), payload("merge_group.checks_requested", {"action": "destroyed"}))
    reason = "The merge group was dissolved, so there is nothing to merge."
    assert found == ignored("merge_group", reason, head_sha=GROUP)


@pytest.mark.parametrize("event", ["workflow_dispatch", "schedule", "repository_dispatch", "issue_comment"])
def test_events_without_a_base(event: str) -> None:
    reason = f"The event {event} names no base, so there is nothing to compare with."
    assert situation(environ(event), PAYLOADS.get(event, {})) == no_base(event, reason, head_sha=SHA)


@pytest.mark.parametrize("outside", [{}, {"CI": "true"}, {"GITHUB_ACTIONS": "false", "GITHUB_EVENT_NAME": "push"}])
def test_outside_github(outside: dict[str, str]) -> None:
    assert situation(outside, {}) == Situation(event="")


def test_an_event_without_a_name() -> None:
    with pytest.raises(SettingsError) as raised:
        situation({"GITHUB_ACTIONS": "true"}, {})
    assert str(raised.value) == (
        "The event that started the workflow is not known.\n"
        "GITHUB_ACTIONS is true, but GITHUB_EVENT_NAME is not set.\n"
        "Pass on the variables that the runner sets, or unset GITHUB_ACTIONS."
    )


def test_without_a_payload_the_variables_are_read() -> None:
    variables = environ("pull_request", GITHUB_REF="refs/pull/7/merge", GITHUB_BASE_REF="main")
    assert situation(variables, {}) == Situation(
        event="pull_request", base=BaseWanted(ref="main", pull_request=7), target=target(pull_request=7, is_fork=True)
    )


def test_the_repository_is_the_payloads_where_the_variable_is_missing() -> None:
    variables = {"GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": "schedule", "GITHUB_RUN_ID": "x"}
    found = situation(variables, {"repository": {"full_name": "a/b"}})
    assert found.target == Target(repository="a/b")
    assert situation(variables, {}).target is None
