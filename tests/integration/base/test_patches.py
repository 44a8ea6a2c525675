"""Patches as Git really writes them, taken back."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from action.base.patches import PatchError, reverted
from tests.repositories import ENV

LINES = st.lists(st.sampled_from(["a", "b", "", "-", "+x", "\\", "@@ -1 +1 @@", "é", "c\r", " d", "\x0c", "\u2028"]))
TEXTS = st.builds(lambda lines, end: "\n".join(lines) + end, LINES, st.sampled_from(["", "\n"]))


def patch(old: str, new: str) -> tuple[str, int]:
    """Return the hunks of ``git diff`` as GitHub's API gives them, and how many lines changed."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in (("old", old), ("new", new)):
            Path(folder, name).write_bytes(text.encode())
        command = ["git", "diff", "--no-index", "--text", "old", "new"]
        done = subprocess.run(command, cwd=folder, env=ENV, capture_output=True, check=False)
    hunks = done.stdout.decode().partition("\n@@ ")[2]
    lines = hunks.split("\n")
    return "@@ " + hunks.removesuffix("\n"), sum(line.startswith(("+", "-")) for line in lines[1:])


@settings(max_examples=150)
@given(TEXTS, TEXTS)
def test_what_git_diff_shows_is_taken_back(old: str, new: str) -> None:
    if old != new:
        assert reverted(new.encode(), *patch(old, new)) == old.encode()


@settings(max_examples=50)
@given(st.lists(st.integers(0, 9), min_size=30, max_size=60), st.data())
def test_hunks_that_are_far_apart(numbers: list[int], data: st.DataObject) -> None:
    old = "".join(f"{position} {number}\n" for position, number in enumerate(numbers))
    lines = old.splitlines(keepends=True)
    for _ in range(3):
        lines[data.draw(st.integers(0, 29))] = data.draw(st.sampled_from(["", "new\n", "two\nlines\n"]))
    new = "".join(lines)
    if old != new:
        assert reverted(new.encode(), *patch(old, new)) == old.encode()


OLD = "".join(f"{number}\n" for number in range(20))
NEW = OLD.replace("3\n", "3\nnew\n", 1).replace("15\n", "")
PATCH, CHANGES = patch(OLD, NEW)


def test_the_example() -> None:
    assert (reverted(NEW.encode(), PATCH, CHANGES), CHANGES) == (OLD.encode(), 2)


def test_a_file_that_was_removed_is_in_its_patch() -> None:
    assert reverted(b"", *patch("a\nb", "")) == b"a\nb"


@pytest.mark.parametrize(
    ("content", "shown", "changes", "why"),
    [
        ("x\n" + NEW, PATCH, 2, "its patch does not fit the file"),
        (NEW.replace("new", "other"), PATCH, 2, "its patch does not fit the file"),
        (NEW[:10], PATCH, 2, "its patch does not fit the file"),
        (NEW, PATCH, 3, "its patch is incomplete"),
        (NEW, PATCH.rpartition("\n@@")[0], 2, "its patch is incomplete"),
        (NEW, PATCH[:-3], 2, "its patch is incomplete"),
        (NEW, "", 0, "its patch is not a diff"),
        (NEW, "Binary files differ", 0, "its patch is not a diff"),
        (NEW, "@@ -1 +1,2 @@\n-0\n-1\n+a\n+b", 4, "its patch is not a diff"),
        (NEW, PATCH.replace("new", "\ufffd"), 2, "it has characters that are not UTF-8"),
        (NEW, PATCH + "\n" + PATCH, 4, "its patch does not fit the file"),
    ],
)
def test_a_patch_that_is_not_this_files(content: str, shown: str, changes: int, why: str) -> None:
    with pytest.raises(PatchError) as raised:
        reverted(content.encode(), shown, changes)
    assert str(raised.value) == why
