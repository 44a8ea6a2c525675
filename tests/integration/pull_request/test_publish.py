"""A whole run's writing: the calls it makes, and the one notice of what GitHub does not allow."""

from __future__ import annotations

from dataclasses import replace

import pytest

from action.pull_request.event import Situation
from action.pull_request.publish import Published, PublishOptions, publish
from action.pull_request.status import description
from checks import CHECKS
from checks.findings import Result, Status, Verdict
from tests.integration.pull_request.conftest import HEAD, RUN_URL, Connect, Run
from tests.standin_api import faults
from tests.standin_api.api import StandIn
from tests.standin_api.faults import Reply
from tests.standin_api.state import NO_STATUSES, READ_ONLY
from tests.standin_api.state import Status as Written
from tests.unit.reports import handmade, scenarios

COMMENTS = "/repos/acme/shop/issues/7/comments"
LIST, POST = f"GET {COMMENTS}?per_page=100", f"POST {COMMENTS}"
STATUS = f"POST /repos/acme/shop/statuses/{HEAD}"
CHECK_RUN = "POST /repos/acme/shop/check-runs"
ORDINARY = Run(report=scenarios.HISTORY, options=PublishOptions())
COMMENT_URL = "https://github.example/acme/shop/pull/7#issuecomment-101"
HEADER = "X-Accepted-GitHub-Permissions"
COMMENT_HEADER = f"{HEADER}: issues=write; pull_requests=write"


def test_an_ordinary_run_makes_a_call_for_each_check_and_two_for_the_comment(api: StandIn, connect: Connect) -> None:
    client = connect()
    published = ORDINARY.publish(client)
    assert published == Published(comment_url=COMMENT_URL)
    assert api.log == [LIST, POST, *[STATUS] * len(CHECKS)]
    assert client.calls == 2 + len(CHECKS)
    failed = ("heads", "history", "drift")
    states = {check.id: "failure" if check.id in failed else "success" for check in CHECKS}
    assert api.repository().statuses == [
        Written(
            sha=HEAD,
            context=f"alembic-checks / {result.id}",
            state=states[result.id],
            description=description(result),
            target_url=f"{RUN_URL}/10",
        )
        for result in scenarios.HISTORY.trees[0].checks
    ]


def test_again_it_makes_as_many(api: StandIn, connect: Connect) -> None:
    ORDINARY.publish(connect())
    client = connect()
    replace(ORDINARY, run=11, report=scenarios.TEN).publish(client)
    assert api.log[2 + len(CHECKS) :] == [LIST, "PATCH /repos/acme/shop/issues/comments/101", *[STATUS] * len(CHECKS)]
    assert client.calls <= 2 + len(CHECKS)


@pytest.mark.parametrize(
    ("run", "expected"),
    [
        (replace(ORDINARY, pull_request=None), [STATUS] * len(CHECKS)),
        (replace(ORDINARY, options=PublishOptions(statuses=False)), [LIST, POST]),
        (replace(ORDINARY, pull_request=None, options=PublishOptions(statuses=False)), []),
        (replace(ORDINARY, options=PublishOptions(statuses=False, check_run=True)), [LIST, POST, CHECK_RUN]),
    ],
)
def test_only_what_is_wanted_and_has_a_place(api: StandIn, connect: Connect, run: Run, expected: list[str]) -> None:
    assert run.publish(connect()).notices == ()
    assert api.log == expected


def test_nothing_without_github_or_without_a_token(api: StandIn, connect: Connect) -> None:
    assert publish(scenarios.HEADS, Situation(event=""), connect(), PublishOptions(), None) == Published()
    assert publish(scenarios.HEADS, ORDINARY.situation(), None, PublishOptions(), None) == Published()
    assert api.log == []


def test_without_the_address_of_a_run(api: StandIn, connect: Connect) -> None:
    publish(scenarios.HEADS, ORDINARY.situation(), connect(), PublishOptions(), None)
    assert [status.target_url for status in api.repository().statuses] == [None] * len(CHECKS)
    assert "github.com/acme/bookstore" not in api.repository().comments[0].body


def test_a_closed_pull_request_and_an_old_head_are_written_to(api: StandIn, connect: Connect) -> None:
    api.repository().pull(7, head_sha="b" * 40, state="closed")
    api.repository().commits.add(HEAD)
    assert ORDINARY.publish(connect()) == Published(comment_url=COMMENT_URL)


