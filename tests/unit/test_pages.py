"""Our pages name files that exist."""

from __future__ import annotations

import re

import pytest

from tests.house import ROOT

PAGES = ["CONTRIBUTING.md", "README.md", "tests/README.md", *(f"docs/{p.name}" for p in (ROOT / "docs").glob("*.md"))]
NAMED = re.compile(r"`((?:action|checks|tests|docs|benchmarks|examples)/[\w./-]+)`")


@pytest.mark.parametrize("page", PAGES)
def test_every_file_that_a_page_names_is_there(page: str) -> None:
    named = NAMED.findall((ROOT / page).read_text(encoding="utf-8"))
    assert [name for name in named if not (ROOT / name).exists()] == []
