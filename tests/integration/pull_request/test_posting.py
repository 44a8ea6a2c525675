"""The second workflow: where a stored report goes, and that nothing in the file decides about that."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from action.documents import report as document
from action.pull_request.event import Situation, Task, situation
from action.pull_request.marker import Marker, marked, parse
from action.pull_request.posting import post
from action.pull_request.publish import Published, PublishOptions
from checks import CHECKS
from checks.findings import Report, Result, Severity, Status, Subject, Verdict
from tests.integration.pull_request.conftest import HEAD, RUN_URL, Connect
from tests.standin_api import faults
from tests.standin_api.api import StandIn
from tests.standin_api.state import READ_ONLY
from tests.unit.reports import handmade, scenarios

EVENT = Path(__file__).parents[2] / "unit" / "pull_request" / "events" / "workflow_run.completed.json"
FORK = "mallory:changes"
LOOKED_UP = "GET /repos/acme/shop/pulls?head=mallory%3Achanges&per_page=100&state=open"
FORGED = Subject(
    key="CI / migrations", head_sha="f" * 40, pull_request=8, run_id=10**12, run_attempt=9, url=f"{RUN_URL}/666"
)


def ended(**facts: Any) -> Situation:
    """Return what GitHub's event comes to when a fork's run has ended."""
    payload = json.loads(EVENT.read_text(encoding="utf-8"))
    fork = {"full_name": "mallory/shop", "owner": {"login": "mallory"}}
    run = {"event": "pull_request", "head_sha": HEAD, "head_branch": "changes", "head_repository": fork, "id": 10}
    payload["workflow_run"] |= run | facts
    environ = {"GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": "workflow_run", "GITHUB_REPOSITORY": "acme/shop"}
    found = situation(environ, payload)
    assert found.task is Task.POST
    return found


@pytest.fixture
def stored(tmp_path: Path) -> Callable[[Report], Path]:
    """Return a function that stores a report as the first run does."""

    def store(report: Report) -> Path:
        path = tmp_path / "report.json"
        path.write_text(document.dump(report), encoding="utf-8")
        return path

    return store


@pytest.fixture
def fork(api: StandIn) -> StandIn:
    """Let the pull request 7 come from a fork, and 8 be somebody else's."""
    api.repository().pull(7, head_sha=HEAD, head=FORK)
    api.repository().pull(8, head_sha="f" * 40)
    return api


def test_it_goes_where_the_event_says(fork: StandIn, connect: Connect, stored: Callable[[Report], Path]) -> None:
    path = stored(replace(scenarios.HEADS, subject=FORGED))
    posted = post(path, ended(), connect(), PublishOptions(), f"{RUN_URL}/10")
    assert posted.published == Published(comment_url="https://github.example/acme/shop/pull/7#issuecomment-101")
    assert posted.report == replace(scenarios.HEADS, subject=Subject(key="CI / migrations"))
    (comment,) = fork.repository().comments
    marker = parse(comment.body)
    assert marker is not None
    assert (comment.pull, marker.key, marker.head_sha, marker.run) == (7, "test / CI / migrations", HEAD, (10, 1))
    assert marker.workflow == "2823525"
    assert "The fork's own run made this report" in comment.body
    assert f"{RUN_URL}/10" in comment.body
    assert "666" not in comment.body
    assert {(status.sha, status.target_url) for status in fork.repository().statuses} == {(HEAD, f"{RUN_URL}/10")}
    assert fork.log == [
        LOOKED_UP,
        "GET /repos/acme/shop/issues/7/comments?per_page=100",
        "POST /repos/acme/shop/issues/7/comments",
        *[f"POST /repos/acme/shop/statuses/{HEAD}"] * len(CHECKS),
    ]


def test_it_updates_the_comment_that_it_wrote(
    fork: StandIn, connect: Connect, stored: Callable[[Report], Path]
) -> None:
    options = PublishOptions(statuses=False)
    post(stored(scenarios.HEADS), ended(), connect(), options, f"{RUN_URL}/10")
    post(stored(scenarios.ALL_GREEN), ended(id=11), connect(), options, f"{RUN_URL}/11")
    (comment,) = fork.repository().comments
    assert comment.body.startswith("## \N{WHITE HEAVY CHECK MARK}")
    post(stored(scenarios.HEADS), ended(id=10), connect(), options, f"{RUN_URL}/10")
    assert comment.body.startswith("## \N{WHITE HEAVY CHECK MARK}")