@pytest.mark.parametrize(
    ("token", "run", "calls", "expected"),
    [
        pytest.param(
            READ_ONLY,
            ORDINARY,
            [LIST, POST, STATUS],
            "This job may not write comments or commit statuses "
            f"({COMMENT_HEADER} | statuses=write). "
            "Add `pull-requests: write`, `statuses: write` to the permissions of the job. The verdict does not change.",
            id="nothing may be written",
        ),
        pytest.param(
            READ_ONLY,
            replace(ORDINARY, is_fork=True),
            [LIST, POST, STATUS],
            "This job may not write comments or commit statuses "
            f"({COMMENT_HEADER} | statuses=write). "
            "The token of a fork's pull request can only read. Post the report in a second workflow (see README). "
            "The verdict does not change.",
            id="a fork's token",
        ),
        pytest.param(
            NO_STATUSES,
            ORDINARY,
            [LIST, POST, STATUS],
            f"This job may not write commit statuses ({HEADER}: statuses=write). "
            "Add `statuses: write` to the permissions of the job. The verdict does not change.",
            id="no statuses, and only one was tried",
        ),
        pytest.param(
            READ_ONLY,
            replace(ORDINARY, options=PublishOptions(check_run=True)),
            [LIST, POST, STATUS, CHECK_RUN],
            "This job may not write comments, commit statuses or check runs "
            f"({COMMENT_HEADER} | statuses=write | checks=write). "
            "Add `pull-requests: write`, `statuses: write`, `checks: write` to the permissions of the job. "
            "The verdict does not change.",
            id="all three",
        ),
        pytest.param(
            "ghs_expired",
            ORDINARY,
            [LIST, STATUS],
            "This job may not read comments or write commit statuses. "
            "GitHub says: Bad credentials. The verdict does not change.",
            id="a token that is none",
        ),
    ],
)
def test_refusals_are_one_notice(
    api: StandIn, connect: Connect, token: str, run: Run, calls: list[str], expected: str
) -> None:
    published = run.publish(connect(token))
    assert published.notices == (expected,)
    assert api.log == calls


@pytest.mark.parametrize(
    ("reply", "method", "calls", "expected"),
    [
        pytest.param(
            faults.LOCKED,
            "POST",
            [LIST, POST, *[STATUS] * len(CHECKS)],
            "This job may not write comments. "
            "GitHub says: Unable to create comment because issue is locked. The verdict does not change.",
            id="a locked conversation",
        ),
        pytest.param(
            faults.NOT_FOUND,
            "GET",
            [LIST, *[STATUS] * len(CHECKS)],
            "This job may not read comments. GitHub says: Not Found. The verdict does not change.",
            id="a pull request that is not there",
        ),
        pytest.param(
            faults.too_many(None),
            "GET",
            [LIST],
            "Writing to GitHub failed: its rate limit is used up, and it did not say for how long. "
            "The verdict does not change.",
            id="a limit, after which nothing more is asked",
        ),
    ],
)
def test_other_trouble(
    api: StandIn, connect: Connect, reply: Reply, method: str, calls: list[str], expected: str
) -> None:
    api.fail(reply, method)
    published = ORDINARY.publish(connect())
    assert published.notices == (expected,)
    assert api.log == calls


def test_a_server_that_is_down_is_one_notice(api: StandIn, connect: Connect) -> None:
    api.fail(faults.BAD_GATEWAY, times=-1)
    published = ORDINARY.publish(connect())
    assert published.notices == (
        "Writing to GitHub failed: every attempt ended with an error. The verdict does not change.",
    )
    assert api.log == [LIST] * 3


def test_what_was_refused_before_the_server_went_down_is_reported_too(api: StandIn, connect: Connect) -> None:
    api.fail(faults.BAD_GATEWAY, path="statuses")
    published = ORDINARY.publish(connect(READ_ONLY))
    assert published.notices == (
        f"This job may not write comments ({COMMENT_HEADER}). "
        "Add `pull-requests: write` to the permissions of the job. "
        "Writing to GitHub failed: it answered with error 502. The verdict does not change.",
    )


def test_legs_of_a_matrix_have_their_own_statuses(api: StandIn, connect: Connect) -> None:
    for key, options in (
        ("CI / migrations (3.12)", PublishOptions()),
        ("CI / migrations (3.13)", PublishOptions()),
        ("CI / migrations", PublishOptions(comment_key="shop")),
    ):
        replace(ORDINARY, key=key, report=scenarios.HEADS, options=options).publish(connect())
    assert sorted(context for context in api.repository().shown_statuses(HEAD) if "heads" in context) == [
        "alembic-checks / heads (3.12)",
        "alembic-checks / heads (3.13)",
        "alembic-checks / heads (shop)",
    ]


def test_a_status_has_no_character_that_github_refuses(api: StandIn, connect: Connect) -> None:
    reason = "\N{PILE OF POO} \x1b[31m" + "x" * 300
    result = Result(id="drift", status=Status.SKIPPED, reason=reason)
    report = handmade.report(Verdict.INCONCLUSIVE, handmade.tree(result))
    run = Run(report=report, pull_request=None, key="CI / migrations (\N{PILE OF POO})", options=PublishOptions())
    assert run.publish(connect()).notices == ()
    assert api.repository().statuses == [
        Written(
            sha=HEAD,
            context="alembic-checks / drift (U+1F4A9)",
            state="error",
            description="\ufffd " + "x" * 137 + "…",
            target_url=f"{RUN_URL}/10",
        )
    ]
