"""The matrix of a project's Alembic configs, and the list for people."""

from __future__ import annotations

import pytest

from action.commands.listing_trees import MOST_JOBS, ListedTree, for_people, matrix
from action.settings.matrix import ListAs

TREES = (
    ListedTree(path="a/alembic.ini", revisions=3, new=1, touched=True),
    ListedTree(path="b/alembic.ini:stock", revisions=1, new=0, touched=False),
    ListedTree(path="c/alembic.ini", revisions=2, new=0, touched=False),
)
A = {"tree": "a/alembic.ini", "name": "a/alembic.ini", "touched": True}
B = {"tree": "b/alembic.ini:stock", "name": "b/alembic.ini:stock", "touched": False}
C = {"tree": "c/alembic.ini", "name": "c/alembic.ini", "touched": False}
B_AND_C = {"tree": "b/alembic.ini:stock\nc/alembic.ini", "name": "2 unchanged", "touched": False}


@pytest.mark.parametrize(
    ("entries", "found"),
    [(ListAs.ALL, [A, B, C]), (ListAs.TOUCHED, [A]), (ListAs.TOGETHER, [A, B_AND_C])],
)
def test_each_form_has_its_entries(entries: ListAs, found: list[dict[str, object]]) -> None:
    assert matrix(TREES, entries) == {"include": found}


def test_no_form_has_more_jobs_than_github_makes_and_none_leaves_a_config_out() -> None:
    many = [ListedTree(path=f"{number}.ini", revisions=1, new=None, touched=number > 4) for number in range(600)]
    for entries, expected in ((ListAs.ALL, many), (ListAs.TOUCHED, many[5:]), (ListAs.TOGETHER, many)):
        found = matrix(many, entries)["include"]
        assert len(found) == MOST_JOBS
        assert {name for entry in found for name in entry["tree"].split("\n")} == {tree.path for tree in expected}


def test_people_get_a_line_for_each() -> None:
    assert for_people(TREES, ListAs.ALL) == (
        "a/alembic.ini        3 revisions, 1 new, touched\n"
        "b/alembic.ini:stock  1 revision, none new, not touched\n"
        "c/alembic.ini        2 revisions, none new, not touched"
    )
    assert for_people(TREES[1:], ListAs.TOUCHED) == "The change touches no Alembic config."
    without_base = ListedTree(path="alembic.ini", revisions=1, new=None, touched=True)
    assert for_people([without_base], ListAs.ALL) == "alembic.ini  1 revision"
