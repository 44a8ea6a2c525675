"""Version files after the merge, where either side moved, edited, removed or added some."""

from __future__ import annotations

import pytest

from action.version_files.edits import Side
from action.version_files.reading import read_graph
from action.version_files.three_ways import merged_files

Files = dict[str, str]


def side(files: Files) -> Side:
    """Return a side; a file's text is its id, with what distinguishes versions of it behind a blank."""
    texts = {
        path: f"revision = '{text.split()[0]}'\ndown_revision = None\n# {text}\n".encode()
        for path, text in files.items()
    }
    return Side(read_graph(texts.items()), texts)


FORK = {"v/a": "a", "v/b": "b"}
CASES: dict[str, tuple[Files, Files, Files]] = {
    "nothing": (FORK, FORK, FORK),
    "the work moved": (FORK, {"w/a": "a", "w/b": "b"}, {"w/a": "a", "w/b": "b"}),
    "the base moved": ({"w/a": "a", "w/b": "b"}, FORK, {"w/a": "a", "w/b": "b"}),
    "the work moved, the base edited": (
        {"v/a": "a", "v/b": "b 2"},
        {"w/a": "a", "w/b": "b"},
        {"w/a": "a", "w/b": "b 2"},
    ),
    "the base moved, the work edited": (
        {"w/a": "a", "w/b": "b"},
        {"v/a": "a", "v/b": "b 2"},
        {"w/a": "a", "w/b": "b 2"},
    ),
    "the work moved, the base added": (
        {**FORK, "v/c": "c"},
        {"w/a": "a", "w/b": "b"},
        {"v/c": "c", "w/a": "a", "w/b": "b"},
    ),
    "the base moved, the work added": (
        {"w/a": "a", "w/b": "b"},
        {**FORK, "v/c": "c"},
        {"v/c": "c", "w/a": "a", "w/b": "b"},
    ),
    "the work moved, the base removed": ({"v/a": "a"}, {"w/a": "a", "w/b": "b"}, {"w/a": "a"}),
    "the base moved, the work removed": ({"w/a": "a", "w/b": "b"}, {"v/a": "a"}, {"w/a": "a"}),
    "the work gave another id": (FORK, {"v/a": "a", "v/b": "z"}, {"v/a": "a", "v/b": "z"}),
    "the base gave another id": ({"v/a": "a", "v/b": "z"}, FORK, {"v/a": "a", "v/b": "z"}),
    "both added the same id": (
        {**FORK, "v/c": "c"},
        {**FORK, "v/d": "c"},
        {**FORK, "v/c": "c", "v/d": "c"},
    ),
    "the work copied": (FORK, {**FORK, "w/b": "b"}, {**FORK, "w/b": "b"}),
}


@pytest.mark.parametrize("name", CASES)
def test_a_merge(name: str) -> None:
    base, work, merged = CASES[name]
    found = merged_files(side(base), side(FORK), side(work))
    assert found == sorted(side(merged).files.items())
