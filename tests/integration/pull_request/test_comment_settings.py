"""The title of the comment, and the comment of a pull request that a label skips."""

from __future__ import annotations

from dataclasses import replace

from action.pull_request.publish import PublishOptions
from checks import CHECKS
from checks.skipped import skipped_report
from tests.integration.pull_request.conftest import Connect, Run
from tests.standin_api.api import StandIn
from tests.unit.reports import scenarios

RED = Run(report=scenarios.HEADS)


def shown(api: StandIn) -> list[str]:
    """Return the first line of each comment."""
    return [comment.body.split("\n")[0] for comment in api.repository().comments_on(7)]


def test_a_title_of_the_user_is_plain_text_and_a_new_one_changes_the_comment(api: StandIn, connect: Connect) -> None:
    titled = PublishOptions(comment_title="Shop #1 <b>@all</b>", statuses=False)
    RED.publish(connect())
    replace(RED, options=titled).publish(connect())
    assert shown(api) == ["## \N{CROSS MARK} Shop #&#8203;1 &lt;b&gt;@&#8203;all&lt;/b&gt;: do not merge yet (1 error)"]


def test_a_skip_updates_a_comment_and_writes_none(api: StandIn, connect: Connect) -> None:
    skip = Run(report=skipped_report(["alembic.ini"], "skip-db", CHECKS))
    skip.publish(connect())
    assert shown(api) == []
    RED.publish(connect())
    replace(skip, run=11).publish(connect())
    assert shown(api) == ["## \N{HEAVY MINUS SIGN} Migrations: skipped, nothing was checked"]
