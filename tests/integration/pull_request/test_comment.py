"""The one comment: when it appears, whose it is, who may change it, and what is asked of GitHub for that."""

from __future__ import annotations

from dataclasses import replace

import pytest

from action.pull_request.marker import Marker, marked, parse
from action.pull_request.publish import PublishOptions
from action.settings.pull_request import CommentWhen
from checks.findings import Report, Severity
from tests.integration.pull_request.conftest import HEAD, RUN_URL, Connect, Run
from tests.standin_api import faults
from tests.standin_api.api import StandIn
from tests.standin_api.state import ACTIONS, OTHER_APP, PERSONAL, WRITE
from tests.unit.reports import handmade, scenarios

COMMENTS = "/repos/acme/shop/issues/7/comments"
LIST, POST = f"GET {COMMENTS}?per_page=100", f"POST {COMMENTS}"
PATCH = "PATCH /repos/acme/shop/issues/comments/"
RED, GREEN = Run(report=scenarios.HEADS), Run(report=scenarios.ALL_GREEN)
WARNED, NOTED = (
    handmade.report(scenarios.ALL_GREEN.verdict, handmade.tree(handmade.passed("heads", handmade.found(severity))))
    for severity in (Severity.WARNING, Severity.NOTICE)
)


def shown(api: StandIn) -> list[tuple[str, int, str]]:
    """Return each comment that says to be of a report: its author, its run and its first line."""
    written = []
    for comment in api.repository().comments_on(7):
        marker = parse(comment.body)
        written.append((comment.author or "", marker.run_id if marker else 0, comment.body.split("\n")[0]))
    return written


def quoted(run: Run, number: int) -> str:
    """Return a body whose hidden line names the run's key and another run's number."""
    marker = Marker(key=run.key, head_sha=HEAD, run_id=number, run_attempt=1, digest="0" * 32)
    return f"old\n\n{marked(marker)}\n"


RED_LINE = "## \N{CROSS MARK} Migrations: do not merge yet (1 error)"
GREEN_LINE = "## \N{WHITE HEAVY CHECK MARK} Migrations: no problems found"


def test_a_comment_says_what_it_shows(api: StandIn, connect: Connect) -> None:
    published = RED.publish(connect())
    (comment,) = api.repository().comments
    assert published.comment_url == "https://github.example/acme/shop/pull/7#issuecomment-101"
    assert published.notices == ()
    marker = parse(comment.body)
    assert marker is not None
    assert marker == Marker(key="CI / migrations", head_sha=HEAD, run_id=10, run_attempt=1, digest=marker.digest)
    assert f"[CI / migrations]({RUN_URL}/10)" in comment.body
    assert "evil" not in comment.body
    assert api.log == [LIST, POST]


@pytest.mark.parametrize(
    ("when", "report", "expected"),
    [
        (CommentWhen.ON_PROBLEMS, scenarios.ALL_GREEN, [LIST]),
        (CommentWhen.ON_PROBLEMS, NOTED, [LIST]),
        (CommentWhen.ON_PROBLEMS, WARNED, [LIST, POST]),
        (CommentWhen.ON_PROBLEMS, scenarios.UNKNOWN, [LIST, POST]),
        (CommentWhen.ON_PROBLEMS, scenarios.HEADS, [LIST, POST]),
        (CommentWhen.ALWAYS, scenarios.ALL_GREEN, [LIST, POST]),
        (CommentWhen.NEVER, scenarios.HEADS, []),
    ],
)
def test_when_a_comment_appears(
    api: StandIn, connect: Connect, when: CommentWhen, report: Report, expected: list[str]
) -> None:
    Run(report=report, options=PublishOptions(comment=when, statuses=False)).publish(connect())
    assert api.log == expected
    assert len(api.repository().comments) == expected.count(POST)


def test_a_red_comment_turns_green_in_its_place(api: StandIn, connect: Connect) -> None:
    RED.publish(connect())
    published = replace(GREEN, run=11, head_sha="b" * 40).publish(connect())
    assert shown(api) == [(ACTIONS, 11, GREEN_LINE)]
    assert published.comment_url == "https://github.example/acme/shop/pull/7#issuecomment-101"
    assert api.log == [LIST, POST, LIST, f"{PATCH}101"]


def test_never_leaves_a_comment_as_it_is(api: StandIn, connect: Connect) -> None:
    RED.publish(connect())
    published = replace(GREEN, options=PublishOptions(comment=CommentWhen.NEVER, statuses=False)).publish(connect())
    assert shown(api) == [(ACTIONS, 10, RED_LINE)]
    assert published.comment_url is None
    assert api.log == [LIST, POST]


