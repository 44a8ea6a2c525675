"""Corrected lines of a version file, in the style of that file."""

from __future__ import annotations

from dataclasses import replace

import pytest

from checks.graph.rewriting import with_id, with_parent
from tests.unit.checks.dsl import graph


@pytest.mark.parametrize(
    ("written", "parents", "expected"),
    [
        ('down_revision = "a"', ("a",), 'down_revision = "new"'),
        ("down_revision = 'a'  # was 'a'", ("a",), "down_revision = 'new'  # was 'a'"),
        ("down_revision = u'a'", ("a",), "down_revision = u'new'"),
        ('down_revision: Union[str, None] = "a"', ("a",), 'down_revision: Union[str, None] = "new"'),
        ("down_revision: Union[str, None] = None", (), 'down_revision: Union[str, None] = "new"'),
        ("down_revision = None", (), 'down_revision = "new"'),
        ('down_revision = ("a",)', ("a",), 'down_revision = ("new",)'),
        ("down_revision = PARENT", ("a",), 'down_revision = "new"'),
        ("down_revision: str = PARENT", ("a",), 'down_revision: str = "new"'),
        ('down_revision = (\n    "a"\n)', ("a",), 'down_revision = (\n    "new"\n)'),
        ("", ("a",), 'down_revision = "new"'),
    ],
)
def test_the_down_revision_line_keeps_its_style(written: str, parents: tuple[str, ...], expected: str) -> None:
    (revision,) = graph("x").revisions
    assert with_parent(replace(revision, down_revision_text=written, down_revisions=parents), "new") == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [("down_revision = 'a'", "revision = 'new'"), ('down_revision: str | None = "a"', 'revision: str = "new"')],
)
def test_the_revision_line_follows_the_style_of_the_file(written: str, expected: str) -> None:
    (revision,) = graph("x").revisions
    assert with_id(replace(revision, down_revision_text=written), "new") == expected
