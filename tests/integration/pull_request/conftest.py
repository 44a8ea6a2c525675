"""A stand-in for GitHub, and clients of it that do not wait."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from action.pull_request.client import Client
from action.pull_request.event import Situation, Target
from action.pull_request.publish import Published, PublishOptions, publish
from action.pull_request.waiting import RetryPolicy
from checks.findings import Report, Subject
from tests.standin_api.api import StandIn, serving
from tests.standin_api.state import WRITE

HEAD = "a" * 40
HASTY = RetryPolicy(timeout=30, tries=2, backoff=0, longest=0)
Connect = Callable[..., Client]
STATUSES_OFF = PublishOptions(statuses=False)
RUN_URL = "https://github.example/acme/shop/actions/runs"


@pytest.fixture
def api() -> Iterator[StandIn]:
    """Serve acme/shop with the open pull request 7; what is not as GitHub describes it fails the test."""
    standin = StandIn()
    standin.repository().pull(7, head_sha=HEAD)
    with serving(standin):
        yield standin
    assert standin.violations == []


@pytest.fixture
def connect(api: StandIn) -> Iterator[Connect]:
    """Return a function that connects with a token, a policy or to another place."""
    with contextlib.ExitStack() as opened:

        def connected(token: str = WRITE, policy: RetryPolicy = HASTY, repository: str = "acme/shop") -> Client:
            return opened.enter_context(Client.connect(token, repository, api.url, policy=policy))

        yield connected


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run of the action that has its report and wants to publish it."""

    report: Report
    run: int = 10
    attempt: int = 1
    head_sha: str = HEAD
    pull_request: int | None = 7
    is_fork: bool = False
    key: str = "CI / migrations"
    options: PublishOptions = STATUSES_OFF

    def situation(self) -> Situation:
        """Return what the event says."""
        target = Target(
            repository="acme/shop",
            head_sha=self.head_sha,
            pull_request=self.pull_request,
            run_id=self.run,
            run_attempt=self.attempt,
            key="not the report's",
            is_fork=self.is_fork,
        )
        return Situation(event="pull_request", target=target)

    def publish(self, client: Client) -> Published:
        """Publish, as the program does."""
        subject = Subject(key=self.key, url="https://evil.example", run_id=99_999)
        report = dataclasses.replace(self.report, subject=subject)
        return publish(report, self.situation(), client, self.options, f"{RUN_URL}/{self.run}")