def test_a_pull_request_of_the_repository_itself_is_in_the_event(
    api: StandIn, connect: Connect, stored: Callable[[Report], Path]
) -> None:
    found = ended()
    assert found.target is not None
    same = replace(found, target=replace(found.target, pull_request=7, is_fork=False))
    post(stored(scenarios.HEADS), same, connect(), PublishOptions(statuses=False), f"{RUN_URL}/10")
    (comment,) = api.repository().comments
    assert "fork" not in comment.body
    assert LOOKED_UP not in api.log


@pytest.mark.parametrize(
    ("pulls", "facts", "expected"),
    [
        (
            {7: (FORK, "b" * 40)},
            {},
            "The commit that was checked is no longer the head of an open pull request, so nothing was posted.",
        ),
        (
            {7: ("mallory:other", HEAD)},
            {},
            "The commit that was checked is no longer the head of an open pull request, so nothing was posted.",
        ),
        (
            {7: (FORK, HEAD), 8: (FORK, HEAD)},
            {},
            "2 open pull requests have this commit as their head, so nothing was posted.",
        ),
        (
            {7: (FORK, HEAD)},
            {"head_repository": None},
            "The event does not name the branch that was checked, so nothing was posted.",
        ),
    ],
)
def test_no_pull_request_is_one_sentence(
    api: StandIn,
    connect: Connect,
    stored: Callable[[Report], Path],
    pulls: dict[int, tuple[str, str]],
    facts: dict[str, Any],
    expected: str,
) -> None:
    api.repository().pulls.clear()
    for number, (head, sha) in pulls.items():
        api.repository().pull(number, head_sha=sha, head=head)
    posted = post(stored(scenarios.HEADS), ended(**facts), connect(), PublishOptions(), None)
    assert posted.published == Published(notices=(expected,))
    assert (api.repository().comments, api.repository().statuses) == ([], [])


def test_trouble_is_one_sentence(fork: StandIn, connect: Connect, stored: Callable[[Report], Path]) -> None:
    fork.fail(faults.BAD_GATEWAY, times=-1)
    posted = post(stored(scenarios.HEADS), ended(), connect(), PublishOptions(), None)
    assert posted.published.notices == (
        "The pull request could not be found: every attempt ended with an error. Nothing was posted.",
    )


def test_a_token_that_only_reads_is_one_notice(
    fork: StandIn, connect: Connect, stored: Callable[[Report], Path]
) -> None:
    posted = post(stored(scenarios.HEADS), ended(), connect(READ_ONLY), PublishOptions(statuses=False), None)
    assert posted.published.notices == (
        "This job may not write comments "
        "(X-Accepted-GitHub-Permissions: issues=write; pull_requests=write). "
        "Add `pull-requests: write` to the permissions of the job. The verdict does not change.",
    )


def test_a_verdict_of_its_own_is_not_believed(
    fork: StandIn, connect: Connect, stored: Callable[[Report], Path]
) -> None:
    forged = Result(id="heads", status=Status.PASSED, findings=(handmade.found(Severity.ERROR),))
    report = handmade.report(Verdict.PASSED, handmade.tree(forged, handmade.passed("drift")))
    posted = post(stored(report), ended(), connect(), PublishOptions(), None)
    assert posted.report.verdict is Verdict.FAILED
    assert [(status.context, status.state) for status in fork.repository().statuses] == [
        ("alembic-checks / heads / test", "failure"),
        ("alembic-checks / drift / test", "success"),
    ]
    assert fork.repository().comments[0].body.startswith("## \N{CROSS MARK} Migrations: do not merge yet (1 error)")


def many(count: int) -> Report:
    """Return a report with as many findings."""
    findings = (handmade.found(Severity.NOTICE),) * count
    return handmade.report(Verdict.PASSED, handmade.tree(handmade.passed("drift", *findings)))


def test_as_much_as_is_allowed_is_posted(fork: StandIn, connect: Connect, stored: Callable[[Report], Path]) -> None:
    report = many(5_000)
    posted = post(stored(report), ended(), connect(), PublishOptions(), None)
    assert posted.published.notices == ()
    assert posted.report.verdict is Verdict.PASSED


