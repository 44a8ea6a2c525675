"""The stand-in itself: what GitHub would not have understood is a violation, in requests and in replies."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from tests.integration.pull_request.conftest import HEAD
from tests.standin_api.api import StandIn, serving
from tests.standin_api.contract import DOCUMENT, contract
from tests.standin_api.endpoints import ENDPOINTS
from tests.standin_api.faults import Reply
from tests.standin_api.prune import lines
from tests.standin_api.state import WRITE

HEADERS = {"Authorization": f"Bearer {WRITE}", "X-GitHub-Api-Version": "2022-11-28"}
COMMENTS = "/repos/acme/shop/issues/7/comments"
STATUSES = f"/repos/acme/shop/statuses/{HEAD}"
ANNOTATION = {"path": "a", "start_line": 1, "end_line": 1, "annotation_level": "error", "message": "m"}


@pytest.fixture
def standin() -> Iterator[StandIn]:
    """Serve without asserting that nothing was amiss."""
    made = StandIn()
    made.repository().pull(7, head_sha=HEAD)
    with serving(made):
        yield made


def check_run(**output: Any) -> dict[str, Any]:
    return {"name": "n", "head_sha": HEAD, "output": {"title": "t", "summary": "s", **output}}


@pytest.mark.parametrize(
    ("method", "path", "body", "headers", "expected"),
    [
        ("GET", "/repos/acme/shop/labels", None, HEADERS, "no such endpoint"),
        ("PUT", COMMENTS, None, HEADERS, "no such endpoint"),
        ("GET", f"{COMMENTS}?perpage=100", None, HEADERS, "query parameter perpage is unknown"),
        ("GET", f"{COMMENTS}?per_page=many", None, HEADERS, "per_page: 'many' is not of type 'integer'"),
        ("GET", "/repos/acme/shop/pulls?state=merged", None, HEADERS, "state: 'merged' is not one of"),
        ("GET", "/repos/acme/shop/issues/seven/comments", None, HEADERS, "issue_number: 'seven' is not of type"),
        ("GET", COMMENTS, {"a": 1}, HEADERS, "a body where there is none"),
        ("POST", COMMENTS, None, HEADERS, "no body"),
        ("POST", COMMENTS, {}, HEADERS, "body: 'body' is a required property"),
        ("POST", COMMENTS, {"body": "x", "bodi": "y"}, HEADERS, "body.bodi is unknown"),
        ("POST", STATUSES, {"state": "skipped", "context": "c"}, HEADERS, "body.state: 'skipped' is not one of"),
        ("POST", "/repos/acme/shop/check-runs", check_run(annotations=[ANNOTATION]), HEADERS, "'error' is not one of"),
        ("POST", "/repos/acme/shop/check-runs", check_run(summary="x" * 65_536), HEADERS, "is too long"),
        ("POST", "/repos/acme/shop/check-runs", check_run(annotations=[{}] * 51), HEADERS, "is too long"),
        ("GET", COMMENTS, None, {**HEADERS, "Authorization": "x"}, "header Authorization is missing or wrong"),
        ("GET", COMMENTS, None, {"Authorization": "token x"}, "header X-GitHub-Api-Version is missing or wrong"),
    ],
)
def test_a_request_that_github_would_not_understand(
    standin: StandIn, method: str, path: str, body: Any, headers: dict[str, str], expected: str
) -> None:
    reply = requests.request(method, f"{standin.url}{path}", json=body, headers=headers, timeout=30)
    assert reply.status_code == 422
    assert any(expected in violation for violation in standin.violations), standin.violations
    assert (standin.repository().comments, standin.repository().statuses) == ([], [])


def test_a_reply_that_github_would_not_give(standin: StandIn) -> None:
    standin.repository().pulls[7].files = [{"filename": "a", "status": "touched"}]
    reply = requests.get(f"{standin.url}/repos/acme/shop/pulls/7/files", headers=HEADERS, timeout=30)
    assert reply.status_code == 200
    (violation,) = standin.violations
    assert violation.startswith("reply to GET /repos/acme/shop/pulls/7/files: reply.0.status: 'touched' is not one of")


@pytest.mark.parametrize("status", [422, 403])
def test_a_fault_is_held_against_the_description_too(standin: StandIn, status: int) -> None:
    standin.fail(Reply(status=status, body={"message": 7}))
    requests.get(f"{standin.url}{COMMENTS}", headers=HEADERS, timeout=30)
    (violation,) = standin.violations
    assert violation.startswith(f"reply to GET {COMMENTS}: reply.message: 7 is not of type 'string'")


def test_a_status_on_a_commit_that_there_is_not_is_refused(standin: StandIn) -> None:
    path = f"{standin.url}/repos/acme/shop/statuses/{'b' * 40}"
    reply = requests.post(path, json={"state": "success", "context": "c"}, headers=HEADERS, timeout=30)
    assert (reply.status_code, standin.repository().statuses, standin.violations) == (422, [], [])


def test_every_endpoint_of_the_description_is_served() -> None:
    assert {(operation.method, operation.path) for operation in contract().operations} == set(ENDPOINTS)


def test_the_description_is_small_and_without_prose() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert len(text) < 100 * 1024
    assert "\n".join(lines(json.loads(text))) + "\n" == text
    assert 'summary": "' not in text