SLOWER = replace(
    scenarios.HEADS,
    seconds={"total": 99.0},
    trees=tuple(
        replace(
            tree,
            revision_seconds={"9a4c7e21b3d8": 77.0},
            checks=tuple(replace(result, seconds=55.0) for result in tree.checks),
        )
        for tree in scenarios.HEADS.trees
    ),
)


@pytest.mark.parametrize(
    ("second", "writes"),
    [
        pytest.param(replace(RED, run=11, report=SLOWER), 0, id="the same but for times and the run"),
        pytest.param(replace(RED, attempt=2), 0, id="another attempt"),
        pytest.param(replace(RED, run=11, head_sha="b" * 40), 1, id="another commit"),
        pytest.param(replace(RED, run=11, report=scenarios.TEN), 1, id="other findings"),
        pytest.param(replace(RED, report=scenarios.TEN), 1, id="other findings in the same run"),
    ],
)
def test_nothing_is_written_when_nothing_changed(api: StandIn, connect: Connect, second: Run, writes: int) -> None:
    RED.publish(connect())
    published = second.publish(connect())
    assert api.log == [LIST, POST, LIST, *[f"{PATCH}101"] * writes]
    assert published.comment_url == "https://github.example/acme/shop/pull/7#issuecomment-101"


@pytest.mark.parametrize(
    ("first", "second", "wins"),
    [
        ((12, 1), (11, 1), (12, 1)),
        ((12, 2), (12, 1), (12, 2)),
        ((12, 1), (12, 2), (12, 2)),
        ((9, 1), (10, 1), (10, 1)),
        ((12, 1), (11, 9), (12, 1)),
    ],
)
def test_an_older_run_does_not_overwrite(
    api: StandIn, connect: Connect, first: tuple[int, int], second: tuple[int, int], wins: tuple[int, int]
) -> None:
    replace(RED, run=first[0], attempt=first[1]).publish(connect())
    replace(GREEN, run=second[0], attempt=second[1]).publish(connect())
    (comment,) = api.repository().comments
    marker = parse(comment.body)
    assert marker is not None
    assert marker.run == wins


def test_each_key_has_its_comment(api: StandIn, connect: Connect) -> None:
    one, two = replace(RED, key="CI / migrations (3.13)"), replace(RED, key="CI / migrations (3.12)")
    for run in (one, two, replace(one, run=11, report=scenarios.ALL_GREEN)):
        run.publish(connect())
    assert shown(api) == [(ACTIONS, 11, GREEN_LINE), (ACTIONS, 10, RED_LINE)]


def test_long_keys_are_kept_apart(api: StandIn, connect: Connect) -> None:
    for length in (300, 301, 300):
        replace(RED, key="x" * length).publish(connect())
    markers = [parse(comment.body) for comment in api.repository().comments]
    assert [marker and len(marker.key) for marker in markers] == [200, 200]


def test_the_users_key_comes_before_the_reports(api: StandIn, connect: Connect) -> None:
    replace(RED, options=PublishOptions(comment_key="shop", statuses=False)).publish(connect())
    (comment,) = api.repository().comments
    marker = parse(comment.body)
    assert marker is not None
    assert marker.key == "shop"


@pytest.mark.parametrize(
    ("token", "author", "ours", "asked"),
    [
        pytest.param(WRITE, ACTIONS, True, 0, id="the job's own"),
        pytest.param(WRITE, "mallory", False, 1, id="a quote by a stranger"),
        pytest.param(WRITE, None, False, 1, id="an account that is gone"),
        pytest.param(OTHER_APP, "acme-ci[bot]", True, 1, id="an app's"),
        pytest.param(PERSONAL, "octocat", True, 1, id="a person's own"),
        pytest.param(PERSONAL, "mallory", False, 1, id="another person's"),
        pytest.param(PERSONAL, "acme-ci[bot]", False, 1, id="a bot that is not this person"),
        pytest.param(PERSONAL, ACTIONS, True, 0, id="the job's, though the token is a person's"),
    ],
)
def test_a_comment_is_ours_by_its_author_too(
    api: StandIn, connect: Connect, token: str, author: str | None, ours: bool, asked: int
) -> None:
    api.repository().comment(7, quoted(RED, 9), author)
    RED.publish(connect(token))
    assert api.log == [LIST, *["GET /user"] * asked, f"{PATCH}101" if ours else POST]


