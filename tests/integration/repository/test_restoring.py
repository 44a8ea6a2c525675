"""The commands that bring a version file back, run by a shell as they are copied."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from checks.graph.restoring import restore
from checks.recording.revisions import Changes, Graph
from tests.repositories import Repository


@pytest.mark.parametrize(("old", "new"), [("it's/a b.py", "it's/a b.py"), ("it's/a b.py", "it's/$(c) d.py")])
def test_a_shell_brings_the_file_back(tmp_path: Path, old: str, new: str) -> None:
    project = Repository(tmp_path / "project")
    project.init()
    project.files({old: "before\n"})
    project.commit()
    sha, graph = project.git("rev-parse", "HEAD"), Graph()
    changes = Changes(
        base="main", base_sha=sha, merge_base_sha=sha, base_graph=graph, fork_graph=graph, merged_graph=graph
    )
    (project.root / old).rename(project.root / new)
    (project.root / new).write_text("after\n")
    subprocess.run(["sh", "-ec", restore(changes, old, new)], cwd=project.root, check=True)
    assert (project.root / new).read_text() == "before\n"
