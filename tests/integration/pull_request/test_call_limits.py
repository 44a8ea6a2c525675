"""Answers without an end: each call has a limit for the whole of it, and so has the whole of publishing."""

from __future__ import annotations

import contextlib
import dataclasses
import resource
import socket
import threading
from collections.abc import Callable, Iterator

import pytest

from action.pull_request.client import Client
from action.pull_request.publish import Published, PublishOptions
from action.pull_request.trouble import OutOfTime, TooMany, Trouble, Unreachable
from action.pull_request.waiting import RetryPolicy
from checks import CHECKS
from tests.integration.pull_request.conftest import HEAD, Connect, Run
from tests.standin_api import faults
from tests.standin_api.api import StandIn
from tests.standin_api.faults import Manner
from tests.unit.reports import scenarios

BRIEF = RetryPolicy(timeout=30, tries=2, backoff=0, longest=60, call=1, task=1)
LATE = "127.0.0.1 did not answer in full within 1 seconds"
DRIPS = (Manner.DRIPPING_BODY, Manner.DRIPPING_HEADERS)
FLOODS = (Manner.ENDLESS_BODY, Manner.ENDLESS_CHUNKS, Manner.BOMB)

CALLS: dict[str, Callable[[Client], object]] = {
    "a page of comments": lambda client: list(client.comments(7)),
    "a comment": lambda client: client.create_comment(7, "text"),
    "a status": lambda client: client.set_status(HEAD, "context", "success", "text", None),
    "the pull requests": lambda client: client.pulls_with_head("acme:changes"),
    "the merge base": lambda client: client.merge_base("main", HEAD),
    "the files": lambda client: client.pull_files(7),
    "the account": lambda client: client.login(),
}


@pytest.mark.parametrize("manner", DRIPS, ids=lambda manner: manner.name)
@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_a_call_that_drips_is_given_up(
    api: StandIn, connect: Connect, call: Callable[[Client], object], manner: Manner
) -> None:
    api.fail(faults.HELD, times=-1, manner=manner)
    with pytest.raises(OutOfTime) as raised:
        call(connect(policy=BRIEF))
    assert (str(raised.value), raised.value.maybe_done, len(api.log)) == (LATE, True, 1)


@pytest.mark.parametrize("manner", FLOODS, ids=lambda manner: manner.name)
def test_an_answer_without_an_end_does_not_fill_the_memory(api: StandIn, connect: Connect, manner: Manner) -> None:
    api.fail(faults.HELD, times=-1, manner=manner)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(Unreachable) as raised:
        list(connect().comments(7))
    assert str(raised.value) == "its answer has more than 64 MB"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 400_000  # kilobytes, the server's included


def test_after_a_call_that_was_given_up_the_next_one_works(api: StandIn, connect: Connect) -> None:
    api.fail(faults.HELD, manner=Manner.DRIPPING_BODY)
    client = connect(policy=BRIEF)
    with pytest.raises(OutOfTime):
        list(client.comments(7))
    assert list(client.comments(7)) == [()]


def test_publishing_has_a_limit_and_says_what_was_not_written(api: StandIn, connect: Connect) -> None:
    api.fail(faults.HELD, method="POST", path="/statuses/", times=-1, manner=Manner.DRIPPING_BODY)
    run = Run(report=scenarios.HEADS, options=PublishOptions(check_run=True))
    published = run.publish(connect(policy=BRIEF))
    assert published == Published(
        comment_url="https://github.example/acme/shop/pull/7#issuecomment-101",
        notices=(
            f"Writing to GitHub failed: {LATE}. Not written, or not in full: the commit statuses, the check run. The"
            " verdict does not change.",
        ),
    )


def test_calls_that_are_each_in_time_share_the_limit_of_the_task(api: StandIn, connect: Connect) -> None:
    api.fail(faults.HELD, path="/comments", times=-1, manner=Manner.DRIPPING_HEADERS)
    client = connect(policy=dataclasses.replace(BRIEF, call=600))
    with client.task(), pytest.raises(OutOfTime, match=LATE):
        list(client.comments(7))
    assert list(connect().pulls_with_head("acme:changes")) == []


@pytest.mark.parametrize(
    "reply",
    [
        faults.too_many(30),
        faults.secondary_limit(30),
        faults.secondary_limit(),
        dataclasses.replace(faults.BAD_GATEWAY, headers={"Retry-After": "30"}),
        dataclasses.replace(faults.BAD_GATEWAY, headers={"Retry-After": "9" * 5000}),
    ],
)
def test_no_wait_is_begun_that_the_limit_would_end(api: StandIn, connect: Connect, reply: faults.Reply) -> None:
    api.fail(reply, times=-1)
    with pytest.raises(Trouble):
        list(connect(policy=BRIEF).comments(7))
    assert len(api.log) == 1


def test_an_answer_that_says_to_come_again_does_so_for_as_long_as_the_limit(api: StandIn, connect: Connect) -> None:
    api.fail(faults.Reply(status=202, body={}), times=-1)
    with pytest.raises(OutOfTime, match=LATE):
        list(connect(policy=BRIEF).comments(7))


def test_pages_without_an_end_are_too_many(api: StandIn, connect: Connect) -> None:
    for _ in range(100):
        api.repository().comment(7, "text", "somebody")
    page = [comment.id for comment in api.repository().comments]
    client = connect()
    first = next(iter(client.comments(7)))
    assert [comment.id for comment in first] == page
    for _ in range(2_950):
        api.repository().comment(7, "text", "somebody")
    with pytest.raises(TooMany, match="there are more than 3000 items, so this run cannot read comments"):
        list(client.comments(7))
    assert len(api.log) == 31


def test_too_many_comments_do_not_keep_the_statuses_from_being_written(api: StandIn, connect: Connect) -> None:
    for _ in range(3_050):
        api.repository().comment(7, "text", "somebody")
    published = Run(report=scenarios.HEADS, options=PublishOptions()).publish(connect())
    assert published.notices == (
        "Writing to GitHub failed: there are more than 3000 items, so this run cannot read comments. The verdict does"
        " not change.",
    )
    assert len(api.repository().statuses) == len(CHECKS)


@pytest.mark.parametrize("scheme", ["https", "http"])
def test_a_server_that_drips_before_there_is_an_answer_is_given_up(scheme: str) -> None:
    """Over TLS these bytes are the length of a record of the handshake, otherwise a status line."""
    with dripping(b"\x16\x03\x03\x40\x00" if scheme == "https" else b"HTTP/1.1 ") as port:
        url = f"{scheme}://127.0.0.1:{port}"
        with Client.connect("token", "acme/shop", url, policy=BRIEF) as client, pytest.raises(OutOfTime, match=LATE):
            list(client.comments(7))


def test_so_is_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    with dripping(b"HTTP/1.1 2") as port:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
        url = "https://api.github.example"
        with Client.connect("token", "acme/shop", url, policy=BRIEF) as client, pytest.raises(OutOfTime):
            list(client.comments(7))


@contextlib.contextmanager
def dripping(start: bytes) -> Iterator[int]:
    """Serve on a port: each connection gets these bytes, and then one after the other."""
    ended = threading.Event()

    def serve() -> None:
        while not ended.is_set():
            with contextlib.suppress(OSError):
                connection, _ = listening.accept()
                with connection:
                    connection.sendall(start)
                    while not ended.wait(0.05):
                        connection.sendall(b"0")

    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.1)
        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            ended.set()
            thread.join()
