"""What becomes of each way in which GitHub does not answer: asked again, refused, or trouble in a clause."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import pytest

from action.pull_request.client import Client
from action.pull_request.trouble import AccessDenied, Unreachable
from action.pull_request.waiting import RetryPolicy
from tests.integration.pull_request.conftest import HASTY, Connect
from tests.standin_api import faults
from tests.standin_api.api import StandIn, serving
from tests.standin_api.faults import BAD_GATEWAY, Reply
from tests.standin_api.state import READ_ONLY, WRITE

COMMENTS = "/repos/acme/shop/issues/7/comments"
FIRST_PAGE = f"GET {COMMENTS}?per_page=100"


def read(client: Client) -> object:
    return list(client.comments(7))


def create(client: Client) -> object:
    return client.create_comment(7, "x")


def edit(client: Client) -> object:
    return client.edit_comment(7, 101, "x")


@pytest.mark.parametrize(
    ("call", "reply", "requests"),
    [
        pytest.param(read, BAD_GATEWAY, 2, id="a GET is repeated after a 502"),
        pytest.param(edit, BAD_GATEWAY, 2, id="a PATCH is repeated after a 502"),
        pytest.param(edit, faults.secondary_limit(0), 2, id="a PATCH is repeated after a secondary limit"),
        pytest.param(create, faults.secondary_limit(0), 2, id="a POST too, since nothing was done"),
        pytest.param(create, faults.too_many(0), 2, id="a POST is repeated after a 429 that says when"),
        pytest.param(read, faults.secondary_limit(), 2, id="a secondary limit that does not say when"),
    ],
)
def test_what_is_asked_again(
    api: StandIn, connect: Connect, call: Callable[[Client], object], reply: Reply, requests: int
) -> None:
    api.repository().comment(7, "x")
    api.fail(reply)
    client = connect()
    call(client)
    assert (len(api.log), client.calls) == (requests, 1)


@pytest.mark.parametrize(
    ("call", "reply", "trouble", "requests"),
    [
        (create, BAD_GATEWAY, ("it answered with error 502", True), 1),
        (read, BAD_GATEWAY, ("every attempt ended with an error", True), 3),
        (read, faults.secondary_limit(3600), ("it allows no request for 3600 seconds", False), 1),
        (create, faults.too_many(3600), ("it allows no request for 3600 seconds", False), 1),
        (read, faults.too_many(None), ("its rate limit is used up, and it did not say for how long", False), 1),
        (create, faults.SPAM, ("it refused the request (422): Validation Failed", False), 1),
        (read, Reply(status=200, text="<html>"), ("its answer could not be read (TypeError)", True), 1),
        (read, Reply(status=200, body=[{"id": 1}]), ("its answer could not be read (IncompletableObject)", True), 1),
    ],
)
def test_trouble_is_a_clause(
    api: StandIn,
    connect: Connect,
    call: Callable[[Client], object],
    reply: Reply,
    trouble: tuple[str, bool],
    requests: int,
) -> None:
    api.fail(reply, times=-1)
    with pytest.raises(Unreachable) as caught:
        call(connect())
    assert (str(caught.value), caught.value.maybe_done) == trouble
    assert len(api.log) == requests


def test_the_hours_limit_is_not_waited_for(api: StandIn, connect: Connect) -> None:
    api.fail(faults.primary_limit(reset=4_102_444_800), times=-1)
    with pytest.raises(Unreachable, match=r"^its rate limit is used up for \d+ more seconds$"):
        read(connect())
    assert api.log == [FIRST_PAGE]


def test_an_answer_is_not_waited_for_for_ever(api: StandIn, connect: Connect) -> None:
    api.fail(faults.HELD, hold=True)
    with pytest.raises(Unreachable) as caught:
        create(connect(policy=RetryPolicy(timeout=1, tries=0, backoff=0, longest=0)))
    assert str(caught.value) == "127.0.0.1 did not answer within 1 seconds"
    assert caught.value.maybe_done


def test_nobody_there() -> None:
    standin = StandIn()
    with serving(standin):
        pass
    with (
        Client.connect("ghs_secret", "acme/shop", standin.url, policy=HASTY) as client,
        pytest.raises(Unreachable) as caught,
    ):
        read(client)
    assert str(caught.value) == "there is no connection to 127.0.0.1"


@pytest.mark.parametrize(
    ("token", "reply", "expected"),
    [
        (READ_ONLY, None, ("write comments", "issues=write; pull_requests=write", 403, "")),
        ("ghs_expired", None, ("write comments", None, 401, "Bad credentials")),
        (WRITE, faults.NOT_FOUND, ("write comments", None, 404, "Not Found")),
        (
            WRITE,
            faults.LOCKED,
            ("write comments", "issues=write", 403, "Unable to create comment because issue is locked."),
        ),
    ],
)
def test_refusals_are_kept_apart(
    api: StandIn,
    connect: Connect,
    token: str,
    reply: Reply | None,
    expected: tuple[str, str | None, int, str],
) -> None:
    if reply is not None:
        api.fail(reply)
    with pytest.raises(AccessDenied) as caught:
        create(connect(token))
    refusal = caught.value
    assert (refusal.what, refusal.permission, refusal.status, refusal.message) == expected
    assert api.log == [f"POST {COMMENTS}"]


@pytest.mark.parametrize(
    "reply", [faults.BAD_CREDENTIALS, BAD_GATEWAY, faults.too_many(None), faults.forbidden("issues=write")]
)
def test_the_token_is_in_no_error(api: StandIn, connect: Connect, reply: Reply) -> None:
    api.fail(reply, times=-1)
    with pytest.raises((AccessDenied, Unreachable)) as caught:
        create(connect())
    text = f"{caught.value!s} {caught.value!r} {vars(caught.value)} {caught.value.__cause__}"
    assert WRITE not in text


_PRINTING = """
import sys
from action.pull_request.client import Client
from action.pull_request.trouble import Trouble
for call in (lambda client: client.create_comment(7, "x"), lambda client: list(client.comments(7))):
    with Client.connect("ghs_write", "acme/shop", sys.argv[1]) as client:
        try:
            call(client)
        except Trouble:
            pass
        else:
            raise SystemExit("nothing went wrong")
"""


def test_nothing_is_printed(api: StandIn) -> None:
    # In a process of its own: PyGithub's logger holds on to the first stderr that it sees.
    api.fail(faults.forbidden("issues=write"), times=-1)
    ran = subprocess.run([sys.executable, "-c", _PRINTING, api.url], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
