"""The command that restores a version file."""

from __future__ import annotations

from dataclasses import replace

import pytest

from checks.graph.restoring import Folders, restore
from checks.recording.revisions import Changes, Graph
from tests.unit.checks.dsl import graph, tree

CHANGES = Changes(
    base="main",
    base_sha="b" * 40,
    merge_base_sha="f" * 40,
    base_graph=Graph(),
    fork_graph=Graph(),
    merged_graph=Graph(),
)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("v/a.py", None, f"git checkout {'f' * 40} -- v/a.py"),
        ("v/a.py", "v/a.py", f"git checkout {'f' * 40} -- v/a.py"),
        ("v/a b.py", None, f"git checkout {'f' * 40} -- 'v/a b.py'"),
        ("v/a.py", "v/b.py", f"git show {'f' * 40}:v/a.py > v/b.py"),
        ("v/a b.py", "v/$(c).py", f"git show '{'f' * 40}:v/a b.py' > 'v/$(c).py'"),
    ],
)
def test_the_command(old: str, new: str | None, expected: str) -> None:
    assert restore(CHANGES, old, new) == expected


def test_another_clone_fetches_the_commit_first() -> None:
    changes = replace(CHANGES, fetched="feature/a;b")
    sha = "f" * 40
    assert restore(changes, "v/a.py") == f"git fetch origin 'feature/a;b' && git checkout {sha} -- v/a.py"
    assert restore(changes, "v/a.py", "v/b.py") == f"git fetch origin 'feature/a;b' && git show {sha}:v/a.py > v/b.py"


@pytest.mark.parametrize(
    ("work", "folder", "location", "expected"),
    [
        ("a", "migrations/versions", "migrations/versions", "migrations/versions/b.py"),
        ("a", "migrations/versions", "dbm/versions", "migrations/versions/b.py"),
        ("", "", "migrations/versions", "migrations/versions/b.py"),
        ("", "", "dbm/versions", "dbm/versions/b.py"),
        ("a", "dbm/old", "dbm/versions", "dbm/old/b.py"),
    ],
    ids=["unmoved", "others stay", "the last of its folder", "the last of a moved one", "beside the others"],
)
def test_the_folder_of_a_removed_revision(work: str, folder: str, location: str, expected: str) -> None:
    recording = replace(tree(work, base="a; b<-a"), version_locations=(location,))
    there = tuple(replace(revision, path=f"{folder}/{revision.id}.py") for revision in recording.graph.revisions)
    moved = replace(recording, graph=Graph(revisions=there))
    assert Folders(moved).restored_path(graph("b").revisions[0]) == expected
