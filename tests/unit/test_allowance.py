"""The time of a whole run."""

from __future__ import annotations

import pytest

from action.allowance import LAST, UNLIMITED, Allowance, TimeIsUpError, seconds_for


@pytest.mark.parametrize(
    ("timeout", "configs", "seconds"),
    [(600, 1, 3060), (20, 1, 160), (20, 2, 260), (20, 4, 460), (20, 1000, 460), (20, 0, 160)],
)
def test_it_depends_on_the_timeout_and_on_few_alembic_configs(timeout: float, configs: int, seconds: float) -> None:
    assert seconds_for(timeout, configs) == seconds


def test_a_limit_holds_while_more_than_that_is_left() -> None:
    plenty = Allowance(3600)
    assert (plenty.within(20), plenty.at_most(20), plenty.is_up) == (20, 20, False)
    assert (UNLIMITED.within(20), UNLIMITED.at_most(20)) == (20, 20)


def test_what_is_left_is_the_limit_towards_the_end() -> None:
    assert 0 < Allowance(5).within(20) <= 5


def test_nothing_more_begins_after_the_end_but_the_clean_up() -> None:
    spent = Allowance(0)
    with pytest.raises(TimeIsUpError, match=r"^The run was stopped after 0 seconds\.$"):
        spent.within(20)
    with pytest.raises(TimeIsUpError):
        spent.check()
    assert (spent.is_up, spent.at_most(300), spent.at_most(1)) == (True, LAST, 1)


def test_a_run_that_is_stopped_has_no_time_left() -> None:
    stopped = Allowance(3600)
    stopped.stop()
    with pytest.raises(TimeIsUpError):
        stopped.within(20)