def test_a_check_that_we_do_not_have_gets_no_status(
    fork: StandIn, connect: Connect, stored: Callable[[Report], Path]
) -> None:
    names = ("heads", "HEADS", "heads\u200b", "ci/build", *(f"check-{number}" for number in range(100)))
    report = handmade.report(Verdict.PASSED, handmade.tree(*map(handmade.passed, names)))
    posted = post(stored(report), ended(), connect(), PublishOptions(), None)
    assert [status.context for status in fork.repository().statuses] == ["alembic-checks / heads / test"]
    assert posted.published.notices == (
        "The stored report has checks that this version does not have: HEADS, heads\\u200b, ci/build and 100 more. They"
        " get no status.",
    )


NOTE = "<sub>The fork's own run made this report, and the fork's code could change it.</sub>"


def owned(key: str, note: str = "", **more: Any) -> str:
    """Return the text of a comment of ours."""
    found = Marker(key=key, head_sha=HEAD, run_id=9, run_attempt=1, digest="x", **more)
    return f"## A report\n\n{note}\n\n{marked(found)}\n" if note else f"## A report\n\n{marked(found)}\n"


@pytest.mark.parametrize(
    ("text", "is_edited"),
    [
        pytest.param(owned("CI / migrations"), False, id="of a job with that key"),
        pytest.param(owned("test / migrations"), False, id="of a job of the same workflow"),
        pytest.param(owned("test / migrations", NOTE, workflow="7"), False, id="of another workflow of that name"),
        pytest.param(owned("other / migrations", NOTE, workflow="2823525"), False, id="of another job"),
        pytest.param(owned("test / migrations", NOTE, workflow="2823525"), True, id="of this workflow"),
        pytest.param(owned("test / migrations", NOTE), True, id="of this workflow, by an earlier version"),
        pytest.param(owned("test / migrations", f"{NOTE}\n\nAnd more."), False, id="with the note elsewhere"),
    ],
)
def test_only_comments_of_the_workflow_that_stored_it_are_edited(
    fork: StandIn, connect: Connect, stored: Callable[[Report], Path], text: str, is_edited: bool
) -> None:
    mine = fork.repository().comment(7, text)
    report = replace(scenarios.HEADS, subject=Subject(key="test / migrations"))
    post(stored(report), ended(), connect(), PublishOptions(statuses=False), None)
    assert ((mine.body != text), len(fork.repository().comments)) == (is_edited, 1 if is_edited else 2)


def test_no_key_of_a_file_reaches_the_comment_of_another_job(
    fork: StandIn, connect: Connect, stored: Callable[[Report], Path]
) -> None:
    keys = (
        "CI / migrations",
        "test",
        "test / migrations (3.13)",
        "shop",
        "\u0442est / migrations",
        "TEST / migrations",
    )
    texts = [owned(key) for key in keys]
    comments = [fork.repository().comment(7, text) for text in texts]
    for number, key in enumerate(keys):
        report = replace(scenarios.HEADS, subject=Subject(key=key))
        for options in (PublishOptions(statuses=False), PublishOptions(statuses=False, comment_key=key)):
            post(stored(report), ended(id=10 + number), connect(), options, None)
    assert [comment.body for comment in comments] == texts


@pytest.mark.parametrize("workflow", ["test", "heads (17)", "", "a / b", "x" * 300, "\u202eCI", "CI\n::error::"])
@pytest.mark.parametrize("key", ["test / m (17)", "CI / m", "x / m (a / b (c))", ")", "heads", "test / m (/ test)"])
def test_no_status_of_a_file_has_the_name_of_a_runs_own(
    fork: StandIn, connect: Connect, stored: Callable[[Report], Path], workflow: str, key: str
) -> None:
    report = replace(scenarios.HEADS, subject=Subject(key=key))
    found = ended()
    assert found.target is not None
    found = replace(found, target=replace(found.target, key=workflow))
    for options in (PublishOptions(), PublishOptions(comment_key=key)):
        post(stored(report), found, connect(), options, None)
    contexts = {status.context for status in fork.repository().statuses}
    assert contexts
    assert all(re.fullmatch(r"alembic-checks / [a-z]+ / [\w. -]+( \(.*\))?", context) for context in contexts)
    assert all(len(context) <= 255 for context in contexts)
