"""What is noted of a revision that is watched closely."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from action.probe.watching.closely import MOST_VALUES, WHOLE, LinesRun, digests

LIMIT = 100
SOURCE = """\
def helper(number):
    return number + 1


def run(wanted):
    if wanted:
        return helper(1)
    return [
        helper(other)
        for other in (1, 2)
    ]
"""


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({"a": 1}, {"a": 1}, True),
        ({"a": 1}, {"a": 2}, False),
        ({"a": 1}, {"a": "1"}, False),
        ((1, 2), (1, 2), True),
        ((1, 2), (2, 1), False),
        ((bytearray(b"a"),), (memoryview(b"a"),), True),
        ({"a": object()}, {"a": object()}, True),
        (None, (), True),
    ],
)
def test_equal_values_have_equal_digests(one: object, other: object, same: bool) -> None:
    assert (digests("", LIMIT, one, False) == digests("", LIMIT, other, False)) is same


def test_every_row_counts() -> None:
    two = digests("", LIMIT, [{"a": 1}, {"a": 2}], True)
    assert [name for name, _ in two] == ["a"]
    assert two != digests("", LIMIT, [{"a": 1}], True)


def test_what_is_left_out_of_a_text_counts() -> None:
    texts = ["x" * LIMIT + end for end in ("", "a", "b")]
    found = [digests(text, LIMIT, None, False) for text in texts]
    assert found[0] == []
    assert found[1] != found[2]


def test_very_many_values_count_together() -> None:
    (only,) = digests("", LIMIT, tuple(range(MOST_VALUES + 1)), False)
    assert only[0] == WHOLE


@pytest.mark.parametrize(("wanted", "lines"), [(True, {2, 6, 7}), (False, {2, 6, 8, 9, 10})])
def test_the_lines_that_ran(wanted: bool, lines: set[int], tmp_path: Path) -> None:
    file = tmp_path / "b2_.py"
    file.write_text(SOURCE)
    spec = importlib.util.spec_from_file_location("b2_", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    followed = LinesRun()
    assert followed.stop() == []
    followed.start(str(file))
    module.run(wanted)
    found = set(followed.stop())
    module.run(not wanted)
    assert found - {8, 9, 10} == lines - {8, 9, 10}
    assert bool(found & {9}) is not wanted
