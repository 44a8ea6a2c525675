"""Statements of a version file that have no effect, which linters add and remove."""

from __future__ import annotations

import pytest

from action.version_files.meaning import meaning

FILE = """
def title(book):
    for name in book.names:
        if name:
            return name


def upgrade():
    for row in rows():
        op.execute(title(row))
"""


def text(source: str) -> str:
    found = meaning(source.encode())
    assert found is not None
    return found["upgrade"].text


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("            return name\n", "            return name\n    return None\n"),
        ("            return name\n", "            return name\n    return\n"),
        ("    for row", "    count = 0\n    for row"),
        ("        op.execute(title(row))", "        op.execute(title(row))\n        count += 1"),
    ],
)
def test_what_has_no_effect_is_no_edit(old: str, new: str) -> None:
    assert old in FILE
    assert text(FILE.replace(old, new)) == text(FILE)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("            return name\n", "            return name\n    return 1\n"),
        ("    for row", "    return None\n    for row"),
        ("    for row", "    count = rows()\n    for row"),
        ("    for row", "    global count\n    count = 0\n    for row"),
        ("    for row", "    count = 0\n    print(count)\n    for row"),
        ("    for row", "    op.count = 0\n    for row"),
        ("    for row", "    count = 0\n    print(locals())\n    for row"),
    ],
)
def test_what_has_an_effect_is_an_edit(old: str, new: str) -> None:
    assert old in FILE
    assert text(FILE.replace(old, new)) != text(FILE)