def test_whose_token_it_is_is_asked_once(api: StandIn, connect: Connect) -> None:
    for _ in range(3):
        api.repository().comment(7, quoted(RED, 9), "mallory")
    RED.publish(connect())
    assert api.log == [LIST, "GET /user", POST]


@pytest.mark.parametrize(
    "body",
    [
        "quoted in the middle\n\n{marker}\n\nand answered",
        "> {marker}",
        "`{marker}`",
        "{marker}}}",
        "no marker at all",
        "",
    ],
)
def test_only_the_last_line_is_looked_at(api: StandIn, connect: Connect, body: str) -> None:
    hidden = marked(Marker(key=RED.key, head_sha=HEAD, run_id=9, run_attempt=1, digest="x"))
    api.repository().comment(7, body.format(marker=hidden))
    RED.publish(connect())
    assert api.log == [LIST, POST]


@pytest.mark.parametrize(("position", "pages"), [(0, 1), (99, 1), (100, 2), (249, 3)])
def test_pages_are_read_until_it_is_found(api: StandIn, connect: Connect, position: int, pages: int) -> None:
    for number in range(250):
        api.repository().comment(7, quoted(RED, 9) if number == position else "talk", ACTIONS)
    RED.publish(connect())
    listed = [LIST, f"GET {COMMENTS}?page=2&per_page=100", f"GET {COMMENTS}?page=3&per_page=100"]
    assert api.log == [*listed[:pages], f"{PATCH}{101 + position}"]


def test_of_two_the_older_is_kept(api: StandIn, connect: Connect) -> None:
    for _ in range(3):
        api.repository().comment(7, quoted(RED, 9))
    RED.publish(connect())
    assert shown(api) == [(ACTIONS, 10, RED_LINE)]
    delete = "DELETE /repos/acme/shop/issues/comments/"
    assert api.log == [LIST, f"{PATCH}101", f"{delete}102", f"{delete}103"]


def test_a_second_one_that_is_gone_by_now_is_no_trouble(api: StandIn, connect: Connect) -> None:
    for _ in range(2):
        api.repository().comment(7, quoted(RED, 9))
    api.fail(faults.NOT_FOUND, "DELETE")
    assert RED.publish(connect()).notices == ()


def test_nothing_is_deleted_for_an_older_run(api: StandIn, connect: Connect) -> None:
    api.repository().comment(7, quoted(RED, 9))
    api.repository().comment(7, quoted(RED, 11))
    RED.publish(connect())
    assert api.log == [LIST]


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        pytest.param(True, [LIST, POST, LIST], id="it was written all the same"),
        pytest.param(False, [LIST, POST, LIST, POST], id="it was not"),
    ],
)
def test_a_lost_answer_makes_no_second_comment(
    api: StandIn, connect: Connect, after: bool, expected: list[str]
) -> None:
    api.fail(faults.BAD_GATEWAY, "POST", after=after)
    published = RED.publish(connect())
    assert shown(api) == [(ACTIONS, 10, RED_LINE)]
    assert published.comment_url == "https://github.example/acme/shop/pull/7#issuecomment-101"
    assert published.notices == ()
    assert api.log == expected


def test_three_hundred_findings_fit(api: StandIn, connect: Connect) -> None:
    key = "\N{PILE OF POO}" * 200
    replace(RED, report=scenarios.THREE_HUNDRED, key=key).publish(connect())
    (comment,) = api.repository().comments
    assert len(comment.body) <= 65_536
    marker = parse(comment.body)
    assert marker is not None
    assert marker.key == key


def test_half_of_it_where_github_finds_it_too_long(api: StandIn, connect: Connect) -> None:
    api.fail(faults.too_long("IssueComment", "body", 20_000), "POST")
    published = replace(RED, report=scenarios.THREE_HUNDRED).publish(connect())
    (comment,) = api.repository().comments
    assert len(comment.body.encode()) < 31_000
    assert "Left out here for length" in comment.body
    assert published.notices == ()
    assert api.log == [LIST, POST, POST]


def test_too_long_twice_is_given_up(api: StandIn, connect: Connect) -> None:
    api.fail(faults.too_long("IssueComment", "body", 20), "POST", times=-1)
    published = RED.publish(connect())
    assert published.notices == (
        "Writing to GitHub failed: it refused the request (422): Validation Failed; "
        "Body is too long (maximum is 20 characters). The verdict does not change.",
    )
    assert api.log == [LIST, POST, POST]
