"""Each call as PyGithub makes it over HTTP, held against GitHub's description."""

from __future__ import annotations

from typing import Any

import pytest

from action.base.interface import ChangedFile
from action.errors import SettingsError
from action.pull_request.client import Client, Comment, Pull
from action.pull_request.trouble import TooMany, Unreachable
from tests.integration.pull_request.conftest import HASTY, HEAD, Connect
from tests.standin_api.api import StandIn, serving
from tests.standin_api.faults import Reply
from tests.standin_api.state import ACTIONS, PERSONAL, WRITE, Status

COMMENTS = "/repos/acme/shop/issues/7/comments"
FIRST_PAGE = f"GET {COMMENTS}?per_page=100"
PAGE = "https://github.example/acme/shop/pull/7#issuecomment-"


def test_comments_are_read_a_page_when_it_is_wanted(api: StandIn, connect: Connect) -> None:
    for number in range(250):
        api.repository().comment(7, f"comment {number}", "octocat")
    client = connect()
    pages = client.comments(7)
    assert api.log == []
    first = next(pages)
    assert (len(first), first[0]) == (
        100,
        Comment(id=101, body="comment 0", author="octocat", is_bot=False, url=f"{PAGE}101"),
    )
    assert api.log == [FIRST_PAGE]
    assert [len(page) for page in pages] == [100, 50]
    assert api.log[1:] == [f"GET {COMMENTS}?page=2&per_page=100", f"GET {COMMENTS}?page=3&per_page=100"]
    assert client.calls == 3


def test_an_account_that_is_gone_has_no_name(api: StandIn, connect: Connect) -> None:
    api.repository().comment(7, "x", None)
    assert list(connect().comments(7)) == [(Comment(id=101, body="x", author="", url=f"{PAGE}101"),)]


def test_addresses_in_replies_are_not_followed(api: StandIn, connect: Connect) -> None:
    for number in range(101):
        api.repository().comment(7, f"comment {number}")
    with serving(StandIn()) as thief:
        api.links_lead_to = thief.origin
        assert [len(page) for page in connect().comments(7)] == [100, 1]
        part = {"id": 101, "url": f"{thief.origin}/repos/acme/shop/issues/comments/101"}
        api.fail(Reply(status=200, body=[part]))
        with pytest.raises(Unreachable) as caught:
            list(connect().comments(7))
        assert str(caught.value) == "its answer could not be read (AssertionError)"
        assert thief.log == []


def test_a_comment_is_written_edited_and_deleted(api: StandIn, connect: Connect) -> None:
    client = connect()
    made = client.create_comment(7, "one")
    assert made == Comment(id=101, body="one", author=ACTIONS, is_bot=True, url=f"{PAGE}101")
    assert client.edit_comment(7, made.id, "two").body == "two"
    assert [comment.body for comment in api.repository().comments] == ["two"]
    client.delete_comment(7, made.id)
    assert api.repository().comments == []
    assert api.log == [
        f"POST {COMMENTS}",
        "PATCH /repos/acme/shop/issues/comments/101",
        "DELETE /repos/acme/shop/issues/comments/101",
    ]


def test_a_status_is_written(api: StandIn, connect: Connect) -> None:
    connect().set_status(HEAD, "alembic-checks / heads", "success", "one head", "https://github.example/run")
    connect().set_status(HEAD, "alembic-checks / drift", "failure", "1 error", None)
    assert api.repository().statuses == [
        Status(
            sha=HEAD,
            context="alembic-checks / heads",
            state="success",
            description="one head",
            target_url="https://github.example/run",
        ),
        Status(sha=HEAD, context="alembic-checks / drift", state="failure", description="1 error"),
    ]
    assert api.log == [f"POST /repos/acme/shop/statuses/{HEAD}"] * 2


def test_pull_requests_are_found_by_their_branch(api: StandIn, connect: Connect) -> None:
    api.repository().pull(8, head_sha="b" * 40, head="octocat:fix/a b")
    api.repository().pull(9, head_sha="c" * 40, head="octocat:fix/a b", state="closed")
    assert connect().pulls_with_head("octocat:fix/a b") == [Pull(number=8, head_sha="b" * 40)]
    assert api.log == ["GET /repos/acme/shop/pulls?head=octocat%3Afix%2Fa+b&per_page=100&state=open"]


def test_a_merge_base_that_is_no_commit_is_none(api: StandIn, connect: Connect) -> None:
    api.repository().merge_bases[f"main...{HEAD}"] = "--upload-pack=x"
    with pytest.raises(Unreachable, match="its answer names no commit"):
        connect().merge_base("main", HEAD)


def test_the_merge_base_is_one_small_request(api: StandIn, connect: Connect) -> None:
    api.repository().merge_bases[f"release/1.x...{HEAD}"] = "d" * 40
    assert connect().merge_base("release/1.x", HEAD) == "d" * 40
    assert api.log == [f"GET /repos/acme/shop/compare/release/1.x...{HEAD}?page=1&per_page=1"]


def changed(count: int) -> list[dict[str, Any]]:
    return [{"filename": f"f{number}.py", "status": "added"} for number in range(count)]


def test_changed_files_are_read(api: StandIn, connect: Connect) -> None:
    api.repository().pulls[7].files = [
        {"filename": "b.py", "status": "renamed", "previous_filename": "a.py", "patch": "@@ -1 +1 @@", "changes": 2},
        {"filename": "c.bin", "status": "removed", "changes": 0},
    ]
    assert connect().pull_files(7) == [
        ChangedFile(path="b.py", status="renamed", previous_path="a.py", patch="@@ -1 +1 @@", changes=2),
        ChangedFile(path="c.bin", status="removed"),
    ]


def test_files_are_read_up_to_a_limit(api: StandIn, connect: Connect) -> None:
    api.repository().pulls[7].files = changed(300)
    assert len(connect().pull_files(7)) == 300
    api.repository().pulls[7].files = changed(301)
    with pytest.raises(TooMany) as caught:
        connect().pull_files(7)
    assert str(caught.value) == "The pull request changes more than 300 files."


@pytest.mark.parametrize(("token", "expected"), [(WRITE, None), (PERSONAL, "octocat")])
def test_whose_token_it_is(connect: Connect, token: str, expected: str | None) -> None:
    assert connect(token).login() == expected


@pytest.mark.parametrize(
    ("token", "repository", "url", "expected"),
    [
        ("ghs_a\nb", "acme/shop", "https://x.example", "The github-token has characters that no token has."),
        ("ghs_é", "acme/shop", "https://x.example", "The github-token has characters that no token has."),
        ("ghs_a", "acme", "https://x.example", "GITHUB_REPOSITORY is not OWNER/NAME."),
        ("ghs_a", "acme/shop", "file:///etc", "GITHUB_API_URL is not a URL."),
        ("ghs_a", "acme/shop", "", "GITHUB_API_URL is not a URL."),
    ],
)
def test_what_can_be_no_connection_is_refused(token: str, repository: str, url: str, expected: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Client.connect(token, repository, url)
    assert caught.value.what == expected
    assert token not in str(caught.value)


def test_an_enterprise_server_has_its_api_below_a_path() -> None:
    standin = StandIn(prefix="/api/v3")
    standin.repository().pull(7, head_sha=HEAD)
    standin.repository().pulls[7].files = changed(1)
    with serving(standin), Client.connect(WRITE, "acme/shop", f"{standin.url}/", policy=HASTY) as client:
        client.edit_comment(7, client.create_comment(7, "x").id, "y")
        assert len(client.pull_files(7)) == 1
    assert [comment.body for comment in standin.repository().comments] == ["y"]
    assert standin.violations == []
