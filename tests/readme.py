"""The blocks of our pages that the program itself writes; `UPDATE_GOLDEN=1` renews them, like the golden files."""

from __future__ import annotations

import os
import re
from pathlib import Path

REPOSITORY = Path(__file__).parent.parent
README = REPOSITORY / "README.md"
EXAMPLE = REPOSITORY / "examples" / "bookstore" / "README.md"


def check(name: str, text: str, page: Path = README) -> None:
    """Assert that a block holds ``text``, or write it there."""
    block = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
    content = page.read_text(encoding="utf-8")
    assert block.search(content), f"{page.name} has no block {name!r}"
    current = block.sub(lambda match: f"{match[1]}{text.rstrip()}\n{match[2]}", content)
    if os.environ.get("UPDATE_GOLDEN"):
        page.write_text(current, encoding="utf-8")
    assert page.read_text(encoding="utf-8") == current


def fenced(text: str) -> str:
    """Return what a program printed, as a block."""
    return f"```text\n{text.rstrip()}\n```"
