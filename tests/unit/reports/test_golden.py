"""The scenarios as they look; ``UPDATE_GOLDEN=1`` writes the files anew, for the difference to be read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from action.reports import markdown, terminal
from checks.findings import Report
from tests.unit.reports.scenarios import SCENARIOS

GOLDEN = Path(__file__).parent / "golden"


def compare(text: str, name: str) -> None:
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.mkdir(exist_ok=True)
        (GOLDEN / name).write_text(text, encoding="utf-8")
    assert text == (GOLDEN / name).read_text(encoding="utf-8")


@pytest.mark.parametrize(("name", "report"), SCENARIOS.items(), ids=SCENARIOS)
def test_markdown(name: str, report: Report) -> None:
    compare(markdown.render(report), f"{name}.md")


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize(("name", "report"), SCENARIOS.items(), ids=SCENARIOS)
def test_terminal(name: str, report: Report, width: int) -> None:
    compare(terminal.render(report, color=False, width=width), f"{name}.{width}.txt")


def test_no_golden_file_is_left_over() -> None:
    expected = {f"{name}.{end}" for name in SCENARIOS for end in ("md", "80.txt", "120.txt")}
    assert {file.name for file in GOLDEN.iterdir()} == expected
