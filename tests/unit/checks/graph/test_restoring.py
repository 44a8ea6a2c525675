"""The command that restores a version file."""

from __future__ import annotations

import pytest

from checks.graph.restoring import restore
from checks.recording.revisions import Changes, Graph

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
