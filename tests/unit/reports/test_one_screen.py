"""A comment fits on one screen with what is folded closed; ``tests/looks/render.py --most`` measures it in Chromium."""

from __future__ import annotations

import pytest

from action.reports import markdown
from tests.looks.screen import SCREEN, height
from tests.unit.reports import scenarios

FULL = ("ten_findings", "history", "downgrades", "losses")
"""Those that are there to have a finding of every kind."""


@pytest.mark.parametrize("name", [name for name in scenarios.SCENARIOS if name not in FULL])
def test_an_ordinary_comment_fits(name: str) -> None:
    assert height(markdown.render(scenarios.SCENARIOS[name])) <= SCREEN


def test_an_opened_fold_counts() -> None:
    source = markdown.render(scenarios.MISSING_MIGRATION)
    opened = source.replace("<details>", "").replace("</details>", "")
    assert height(source) < SCREEN < height(opened)
