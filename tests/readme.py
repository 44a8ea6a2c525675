"""The blocks of README.md that the program itself writes; `UPDATE_GOLDEN=1` renews them, like the golden files."""

from __future__ import annotations

import os
import re
from pathlib import Path

README = Path(__file__).parent.parent / "README.md"


def check(name: str, text: str) -> None:
    """Assert that a block holds ``text``, or write it there."""
    block = re.compile(rf"(<!-- {name} -->\n```text\n).*?(```\n<!-- /{name} -->)", re.DOTALL)
    page = README.read_text(encoding="utf-8")
    assert block.search(page), f"README.md has no block {name!r}"
    current = block.sub(lambda match: f"{match[1]}{text.rstrip()}\n{match[2]}", page)
    if os.environ.get("UPDATE_GOLDEN"):
        README.write_text(current, encoding="utf-8")
    assert README.read_text(encoding="utf-8") == current
