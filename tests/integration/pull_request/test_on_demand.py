"""The API as the search for a base knows it: connected late, and with an error of the base's own."""

from __future__ import annotations

import subprocess
import sys

import pytest

from action.base.interface import ApiError
from action.pull_request.on_demand import OnDemand
from tests.integration.pull_request.conftest import Connect
from tests.standin_api.api import StandIn
from tests.standin_api.faults import BAD_GATEWAY


def test_what_it_cannot_answer_is_an_error_of_the_base(api: StandIn, connect: Connect) -> None:
    api.fail(BAD_GATEWAY, times=-1)
    with OnDemand(connect) as github:
        with pytest.raises(ApiError, match=r"^every attempt ended with an error$"):
            github.merge_base("main", "a" * 40)
        with pytest.raises(ApiError, match=r"^every attempt ended with an error$"):
            github.pull_files(7)


def test_what_is_denied_is_a_clause_too(connect: Connect) -> None:
    with (
        OnDemand(lambda: connect("ghs_expired")) as github,
        pytest.raises(ApiError, match=r"^this job may not read changed files$"),
    ):
        github.pull_files(7)


@pytest.mark.parametrize(
    ("module", "unwanted"),
    [
        ("action.base.locate", "action.pull_request"),
        ("action.pull_request.trouble", "github"),
        ("action.pull_request.on_demand", "github"),
        ("action.commands.job", "github"),
    ],
)
def test_who_does_not_ask_does_not_import(module: str, unwanted: str) -> None:
    code = f"import sys, {module}; print([name for name in sys.modules if name.startswith({unwanted!r})])"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "[]\n"
